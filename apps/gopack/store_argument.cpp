#include "store_argument.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>

#include "gopack/base/error.hpp"
#include "gopack/base/user_directories.hpp"
#include "gopack/release/selector.hpp"
#include "gopack/store/catalog.hpp"

namespace gopack::app {

namespace {

constexpr std::array<std::string_view, 13> kTakingStore = {"list",  "use",    "rollback",  "verify", "repair",
                                                           "gc",    "remove", "env",       "exec",   "report",
                                                           "prove", "sbom",   "provenance"};

constexpr std::string_view kTakingRest = "exec";  // the words after "--" are not gopack's

// Those without a value that may stand before the directory.
constexpr std::array<std::string_view, 8> kFlags = {"-q",     "--quiet",   "-v",        "--verbose",
                                                    "--json", "--offline", "--dry-run", "--force"};

bool is_flag(const std::string& word) {
  return std::find(kFlags.begin(), kFlags.end(), word) != kFlags.end();
}

// "/mnt/stick", "./stick", "E:".
bool is_surely_path(const std::string& word) {
  const std::filesystem::path path(word);
  return path.has_root_path() || (path.has_parent_path() && (*path.begin() == "." || *path.begin() == ".."));
}

// A medium that is not plugged in, or a mistyped name.
void require_there(const std::string& word) {
  std::error_code ignored;
  if (!is_surely_path(word) || std::filesystem::exists(word, ignored)) return;
  throw Error(ErrorKind::usage, fmt::format("there is no directory {}", printable(word)))
      .with_hint("plug the medium in, or look for the name with `ls`");
}

bool is_selector(const std::string& word) {
  if (store::is_tree_name(word)) return true;
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
  const auto path = std::filesystem::absolute(user_path(word)).lexically_normal();
  const auto name = path.has_filename() ? path.filename() : path.parent_path().filename();
  if (tree::StoreId::is_valid(name.string())) return false;
  const bool is_path =
      is_surely_path(word) || std::filesystem::path(word).has_parent_path() || word == "." || word == "..";
  return is_path || (store::Store::is_at(word) && !is_selector(word));
}

}  // namespace

bool takes_store_argument(const std::string& command) {
  return std::find(kTakingStore.begin(), kTakingStore.end(), command) != kTakingStore.end();
}

void take_store_argument(std::vector<std::string>& arguments) {
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  const auto command = std::find_if(arguments.begin(), end, takes_store_argument);
  if (command == end) return;
  auto word = std::find_if_not(command + 1, end, is_flag);
  const bool is_after_dashes = word == end && *command != kTakingRest;
  if (is_after_dashes && word != arguments.end()) ++word;
  if (word == (is_after_dashes ? arguments.end() : end)) return;
  require_there(*word);
  if (!is_store_argument(*word)) return;
  if (is_after_dashes) std::iter_swap(word--, end);
  arguments.insert(word, "--home");
}

}  // namespace gopack::app
