// The place that a user names for a bundle, before anything is written there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "gopack/bundle/files.hpp"
#include "gopack/store/store.hpp"

namespace gopack::bundle {

constexpr std::uint64_t kLargestFile = 64 << 20;  // bytes, of those beside the trees

// Throws Error (usage, failed) for what cannot be a target: the store itself, a file, what stands for
// devices. "cannot <what> DIRECTORY: …"
void check_target(const store::Store& store, const std::filesystem::path& target,
                  std::string_view what = "bundle into");

// Whether launchers lie there.
bool is_bundle(const Dir& home);

// Throws Error (failed) where the user has taken a name that a bundle needs. What an older bundle has put
// there is gopack's to replace.
void require_free_names(const std::filesystem::path& target, bool is_bundle,
                        const std::vector<BundleFile>& programs);

}  // namespace gopack::bundle
