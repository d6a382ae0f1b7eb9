#include "settings.hpp"

#include <algorithm>
#include <optional>

#include "failure.hpp"
#include "gopack/launch/rules.hpp"

namespace gopack::launcher {

namespace {

constexpr std::string_view kBlank = " \t";
constexpr auto kNone = std::string_view::npos;

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(kBlank);
  if (first == kNone) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::string_view yaml_value(std::string_view text) {
  if (text.starts_with('"') || text.starts_with('\'')) {
    const auto end = text.find(text.front(), 1);
    if (end != kNone) return text.substr(1, end - 1);
  }
  if (text.starts_with('#')) return {};
  const auto comment = std::min(text.find(" #"), text.find("\t#"));
  return trim(text.substr(0, comment));
}

std::string_view ini_value(std::string_view text) {
  const bool quoted = text.size() > 1 && text.starts_with('"') && text.ends_with('"');
  return quoted ? text.substr(1, text.size() - 2) : text;
}

bool is_variable_name(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && is_letter(name.front()) && std::all_of(name.begin(), name.end(), [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9');
  });
}

std::optional<Stage> parse_stage(std::string_view value) {
  if (value == "auto") return Stage::automatic;
  if (value == "never") return Stage::never;
  if (value == "always") return Stage::always;
  return std::nullopt;
}

// The variable of Go that a key sets; empty when it sets none.
std::string variable_of(std::string_view key) {
  for (const auto& setting : launch::kSettings)
    if (key == setting.key) return std::string(setting.variable);
  if (key.starts_with("env.") && is_variable_name(key.substr(4))) return std::string(key.substr(4));
  return {};
}

class Parser {
 public:
  Parser(SettingsFormat format, const std::string& file) : format_(format), file_(file) {}

  Settings parse(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    while (!text.empty()) {
      ++line_number_;
      const auto end = text.find('\n');
      auto line = text.substr(0, end);
      text = end == kNone ? std::string_view{} : text.substr(end + 1);
      if (line.ends_with('\r')) line.remove_suffix(1);
      line = trim(line);
      const bool rule = format_ == SettingsFormat::yaml && line.starts_with("---");
      if (!line.empty() && line.front() != '#' && line.front() != ';' && !rule) take_line(line);
    }
    return std::move(settings_);
  }

 private:
  void take_line(std::string_view line) {
    const bool yaml = format_ == SettingsFormat::yaml;
    const auto middle = line.find(yaml ? ':' : '=');
    if (middle == kNone)
      fail((yaml ? "not of the form 'key: value': " : "not of the form key=value: ") + std::string(line));
    const auto rest = trim(line.substr(middle + 1));
    set(trim(line.substr(0, middle)), yaml ? yaml_value(rest) : ini_value(rest));
  }

  void set(std::string_view key, std::string_view value) {
    if (key == "data_dir") {
      settings_.data_dir = value;
    } else if (key == "stage") {
      const auto stage = value.empty() ? settings_.stage : parse_stage(value);
      if (!stage) fail(launch::fill(launch::message::wrong_stage, {value}));
      settings_.stage = *stage;
    } else if (key == "choose_by_project") {
      if (!value.empty() && value != "auto" && value != "never")
        fail(launch::fill(launch::message::wrong_choice, {value}));
      settings_.chooses_by_project = value != "never";
    } else if (const auto variable = variable_of(key); variable.empty()) {
      fail(launch::fill(launch::message::unknown_setting, {key}));
    } else if (!value.empty()) {
      settings_.variables.push_back({variable, std::string(value)});
    }
  }

  [[noreturn]] void fail(const std::string& fault) const {
    throw Failure{file_ + ", line " + std::to_string(line_number_) + ": " + fault, 2};
  }

  SettingsFormat format_;
  const std::string& file_;
  int line_number_ = 0;
  Settings settings_;
};

}  // namespace

Settings parse_settings(std::string_view text, SettingsFormat format, const std::string& file) {
  return Parser(format, file).parse(text);
}

}  // namespace gopack::launcher
