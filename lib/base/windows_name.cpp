#include "gopack/base/windows_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "gopack/base/error.hpp"

namespace gopack {

// With any extension, blanks before it, and in any case.
bool is_device_name(std::string_view name) {
  const auto before_dot = name.substr(0, name.find('.'));
  std::string stem(before_dot.substr(0, before_dot.find_last_not_of(' ') + 1));
  if (stem.size() < 3 || stem.size() > 7) return false;  // all of them are that long: most names end here
  std::transform(stem.begin(), stem.end(), stem.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  static constexpr std::array<std::string_view, 6> kDevices = {"con", "prn",    "aux",
                                                               "nul", "conin$", "conout$"};
  if (std::find(kDevices.begin(), kDevices.end(), stem) != kDevices.end()) return true;
  if (!stem.starts_with("com") && !stem.starts_with("lpt")) return false;
  const auto number = std::string_view(stem).substr(3);
  return (number.size() == 1 && std::isdigit(static_cast<unsigned char>(number[0])) != 0) || number == "¹" ||
         number == "²" || number == "³";
}

std::optional<std::string> find_windows_name_fault(std::string_view name) {
  if (name.empty()) return "it is empty";
  const auto forbidden = std::find_if(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 ||
           std::string_view("\"*<>?|\\/:").find(c) != std::string_view::npos;
  });
  if (forbidden != name.end())
    return fmt::format("it contains {}", printable(std::string_view(&*forbidden, 1)));
  if (name.back() == '.' || name.back() == ' ') return "it ends with a dot or a blank";
  if (is_device_name(name)) return fmt::format("{} is reserved by Windows", name);
  return std::nullopt;
}

}  // namespace gopack
