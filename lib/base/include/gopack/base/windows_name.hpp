// What Windows takes for the name of a file. Names that it does not take are refused on every system where a
// tree or bundle may travel; on Windows wherever a file or directory is made.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gopack {

// Whether Windows takes it for a device: "nul", "con.txt", "COM1".
bool is_device_name(std::string_view name);

// Why Windows does not take a single component, e.g. "nul is reserved by Windows"; nothing when it does.
std::optional<std::string> find_windows_name_fault(std::string_view name);

}  // namespace gopack
