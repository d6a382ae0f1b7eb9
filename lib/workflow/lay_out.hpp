// Archives of one release as one tree: what trim, prove, report, diff and repair share. Private to workflow.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gopack/acquire/archive_files.hpp"
#include "gopack/store/release_archives.hpp"
#include "gopack/tree/tree_sink.hpp"
#include "gopack/trim/profile.hpp"
#include "gopack/trim/report.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

using store::ReleaseArchives;

// What the tree of a release is for.
struct ResolvedProfile {
  trim::Profile profile;
  std::optional<trim::BuildTargets> targets;
};

// `targets` are instead of the profile's, where there are some.
ResolvedProfile resolve_profile(const ReleaseArchives& release, const std::string& profile,
                                const std::vector<std::string>& targets);

// Throws Error (failed) when the profile keeps files that no archive of the release has, because all of them
// are toolchain modules: then a capability, or a rule of the user's, would be served by nothing.
void require_served(const ReleaseArchives& release, const trim::Profile& profile);

// What a report on a tree says before its files; a manifest without files has no id yet.
trim::Report report_head(const tree::Manifest& manifest);

// Where files go. They come from a confined thread, which may write below `writable` alone (see
// base/confine.hpp); without it `sink` may write nothing.
struct Destination {
  tree::TreeSink& sink;
  const Dir* writable = nullptr;
};

// Gives the files of one archive, whose bytes are proved, to the destination, placed as in a tree for
// `platforms`.
void lay_out_archive(const Session& session, const store::Archive& archive, File& file,
                     const std::vector<release::Platform>& platforms, const Destination& destination);

// The archives of one release as one tree for the platforms of all of them, with what gopack adds to it
// (release/shared_commands.hpp). Not thread-safe.
class ReleaseFiles {
 public:
  ReleaseFiles(const Session& session, const std::vector<store::Archive>& archives);
  ReleaseFiles(const ReleaseFiles&) = delete;
  ReleaseFiles& operator=(const ReleaseFiles&) = delete;

  // Whether all files can be told without a pass over an archive.
  bool is_indexed() const;
  // Throws Error; archive::IndexMismatch, after which the next call makes a pass.
  void give(const Destination& destination, const archive::ReadPlan* plan = nullptr);

 private:
  store::Downloads downloads_;
  std::vector<acquire::ArchiveFiles> archives_;
};

// The same, once.
void lay_out(const Session& session, const std::vector<store::Archive>& archives,
             const Destination& destination);

// The same as a tree in the making, whatever its archives' indexes say.
store::Staging stage(const Session& session, const std::vector<store::Archive>& archives);

using acquire::NullSink;

}  // namespace gopack::workflow
