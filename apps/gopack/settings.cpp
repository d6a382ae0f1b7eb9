#include "settings.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <sstream>

#include "gopack/base/error.hpp"
#include "gopack/base/file.hpp"
#include "gopack/base/process.hpp"
#include "gopack/base/similar.hpp"

namespace gopack::app {

namespace {

constexpr std::uint64_t kMaxSettings = 1 << 20;

struct Key {
  const char* name;  // as in gopack.yaml; "a.b" is b below a
  bool is_list;
  const char* default_value;    // comma-separated; null for none
  bool is_beside_file = false;  // a path that starts from the file it is written in
  bool is_own = false;          // says what is run or trusted: not from a file of another user
};

constexpr Key kKeys[] = {
    {"home", false, nullptr},
    {"source", true, "official,goproxy"},
    {"official", false, nullptr, false, true},
    {"require", true, nullptr},
    {"lock", false, nullptr, true},
    {"signing_key", false, nullptr, false, true},
    {"signing_fingerprint", false, nullptr, false, true},
    {"profile", false, "standard"},
    {"platform", true, nullptr},
    {"jobs", false, nullptr},
    {"offline", false, nullptr},
    {"durability", false, "full"},
    {"lock_timeout", false, "5"},
    {"timeout", false, "30"},
    {"limits.entries", false, nullptr},
    {"limits.depth", false, nullptr},
    {"limits.file_bytes", false, nullptr},
    {"limits.total_bytes", false, nullptr},
    {"hooks.post_switch", false, nullptr, false, true},
};

const Key* find_key(const std::string& name) {
  const auto* key =
      std::find_if(std::begin(kKeys), std::end(kKeys), [&](const Key& k) { return k.name == name; });
  return key == std::end(kKeys) ? nullptr : key;
}

std::vector<std::string> split(const std::string& text, bool is_list) {
  if (!is_list) return {text};
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, ',');) parts.push_back(part);
  return parts;
}

// "hooks.post_switch" is GOPACK_HOOKS_POST_SWITCH.
std::string variable_name(std::string key) {
  for (auto& c : key) c = c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return "GOPACK_" + key;
}

[[noreturn]] void refuse(const std::filesystem::path& file, const YAML::Mark& mark, const std::string& what,
                         const std::string& hint = "the settings are described in docs/manual.md") {
  throw Error(ErrorKind::usage,
              fmt::format("{}:{}:{}: {}", printable(file), mark.line + 1, mark.column + 1, what))
      .with_hint(hint);
}

std::string similar_keys(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& key : kKeys) names.emplace_back(key.name);
  return did_you_mean(name, names, "the settings are described in docs/manual.md");
}

std::filesystem::path user_file() {
  if (const auto config = environment_variable("XDG_CONFIG_HOME"))
    return std::filesystem::path(*config) / "gopack/gopack.yaml";
  if (const auto home = environment_variable("HOME"))
    return std::filesystem::path(*home) / ".config/gopack/gopack.yaml";
  return {};
}

std::filesystem::path find_upwards(std::filesystem::path directory, const char* name) {
  for (;; directory = directory.parent_path()) {
    auto file = directory / name;
    std::error_code ignored;
    if (std::filesystem::is_regular_file(file, ignored)) return file;
    if (directory == directory.parent_path()) return {};
  }
}

std::vector<std::string> values_of(const std::filesystem::path& file, const Key& key,
                                   const YAML::Node& node) {
  if (node.IsScalar() && key.is_beside_file) return {(file.parent_path() / node.Scalar()).string()};
  if (node.IsScalar()) return split(node.Scalar(), key.is_list);
  if (!key.is_list || !node.IsSequence())
    refuse(file, node.Mark(), fmt::format("{} must be {}", key.name, key.is_list ? "a list" : "one value"));
  std::vector<std::string> values;
  for (const auto& item : node) {
    if (!item.IsScalar()) refuse(file, item.Mark(), fmt::format("{} must be a list of texts", key.name));
    values.push_back(item.Scalar());
  }
  return values;
}

// Calls `take` with each setting below `node`.
template <typename Take>
void walk(const std::filesystem::path& file, const YAML::Node& node, const std::string& prefix, Take take) {
  if (!node.IsMap()) refuse(file, node.Mark(), "expected `key: value` lines");
  for (const auto& pair : node) {
    const auto name = prefix + pair.first.Scalar();
    if (const auto* key = find_key(name)) {
      if (key->is_own && !is_of_this_user(file)) {
        refuse(file, pair.first.Mark(),
               fmt::format("{} is not taken from a file of another user: make the file yours, or set {}",
                           name, variable_name(name)));
      }
      take(*key, values_of(file, *key, pair.second));
    } else if (name == "hooks" || name == "limits") {
      walk(file, pair.second, name + ".", take);
    } else {
      refuse(file, pair.first.Mark(), fmt::format("unknown setting \"{}\"", printable(name)),
             similar_keys(name));
    }
  }
}

}  // namespace

Settings Settings::load(const std::filesystem::path& working_directory) {
  Settings settings;
  for (const auto& key : kKeys) {
    if (const auto value = environment_variable(variable_name(key.name)))
      settings.values_[key.name] = split(*value, key.is_list);
  }
  for (const auto& file : {find_upwards(working_directory, "gopack.yaml"), user_file()}) {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(file, ignored)) settings.read_file(file);
  }
  if (const auto lock = find_upwards(working_directory, "gopack.lock"); !lock.empty())
    settings.values_.try_emplace("lock", std::vector{lock.string()});
  for (const auto& key : kKeys) {
    if (key.default_value != nullptr)
      settings.values_.try_emplace(key.name, split(key.default_value, key.is_list));
  }
  return settings;
}

void Settings::read_file(const std::filesystem::path& file) {
  try {
    const auto root = YAML::Load(read_text(file, kMaxSettings));
    if (root.IsNull()) return;
    walk(file, root, "", [&](const Key& key, const std::vector<std::string>& values) {
      values_.try_emplace(key.name, values);
    });
  } catch (const YAML::Exception& error) {
    refuse(file, error.mark, error.msg);
  }
}

void Settings::set_flag(const std::string& key, std::vector<std::string> values) {
  values_[key] = std::move(values);
}

std::optional<std::string> Settings::find(const std::string& key) const {
  const auto at = values_.find(key);
  if (at == values_.end() || at->second.empty()) return std::nullopt;
  return at->second.front();
}

std::vector<std::string> Settings::list(const std::string& key) const {
  const auto at = values_.find(key);
  return at == values_.end() ? std::vector<std::string>() : at->second;
}

bool Settings::is_on(const std::string& key) const {
  const auto text = find(key).value_or("off");
  std::string word;
  for (const char c : text) word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const auto is_one_of = [&](std::initializer_list<const char*> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  if (is_one_of({"true", "yes", "on", "1"})) return true;
  if (is_one_of({"false", "no", "off", "0"})) return false;
  throw Error(ErrorKind::usage, fmt::format("{} must be true or false, not \"{}\"", key, printable(text)));
}

std::filesystem::path Settings::home() const {
  if (const auto home = find("home")) {
    if (home->empty()) throw Error(ErrorKind::usage, "cannot use a store: home names no directory");
    return std::filesystem::absolute(*home);
  }
  if (const auto data = environment_variable("XDG_DATA_HOME")) return std::filesystem::path(*data) / "gopack";
  if (const auto home = environment_variable("HOME"))
    return std::filesystem::path(*home) / ".local/share/gopack";
  throw Error(ErrorKind::usage,
              "cannot tell where the store is: neither --home nor GOPACK_HOME nor HOME is set")
      .with_hint("name a directory with --home");
}

}  // namespace gopack::app
