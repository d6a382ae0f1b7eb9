// What was bundled, as text and as JSON: the same for bundle and make.
#pragma once

#include <string>

#include "gopack/workflow/bundle.hpp"
#include "program.hpp"

namespace gopack::app {

std::string to_text(const workflow::BundleOptions& options, const workflow::Bundled& bundled);
Json to_json(const workflow::BundleOptions& options, const workflow::Bundled& bundled);

}  // namespace gopack::app
