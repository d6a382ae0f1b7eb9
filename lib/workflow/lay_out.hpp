// Archives of one release as one tree: what trim, prove, report, diff and repair share. Private to workflow.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gopack/tree/tree_sink.hpp"
#include "gopack/trim/profile.hpp"
#include "gopack/trim/report.hpp"
#include "gopack/workflow/session.hpp"

namespace gopack::workflow {

// What one tree is made of: an archive for each platform.
struct Plan {
  release::Version version;
  std::vector<store::Archive> archives;  // sorted by platform
};

// The fetched releases that the selectors choose (none: all), with those of their platforms that are named
// (none: all). Sorted by release. Throws Error.
std::vector<Plan> make_plans(const Session& session, const std::vector<std::string>& selectors,
                             const std::vector<std::string>& platforms);

// The one of them that `selector` means. Throws Error, also (usage) when it means several.
Plan make_one_plan(const Session& session, const std::string& selector,
                   const std::vector<std::string>& platforms);

// What the tree of that manifest was made of. Throws Error (failed) when an archive is not in downloads/ any
// more.
Plan plan_of(const Session& session, const tree::Manifest& manifest);

std::vector<release::Platform> platforms_of(const std::vector<store::Archive>& archives);

// What a plan's tree is for.
struct Purpose {
  trim::Profile profile;
  std::optional<trim::BuildTargets> targets;
};

// `targets` are instead of the profile's, where there are some.
Purpose purpose_of(const Plan& plan, const std::string& profile, const std::vector<std::string>& targets);

// Throws Error (failed) when the profile keeps files that no archive of the plan has, because all of them are
// toolchain modules: then a capability, or a rule of the user's, would be served by nothing.
void require_served(const Plan& plan, const trim::Profile& profile);

// What a report on a tree says before its files; a manifest without files has no id yet.
trim::Report report_head(const tree::Manifest& manifest);

// Gives the files of one archive to `sink`, placed as in a tree for `platforms`. This happens in a confined
// thread, which may write below `writable` alone (see base/confine.hpp).
void lay_out_archive(const Session& session, const store::Archive& archive, File& file,
                     const std::vector<release::Platform>& platforms, tree::TreeSink& sink,
                     const Dir* writable);

// Proves each archive against its record and gives its files to `sink`, placed as in a tree for the platforms
// of all of them, then what gopack adds to it (release/shared_commands.hpp). Without `writable`, `sink` may
// write nothing.
void lay_out(const Session& session, const std::vector<store::Archive>& archives, tree::TreeSink& sink,
             const Dir* writable = nullptr);

// Takes files and forgets them: a dry run.
class NullSink final : public tree::TreeSink {
 public:
  void add(const tree::Entry&, ByteSource&) override {}
};

}  // namespace gopack::workflow
