// The up-case table of exFAT (Microsoft's exFAT file system specification, section 7.2). Private to image.
#pragma once

#include <string>

namespace gopack::image {

// Of one UTF-16 unit.
char16_t upcase(char16_t unit);

// As it lies on the medium: units in order, runs of those that are their own upper case compressed.
const std::string& upcase_table();

}  // namespace gopack::image
