#include "gopack/base/process.hpp"
#include "win32.hpp"

#include <memory>

namespace gopack {

const char kPathSeparator = ';';
const std::string kNullDevice = "NUL";

bool VariableOrder::operator()(const std::string& a, const std::string& b) const {
  const auto left = win32::wide(a);
  const auto right = win32::wide(b);
  return ::CompareStringOrdinal(left.data(), static_cast<int>(left.size()), right.data(),
                                static_cast<int>(right.size()), TRUE) == CSTR_LESS_THAN;
}

Environment current_environment() {
  const std::unique_ptr<WCHAR, decltype([](WCHAR* block) { ::FreeEnvironmentStringsW(block); })> block(
      ::GetEnvironmentStringsW());
  Environment environment;
  for (const WCHAR* at = block.get(); *at != L'\0';) {
    const std::wstring_view entry = at;
    at += entry.size() + 1;
    const auto equals = entry.find(L'=', 1);  // "=C:=C:\dir" tells the working directory of a drive
    if (entry.front() != L'=' && equals != std::wstring_view::npos)
      environment.emplace(win32::narrow(entry.substr(0, equals)), win32::narrow(entry.substr(equals + 1)));
  }
  return environment;
}

std::optional<std::string> environment_variable(const std::string& name) {
  const auto wanted = win32::wide(name);
  std::wstring value(::GetEnvironmentVariableW(wanted.c_str(), nullptr, 0), L'\0');
  value.resize(::GetEnvironmentVariableW(wanted.c_str(), value.data(), static_cast<DWORD>(value.size())));
  if (value.empty()) return std::nullopt;
  return win32::narrow(value);
}

}  // namespace gopack
