// The one time that all files of a release have. Private to workflow.
#pragma once

#include <cstdint>
#include <optional>

#include "gopack/store/store.hpp"

namespace gopack::workflow {

// Gives it to what was written: what VERSION says or, before 1.21, has: `version_time`, in seconds since
// 1970, else that of the file. Files that another tree has as well keep theirs.
void set_release_time(store::Staging& staging, std::optional<std::int64_t> version_time);

}  // namespace gopack::workflow
