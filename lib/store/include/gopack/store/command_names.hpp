// How hints name commands that work on a store.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace gopack::store {

// "`gopack repair`", of a store that is not the usual one "`gopack --home DIR repair`".
class CommandNames {
 public:
  CommandNames() = default;
  explicit CommandNames(const std::filesystem::path& home);
  bool has_home() const { return !options_.empty(); }
  std::string command(std::string_view words) const;

 private:
  std::string options_;  // with a space before
};

}  // namespace gopack::store
