// What was bundled, as text and as JSON: the same for bundle and make.
#pragma once

#include <filesystem>
#include <string>

#include "gopack/workflow/bundle.hpp"
#include "program.hpp"

namespace gopack::app {

// "/media/you/STICK: 12 files copied (3 MB), 5 unchanged, 0 removed"
std::string counts_line(const std::filesystem::path& target, const bundle::Counts& counts, bool switched);
std::string to_text(const workflow::BundleOptions& options, const workflow::Bundled& bundled);
Json to_json(const workflow::BundleOptions& options, const workflow::Bundled& bundled);

}  // namespace gopack::app
