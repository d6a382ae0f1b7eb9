#include "gopack/trim/report.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>

#include "gopack/base/embedded.hpp"

namespace gopack::trim {

std::span<const EmbeddedFile> report_page_files();

namespace {

using Json = nlohmann::ordered_json;

// The template, its style and its scripts in the order in which they run.
constexpr std::string_view kTemplate = "page.html";
constexpr std::string_view kStyle = "page.css";
constexpr std::string_view kScripts[] = {"tree.js", "treemap.js", "page.js", "search.js", "tables.js"};

std::string_view part(std::string_view name) {
  const auto files = report_page_files();
  return std::find_if(files.begin(), files.end(), [&](const auto& file) { return file.name == name; })->text;
}

void put(std::string& page, std::string_view place, std::string_view text) {
  page.replace(page.find(place), place.size(), text);
}

Json to_json(const ReportRule& rule) {
  return {{"keep", rule.action == Action::keep}, {"rule", rule.rule},     {"location", rule.location},
          {"category", rule.category},           {"reason", rule.reason}, {"capability", rule.capability}};
}

// [["src/net", ["dial.go", 25519, 3, "dial_test.go", 30226, 7, …]], …]: each directory's path once, and of
// its files name, bytes and rule in turn.
Json directories_of(const Report& report) {
  std::vector<const ReportFile*> files;
  for (const auto& file : report.files) files.push_back(&file);
  std::sort(files.begin(), files.end(),
            [](const ReportFile* a, const ReportFile* b) { return a->path < b->path; });
  std::map<std::string_view, Json> directories;
  for (const auto* file : files) {
    static_cast<void>(report.rules.at(file->rule));  // throws for a rule that is not there
    const auto path = std::string_view(file->path);
    const auto directory = tree::parent_of(path);
    auto& row = directories.try_emplace(directory, Json::array()).first->second;
    row.push_back(path.substr(path.rfind('/') + 1));  // npos + 1 is 0: the whole path
    row.push_back(file->bytes);
    row.push_back(file->rule);
  }
  Json rows = Json::array();
  for (auto& [directory, row] : directories) rows.push_back(Json::array({directory, std::move(row)}));
  return rows;
}

Json to_json(const Report& report) {
  Json rules = Json::array();
  for (const auto& rule : report.rules) rules.push_back(to_json(rule));
  return {{"release", report.release}, {"platforms", report.platforms},
          {"profile", report.profile}, {"id", report.id},
          {"rules", std::move(rules)}, {"directories", directories_of(report)}};
}

// JSON that can stand in a <script>: ASCII, without "<", which begins all that ends a script element or
// changes how it is read (HTML, 4.12.1.3 "Restrictions for contents of script elements").
std::string to_script(const Json& json) {
  const auto text = json.dump(-1, ' ', true, Json::error_handler_t::replace);
  std::string script;
  script.reserve(text.size());
  for (const char c : text) {
    if (c == '<') {
      script += "\\u003c";
    } else {
      script += c;
    }
  }
  return script;
}

}  // namespace

std::string render_report(const std::vector<Report>& reports) {
  Json json = Json::array();
  for (const auto& report : reports) json.push_back(to_json(report));
  std::string scripts;
  for (const auto name : kScripts) scripts += part(name);
  std::string page(part(kTemplate));
  put(page, "@STYLE@", part(kStyle));
  put(page, "@SCRIPT@", scripts);
  put(page, "@REPORT@", to_script(json));  // at last: nothing is looked for in the data
  return page;
}

ReportCollector::ReportCollector(Report head) : report_(std::move(head)) {
  report_.rules.clear();
  report_.files.clear();
}

void ReportCollector::add(const tree::Entry& entry, const Rule* rule) {
  const auto [index, is_new] = indices_.try_emplace(rule, report_.rules.size());
  if (is_new && rule != nullptr) {
    report_.rules.push_back({rule->action, rule->pattern.text(), rule->location.text(), rule->category,
                             rule->reason, rule->capabilities});
  } else if (is_new) {
    report_.rules.push_back({.action = Action::keep,
                             .rule = {},
                             .location = {},
                             .category = "sdk",
                             .reason = "no rule drops it",
                             .capability = {}});
  }
  report_.files.push_back({entry.path.text(), entry.size, index->second});
}

Report ReportCollector::take() && {
  return std::move(report_);
}

}  // namespace gopack::trim
