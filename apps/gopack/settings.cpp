#include "settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <utility>
#include <variant>

#include "gopack/base/error.hpp"
#include "gopack/base/file.hpp"
#include "gopack/base/process.hpp"
#include "gopack/base/similar.hpp"
#include "gopack/base/user_directories.hpp"
#include "gopack/digest/sha256.hpp"
#include "gopack/release/releases.hpp"
#include "gopack/yaml/document.hpp"

namespace gopack::app {

namespace {

using Kind = yaml::Value::Kind;

constexpr std::uint64_t kMaxSettings = 1 << 20;
constexpr const char* kHook = "hooks.post_switch";

// Whether a file that others can have written may set something.
enum class Trust {
  any,   // it may
  more,  // it may only add to what the user's own files demand
  own,   // it may not: this says what is run, believed or written to
};

struct Key {
  const char* name;  // as in gopack.yaml; "a.b" is b below a
  bool is_list;
  const char* default_value;    // comma-separated; null for none
  bool is_beside_file = false;  // a path that starts from the file it is written in
  Trust trust = Trust::any;
};

constexpr Key kKeys[] = {
    {"home", false, nullptr, false, Trust::own},
    {"source", true, "official,goproxy", false, Trust::own},
    {"official", false, nullptr, false, Trust::own},
    {"require", true, nullptr, false, Trust::more},
    {"lock", false, nullptr, true, Trust::own},
    {"signing_key", false, nullptr, false, Trust::own},
    {"signing_fingerprint", false, nullptr, false, Trust::own},
    {"trust", true, nullptr, false, Trust::own},
    {"profile", false, "minimal"},
    {"platform", true, nullptr},
    {"jobs", false, nullptr},
    {"offline", false, nullptr},
    {"durability", false, "full"},
    {"link", false, "auto"},
    {"lock_timeout", false, "5"},
    {"timeout", false, "30"},
    {"limits.entries", false, nullptr, false, Trust::own},
    {"limits.depth", false, nullptr, false, Trust::own},
    {"limits.file_bytes", false, nullptr, false, Trust::own},
    {"limits.total_bytes", false, nullptr, false, Trust::own},
    {kHook, false, nullptr, false, Trust::own},
    {"make.releases", true, nullptr},
    {"make.target", false, nullptr, true, Trust::own},
    {"make.current", false, nullptr},
    {"make.targets", true, nullptr},
    {"make.strip", false, nullptr},
    {"make.modules", true, nullptr, true, Trust::own},
    {"make.warm", true, nullptr},
    {"make.warm_flags", true, nullptr},
    {"make.go_env", true, nullptr, false, Trust::own},
    {"make.with_gopack", false, nullptr},
    {"make.delete", false, nullptr, false, Trust::own},
};

const Key* find_key(const std::string& name) {
  const auto* key =
      std::find_if(std::begin(kKeys), std::end(kKeys), [&](const Key& k) { return k.name == name; });
  return key == std::end(kKeys) ? nullptr : key;
}

std::vector<std::string> split(const std::string& text, bool is_list) {
  if (!is_list) return {text};
  return release::split_commas({text});
}

// "hooks.post_switch" is GOPACK_HOOKS_POST_SWITCH.
std::string variable_name(std::string key) {
  for (auto& c : key) c = c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return "GOPACK_" + key;
}

[[noreturn]] void refuse(const std::filesystem::path& file, yaml::Position at, const std::string& what,
                         const std::string& hint = "the settings are described in docs/manual.md") {
  throw Error(ErrorKind::usage, fmt::format("{}:{}:{}: {}", printable(file), at.line, at.column, what))
      .with_hint(hint);
}

std::string similar_keys(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& key : kKeys) names.emplace_back(key.name);
  return did_you_mean(name, names, "the settings are described in docs/manual.md");
}

std::filesystem::path user_file() {
  const auto directory = config_directory();
  return directory ? *directory / "gopack.yaml" : std::filesystem::path();
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
                                   const yaml::Value& node) {
  std::vector<std::string> values;
  if (node.kind == Kind::text) {
    values = split(node.text, key.is_list);
  } else if (!key.is_list || node.kind != Kind::list) {
    refuse(file, node.position, fmt::format("{} must be {}", key.name, key.is_list ? "a list" : "one value"));
  } else {
    for (const auto& item : node.items) {
      if (item.kind != Kind::text)
        refuse(file, item.position, fmt::format("{} must be a list of texts", key.name));
      values.push_back(item.text);
    }
  }
  for (auto& value : values) {
    if (!key.is_beside_file || value.empty()) continue;
    if (value.starts_with('~'))
      refuse(file, node.position, fmt::format("{} begins with ~, which only shells know", key.name),
             "write the whole path, or one that starts from this file");
    value = (file.parent_path() / value).string();
  }
  return values;
}

// Calls `take` with each setting below `node`.
template <typename Take>
void walk(const std::filesystem::path& file, const yaml::Value& node, const std::string& prefix, Take take) {
  if (node.kind != Kind::map) refuse(file, node.position, "expected `key: value` lines");
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const auto name = prefix + node.keys[i].text;
    for (std::size_t before = 0; before < i; ++before) {
      if (node.keys[before].text == node.keys[i].text)
        refuse(file, node.keys[i].position, fmt::format("{} is given twice", printable(name)));
    }
    if (const auto* key = find_key(name)) {
      take(*key, values_of(file, *key, node.items[i]), node.items[i].position);
    } else if (name == "hooks" || name == "limits" || name == "make") {
      walk(file, node.items[i], name + ".", take);
    } else {
      refuse(file, node.keys[i].position, fmt::format("unknown setting \"{}\"", printable(name)),
             similar_keys(name));
    }
  }
}

// Nothing for an empty file. Throws Error (usage) with the place of a mistake.
std::optional<yaml::Value> parse(const std::filesystem::path& file, const std::string& text) {
  auto parsed = yaml::parse(text);
  if (const auto* fault = std::get_if<yaml::Fault>(&parsed))
    refuse(file, fault->position, fault->message,
           fault->hint.empty() ? "the settings are described in docs/manual.md" : fault->hint);
  auto root = std::get<std::optional<yaml::Value>>(std::move(parsed));
  return root && root->kind == Kind::null ? std::nullopt : root;
}

}  // namespace

Settings Settings::load(const std::filesystem::path& working_directory) {
  Settings settings;
  for (const auto& key : kKeys) {
    const auto variable = variable_name(key.name);
    const auto value = environment_variable(variable);
    if (!value) continue;
    settings.values_[key.name] = split(*value, key.is_list);
    settings.written_[key.name] = variable;
  }
  const auto project = find_upwards(working_directory, "gopack.yaml");
  for (const auto& file : {project, user_file()}) {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(file, ignored)) settings.read_file(file, file == project);
  }
  for (const auto& demand : std::exchange(settings.demands_, {})) {
    auto& values = settings.values_["require"];
    if (std::find(values.begin(), values.end(), demand) == values.end()) values.push_back(demand);
  }
  settings.find_lock_file(working_directory);
  for (const auto& key : kKeys) {
    if (key.default_value != nullptr)
      settings.values_.try_emplace(key.name, split(key.default_value, key.is_list));
  }
  return settings;
}

void Settings::find_lock_file(const std::filesystem::path& working_directory) {
  const auto lock = find_upwards(working_directory, "gopack.lock");
  if (lock.empty() || values_.contains("lock")) return;
  if (is_of_this_user(lock)) {
    values_["lock"] = {lock.string()};
  } else {
    warnings_.push_back(
        fmt::format("{} is not used, since others can write it: name it with --lock, or take its "
                    "ownership and others' right to write",
                    printable(lock)));
  }
}

void Settings::read_file(const std::filesystem::path& file, bool is_project) {
  const bool is_own = is_of_this_user(file);
  std::vector<std::string> ignored;
  const auto text = read_text(file, kMaxSettings);
  const auto root = parse(file, text);
  if (!root) return;
  walk(file, *root, "", [&](const Key& key, const std::vector<std::string>& values, yaml::Position at) {
    if (!is_own && key.trust == Trust::own) {
      ignored.emplace_back(key.name);
    } else if (!is_own && key.trust == Trust::more) {
      demands_.insert(demands_.end(), values.begin(), values.end());
    } else if (values_.try_emplace(key.name, values).second) {
      written_[key.name] = fmt::format("{}:{}:{}: {}", printable(file), at.line, at.column, key.name);
      if (is_project && key.name == kHook)
        hook_ = ProjectHook{file, digest::hash(file.string() + '\0' + text).hex(), values.front()};
    }
  });
  if (ignored.empty()) return;
  warnings_.push_back(
      fmt::format("{} in {} {} ignored, since others can write the file: make it yours and "
                  "yours alone, or set {} in the environment",
                  fmt::join(ignored, ", "), printable(file), ignored.size() == 1 ? "is" : "are",
                  variable_name(ignored.front())));
}

void Settings::set_flag(const std::string& key, std::vector<std::string> values) {
  if (key == "home" && !home_flag_) home_before_flag_ = find(key);
  home_flag_ = home_flag_ || key == "home";
  values_[key] = std::move(values);
  written_[key] = "--" + key;
  std::replace(written_[key].begin(), written_[key].end(), '_', '-');
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
  throw Error(ErrorKind::usage,
              fmt::format("{} must be true or false, not \"{}\"", as_written(key), printable(text)));
}

bool Settings::is_second(const std::string& key, const std::string& first, const std::string& second) const {
  const auto text = find(key).value_or(first);
  if (text == first || text == second) return text == second;
  throw Error(ErrorKind::usage,
              fmt::format("{} must be {} or {}, not \"{}\"", as_written(key), first, second, printable(text)))
      .with_hint(did_you_mean(text, {first, second}));
}

std::string Settings::as_written(const std::string& key) const {
  const auto at = written_.find(key);
  return at == written_.end() ? key : at->second;
}

std::filesystem::path Settings::home() const {
  return home_of(find("home"));
}

std::optional<std::filesystem::path> Settings::usual_home() const {
  try {
    return home_of(home_flag_ ? home_before_flag_ : find("home"));
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::filesystem::path Settings::home_of(const std::optional<std::string>& named) {
  if (named) {
    if (named->empty()) throw Error(ErrorKind::usage, "cannot use a store: home names no directory");
    return std::filesystem::absolute(user_path(*named));
  }
  if (const auto data = data_directory()) return *data;
  throw Error(ErrorKind::usage,
              fmt::format("cannot tell where the store is: neither --home nor GOPACK_HOME nor {} is set",
                          kHomeVariable))
      .with_hint("name a directory with --home");
}

}  // namespace gopack::app
