#include "profile_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "capability_table.hpp"
#include "gopack/base/similar.hpp"
#include "gopack/release/platform.hpp"
#include "gopack/release/platform_names.hpp"

namespace gopack::trim {

namespace {

constexpr std::size_t kMaxRules = 10'000;

// The values of a map by their keys.
using Fields = std::map<std::string_view, const yaml::Value*>;
using Keys = std::vector<std::string_view>;

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.' || c == '+';
}

// Parameter names and values, profile names: such texts can stand in a pattern and mean themselves.
bool is_word(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_plain) &&
         text.find_first_not_of('.') != std::string_view::npos;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

const char* name_of(yaml::Value::Kind kind) {
  switch (kind) {
    case yaml::Value::Kind::null:
      return "nothing";
    case yaml::Value::Kind::text:
      return "a text";
    case yaml::Value::Kind::list:
      return "a list";
    case yaml::Value::Kind::map:
      return "a map";
  }
  return "something else";
}

class Reader {
 public:
  Reader(std::string file, Mistakes& mistakes) : mistakes_(mistakes) { profile_.file = std::move(file); }

  ProfileFile read(const yaml::Value& root);
  CapabilityTable read_table(const yaml::Value& root);

 private:
  void add_mistake(const yaml::Value& at, std::string message, std::string hint = {});
  bool expect(const yaml::Value& node, yaml::Value::Kind kind, std::string_view what);
  Fields read_fields(const yaml::Value& node, std::string_view what, const Keys& known);
  std::string read_text(const yaml::Value& node, std::string_view what);
  std::string read_word(const yaml::Value& node, std::string_view what);
  std::string read_required(const yaml::Value& owner, const Fields& fields, std::string_view key);
  std::optional<release::VersionRange> read_range(const Fields& fields);
  std::vector<const yaml::Value*> one_or_list(const yaml::Value& node, std::string_view what);
  void read_parameters(const yaml::Value& node);
  void read_parameter(const yaml::Value& key, const yaml::Value& node);
  ParameterValue read_value(const yaml::Value& node);
  std::vector<PlacedText> read_patterns(const yaml::Value& node);
  void read_rule(const yaml::Value& node);
  void read_targets(const yaml::Value& node);
  std::vector<std::string> read_words(const Fields& fields, std::string_view key);
  Capability read_capability(const yaml::Value& node);
  Requirement read_requirement(const yaml::Value& node);

  ProfileFile profile_;
  Mistakes& mistakes_;
};

void Reader::add_mistake(const yaml::Value& at, std::string message, std::string hint) {
  mistakes_.push_back({profile_.file, at.position, std::move(message), std::move(hint)});
}

bool Reader::expect(const yaml::Value& node, yaml::Value::Kind kind, std::string_view what) {
  if (node.kind == kind) return true;
  add_mistake(node, fmt::format("{} must be {}, not {}", what, name_of(kind), name_of(node.kind)));
  return false;
}

Fields Reader::read_fields(const yaml::Value& node, std::string_view what, const Keys& known) {
  Fields fields;
  if (!expect(node, yaml::Value::Kind::map, what)) return fields;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const auto& key = node.keys[i];
    if (!expect(key, yaml::Value::Kind::text, "a key")) continue;
    if (std::find(known.begin(), known.end(), key.text) == known.end()) {
      add_mistake(key, fmt::format("unknown key \"{}\"", key.text),
                  did_you_mean(key.text, {known.begin(), known.end()},
                               fmt::format("{} can hold: {}", what, fmt::join(known, ", "))));
    } else if (!fields.emplace(key.text, &node.items[i]).second) {
      add_mistake(key, fmt::format("\"{}\" is given twice", key.text));
    }
  }
  return fields;
}

std::string Reader::read_text(const yaml::Value& node, std::string_view what) {
  if (!expect(node, yaml::Value::Kind::text, what)) return {};
  if (node.text.empty()) add_mistake(node, fmt::format("{} is empty", what));
  if (std::any_of(node.text.begin(), node.text.end(), is_control)) {
    add_mistake(node, fmt::format("{} must be one line without control characters", what));
  }
  return node.text;
}

std::string Reader::read_word(const yaml::Value& node, std::string_view what) {
  auto text = read_text(node, what);
  if (!text.empty() && !is_word(text)) {
    add_mistake(node, fmt::format("{} cannot be \"{}\"", what, text),
                "use letters, digits and the characters _ - . +");
  }
  return text;
}

std::string Reader::read_required(const yaml::Value& owner, const Fields& fields, std::string_view key) {
  const auto found = fields.find(key);
  if (found != fields.end()) return read_text(*found->second, fmt::format("\"{}\"", key));
  if (owner.kind == yaml::Value::Kind::map) add_mistake(owner, fmt::format("\"{}\" is missing", key));
  return {};
}

std::optional<release::VersionRange> Reader::read_range(const Fields& fields) {
  const auto found = fields.find("go");
  if (found == fields.end()) return std::nullopt;
  const auto text = read_text(*found->second, "\"go\"");
  if (text.empty()) return std::nullopt;
  auto range = release::VersionRange::try_parse(text);
  if (!range) {
    add_mistake(*found->second, fmt::format("\"{}\" is not a range of Go versions", text),
                "write comparisons, e.g. \"<1.20\" or \">=1.21,<1.25\"");
  }
  return range;
}

std::vector<const yaml::Value*> Reader::one_or_list(const yaml::Value& node, std::string_view what) {
  if (node.kind == yaml::Value::Kind::text) return {&node};
  std::vector<const yaml::Value*> nodes;
  if (node.kind != yaml::Value::Kind::list) {
    add_mistake(node, fmt::format("{} must be a text or a list of texts, not {}", what, name_of(node.kind)));
  }
  if (node.kind == yaml::Value::Kind::list) {
    for (const auto& item : node.items) nodes.push_back(&item);
  }
  return nodes;
}

void Reader::read_parameters(const yaml::Value& node) {
  if (!expect(node, yaml::Value::Kind::map, "\"parameters\"")) return;
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < node.keys.size(); ++i) {
    const auto& key = node.keys[i];
    if (!names.insert(key.text).second) add_mistake(key, fmt::format("\"{}\" is given twice", key.text));
    read_parameter(key, node.items[i]);
  }
}

void Reader::read_parameter(const yaml::Value& key, const yaml::Value& node) {
  Parameter parameter;
  parameter.name = read_word(key, "a parameter's name");
  if (expect(node, yaml::Value::Kind::list, fmt::format("parameter \"{}\"", parameter.name))) {
    for (const auto& item : node.items) {
      if (!parameter.values.empty() && !parameter.values.back().range) {
        add_mistake(
            item,
            "this value is never used: the one before it has no \"go\" range and holds for all releases");
      }
      parameter.values.push_back(read_value(item));
    }
    if (parameter.values.empty() || parameter.values.back().range) {
      add_mistake(key,
                  fmt::format("the last value of \"{}\" must be one without \"go\", for all other releases",
                              parameter.name));
    }
  }
  profile_.parameters.push_back(std::move(parameter));
}

ParameterValue Reader::read_value(const yaml::Value& node) {
  const auto fields = read_fields(node, "a parameter's value", {"go", "value"});
  ParameterValue value;
  value.range = read_range(fields);
  const auto found = fields.find("value");
  if (found == fields.end()) {
    if (node.kind == yaml::Value::Kind::map) add_mistake(node, "\"value\" is missing");
    return value;
  }
  for (const auto* item : one_or_list(*found->second, "\"value\"")) {
    value.texts.push_back(read_word(*item, "a parameter's value"));
  }
  return value;
}

std::vector<PlacedText> Reader::read_patterns(const yaml::Value& node) {
  std::vector<PlacedText> patterns;
  for (const auto* item : one_or_list(node, "a pattern")) {
    patterns.push_back({read_text(*item, "a pattern"), item->position});
  }
  if (node.kind == yaml::Value::Kind::list && node.items.empty())
    add_mistake(node, "the list of patterns is empty");
  return patterns;
}

void Reader::read_rule(const yaml::Value& node) {
  const auto fields = read_fields(node, "a rule", {"drop", "keep", "category", "reason", "go"});
  if (node.kind != yaml::Value::Kind::map) return;
  WrittenRule rule;
  const auto drop = fields.find("drop");
  const auto keep = fields.find("keep");
  if ((drop == fields.end()) == (keep == fields.end())) {
    add_mistake(node, "a rule needs either \"drop\" or \"keep\"");
  } else {
    rule.action = drop != fields.end() ? Action::drop : Action::keep;
    const auto& patterns = drop != fields.end() ? *drop->second : *keep->second;
    rule.patterns = read_patterns(patterns);
  }
  rule.category = read_required(node, fields, "category");
  rule.reason = read_required(node, fields, "reason");
  rule.range = read_range(fields);
  profile_.rules.push_back(std::move(rule));
}

void Reader::read_targets(const yaml::Value& node) {
  for (const auto* item : one_or_list(node, "\"targets\"")) {
    auto text = read_text(*item, "a target");
    if (text.empty()) continue;
    const auto target = release::Platform::try_parse(text);
    if (text != "host" && text != "all" && (!target || !release::is_known(*target))) {
      const auto error = release::unknown_platform(text, "target", release::known_platforms());
      add_mistake(*item, error.text(), error.hint());
    }
    profile_.targets.push_back({std::move(text), item->position});
  }
}

std::vector<std::string> Reader::read_words(const Fields& fields, std::string_view key) {
  std::vector<std::string> words;
  const auto found = fields.find(key);
  if (found == fields.end()) return words;
  for (const auto* item : one_or_list(*found->second, fmt::format("\"{}\"", key)))
    words.push_back(read_text(*item, fmt::format("an item of \"{}\"", key)));
  return words;
}

Capability Reader::read_capability(const yaml::Value& node) {
  const auto fields =
      read_fields(node, "a capability", {"name", "description", "needs", "tags", "targets", "go"});
  return {.name = read_required(node, fields, "name"),
          .description = read_required(node, fields, "description"),
          .needs = read_words(fields, "needs"),
          .tags = read_words(fields, "tags"),
          .targets = read_words(fields, "targets"),
          .range = read_range(fields)};
}

Requirement Reader::read_requirement(const yaml::Value& node) {
  const auto fields = read_fields(node, "an entry of files", {"path", "for", "category", "reason", "go"});
  Requirement requirement;
  const auto path = fields.find("path");
  if (path != fields.end()) requirement.files.patterns = read_patterns(*path->second);
  requirement.files.category = read_required(node, fields, "category");
  requirement.files.reason = read_required(node, fields, "reason");
  requirement.files.range = read_range(fields);
  requirement.capabilities = read_words(fields, "for");
  return requirement;
}

CapabilityTable Reader::read_table(const yaml::Value& root) {
  const auto fields = read_fields(root, "the table", {"capabilities", "files"});
  std::vector<Capability> capabilities;
  std::vector<Requirement> requirements;
  for (const auto& [key, node] : fields) {
    if (!expect(*node, yaml::Value::Kind::list, fmt::format("\"{}\"", key))) continue;
    for (const auto& item : node->items) {
      if (key == "files") {
        requirements.push_back(read_requirement(item));
      } else {
        capabilities.push_back(read_capability(item));
      }
    }
  }
  return {std::move(capabilities), std::move(requirements)};
}

ProfileFile Reader::read(const yaml::Value& root) {
  const auto fields =
      read_fields(root, "a profile",
                  {"name", "description", "extends", "capabilities", "targets", "parameters", "rules"});
  const auto field = [&](std::string_view key) {
    const auto found = fields.find(key);
    return found == fields.end() ? nullptr : found->second;
  };
  if (const auto* name = field("name")) {
    profile_.name = read_word(*name, "\"name\"");
  } else if (root.kind == yaml::Value::Kind::map) {
    add_mistake(root, "\"name\" is missing");
  }
  if (const auto* description = field("description"))
    profile_.description = read_text(*description, "\"description\"");
  if (const auto* extends = field("extends")) {
    if (auto text = read_text(*extends, "\"extends\""); !text.empty())
      profile_.extends = {std::move(text), extends->position};
  }
  if (const auto* capabilities = field("capabilities")) {
    for (const auto* item : one_or_list(*capabilities, "\"capabilities\""))
      profile_.capabilities.push_back({read_word(*item, "a capability"), item->position});
  }
  if (const auto* targets = field("targets")) read_targets(*targets);
  if (const auto* parameters = field("parameters")) read_parameters(*parameters);
  const auto* rules = field("rules");
  if (rules != nullptr && expect(*rules, yaml::Value::Kind::list, "\"rules\"")) {
    if (rules->items.size() > kMaxRules) {
      add_mistake(*rules, fmt::format("there are more than {} rules", kMaxRules));
    } else {
      for (const auto& rule : rules->items) read_rule(rule);
    }
  }
  return std::move(profile_);
}

// Nothing when it is not a document: then a mistake was added.
std::optional<yaml::Value> parse(const std::string& text, const std::string& file, Mistakes& mistakes) {
  auto parsed = yaml::parse(text);
  if (const auto* fault = std::get_if<yaml::Fault>(&parsed)) {
    mistakes.push_back({file, fault->position, fault->message, fault->hint});
    return std::nullopt;
  }
  auto root = std::get<std::optional<yaml::Value>>(std::move(parsed));
  if (!root) mistakes.push_back({file, {}, "the file is empty", "a profile needs at least a name"});
  return root;
}

}  // namespace

ProfileFile read_profile_file(const std::string& text, const std::string& file, Mistakes& mistakes) {
  const auto root = parse(text, file, mistakes);
  Reader reader(file, mistakes);
  if (root) return reader.read(*root);
  ProfileFile nothing;
  nothing.file = file;
  return nothing;
}

CapabilityTable read_capability_table(const std::string& text, const std::string& file, Mistakes& mistakes) {
  const auto root = parse(text, file, mistakes);
  if (!root) return {{}, {}};
  return Reader(file, mistakes).read_table(*root);
}

}  // namespace gopack::trim
