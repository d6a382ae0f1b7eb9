#include "render/help.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <sstream>

#include "gopack/tree/columns.hpp"
#include "render/table.hpp"
#include "render/terminal_width.hpp"

namespace gopack::app {

namespace {

constexpr std::size_t kWidest = 80;
constexpr std::size_t kDescriptions = 30;  // columns before them in what CLI11 writes

// How much of a line stays as it is: the names of options, with the blanks behind them.
std::size_t head_of(const std::string& line) {
  if (!line.starts_with("  ")) return 0;
  if (line.size() <= kDescriptions || line[kDescriptions - 1] != ' ') return line.size();
  return kDescriptions;
}

// What each exit status means; every command may end with the first three and the last.
const std::map<int, const char*>& general_meanings() {
  static const std::map<int, const char*> meanings = {
      {0, "done; what is done already counts as done"},
      {1, "the operation failed"},
      {2, "wrong usage, or a wrong profile or settings file"},
      {3, "a digest, a signature or a tree does not match"},
      {4, "a source cannot be reached or does not have the release"},
      {5, "another gopack uses the store or the target"},
      {6, "the archive is unsafe or malformed"},
      {7, "no room, or the filesystem cannot do it"},
      {130, "interrupted; the same command goes on where it stopped"},
  };
  return meanings;
}

}  // namespace

std::string group_title(Group group) {
  constexpr std::array kTitles = {"Subcommands", "Everyday", "Distribution", "Proof",
                                  "Care",        "Caches",   "Settings"};
  return kTitles.at(static_cast<std::size_t>(group));
}

std::vector<ExitStatus> exit_statuses(const CommandHelp& help) {
  std::map<int, std::string> meanings;
  for (const int status : {0, 1, 2, 130}) meanings[status] = general_meanings().at(status);
  for (const auto& [status, meaning] : help.statuses)
    meanings[status] = meaning.empty() ? general_meanings().at(status) : meaning;
  std::vector<ExitStatus> statuses;
  for (const auto& [status, meaning] : meanings) statuses.push_back({status, meaning});
  return statuses;
}

std::string help_ending(const CommandHelp& help) {
  std::string text;
  for (const auto& paragraph : {help.rest, help.directory})
    if (!paragraph.empty()) text += paragraph + "\n\n";
  if (!help.examples.empty()) text += "Examples:\n";
  for (const auto& example : help.examples) text += fmt::format("  {}\n", example);
  text += "\nExit status:\n";
  for (const auto& [status, meaning] : exit_statuses(help))
    text += fmt::format("  {:<4} {}\n", status, meaning);
  text.pop_back();  // CLI11 ends the line
  return text;
}

std::string fitted_help(const std::string& text) {
  const auto width = std::max<std::size_t>(std::min(kWidest, output_width()), kDescriptions + 20);
  std::string fitted;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto head = head_of(line);
    if (tree::columns_of(line) <= width || head == line.size()) {
      fitted += line + "\n";
      continue;
    }
    auto before = line.substr(0, head);
    for (const auto& part : wrapped(line.substr(head), width - head)) {
      fitted += before + part + "\n";
      before.assign(head, ' ');
    }
  }
  return fitted;
}

}  // namespace gopack::app
