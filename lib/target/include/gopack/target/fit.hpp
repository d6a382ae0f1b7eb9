// Whether trees fit a filesystem: asked before anything is written there.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "gopack/store/catalog.hpp"
#include "gopack/target/probe.hpp"
#include "gopack/tree/tree_sink.hpp"

namespace gopack::target {

// Throws Error (noroom) that says what the filesystem refuses a bundle of these trees.
void require_fit(const std::filesystem::path& target, const Facts& facts,
                 const std::vector<store::Tree>& trees);

// The same for files that are brought beside trees.
void require_names(const std::filesystem::path& target, const Facts& facts,
                   const std::vector<tree::Entry>& files);

// Notes what the target lies on; warns where a mount point has no medium.
void tell_medium(Reporter& reporter, const std::filesystem::path& target, const Facts& facts);

// Warns where `directory`, which lies on `medium`, is a mount point without a medium: `what`, such as "the
// bundle", goes to the disk of this system then.
void warn_of_empty_mount_point(Reporter& reporter, const std::filesystem::path& directory,
                               const Mount& medium, std::string_view what);

// Warns where the longest path of those trees that serve Windows is longer than its programs take.
void warn_of_long_paths(Reporter& reporter, const std::filesystem::path& target, const Facts& facts,
                        std::vector<store::Tree> trees);

}  // namespace gopack::target
