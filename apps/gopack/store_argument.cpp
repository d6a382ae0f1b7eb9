#include "store_argument.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "gopack/base/error.hpp"
#include "gopack/workflow/choose.hpp"

namespace gopack::app {

namespace {

constexpr std::array<std::string_view, 11> kCommands = {"list",   "use", "rollback", "verify", "repair", "gc",
                                                        "remove", "env", "exec",     "report", "prove"};

bool is_selector(const std::string& word) {
  if (workflow::is_tree_name(word)) return true;
  try {
    static_cast<void>(release::Selector::parse(word));
    return true;
  } catch (const Error&) {
    return false;
  }
}

bool is_store_argument(const std::string& word) {
  std::error_code ignored;
  if (word.empty() || !std::filesystem::is_directory(word, ignored)) return false;
  const auto path = std::filesystem::absolute(word).lexically_normal();
  const auto name = path.has_filename() ? path.filename() : path.parent_path().filename();
  if (tree::StoreId::is_valid(name.string())) return false;
  const bool is_path = word.find('/') != std::string::npos || word == "." || word == "..";
  return is_path || (store::Store::is_at(word) && !is_selector(word));
}

}  // namespace

bool takes_store_argument(const std::string& command) {
  return std::find(kCommands.begin(), kCommands.end(), command) != kCommands.end();
}

void take_store_argument(std::vector<std::string>& arguments) {
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  const auto command = std::find_if(arguments.begin(), end, takes_store_argument);
  if (command == end || command + 1 == end || !is_store_argument(*(command + 1))) return;
  arguments.insert(command + 1, "--home");
}

}  // namespace gopack::app
