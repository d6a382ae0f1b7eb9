#include "gopack/workflow/diff.hpp"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <utility>

#include "commands/commands.hpp"
#include "gopack/base/error.hpp"
#include "render/table.hpp"

namespace gopack::app {

namespace {

struct DiffArguments {
  workflow::DiffOptions diff;
  bool files = false;
};

struct CategorySum {
  std::uint64_t files = 0;
  std::uint64_t before = 0;  // bytes
  std::uint64_t after = 0;

  void add(const workflow::FileDifference& file) {
    files += 1;
    before += file.before.value_or(0);
    after += file.after.value_or(0);
  }
};

// What was removed, added and changed.
struct CategorySums {
  CategorySum removed;
  CategorySum added;
  CategorySum changed;

  void add(const workflow::FileDifference& file) {
    (!file.after ? removed : !file.before ? added : changed).add(file);
  }
};

const char* word(const workflow::FileDifference& file) {
  return !file.after ? "removed" : !file.before ? "added" : "changed";
}

Json json_of(const workflow::DiffSide& side) {
  return {{"name", side.name}, {"files", side.files}, {"bytes", side.bytes}};
}

Json json_of(const CategorySums& sums) {
  const auto& [removed, added, changed] = sums;
  return {{"removed", {{"files", removed.files}, {"bytes", removed.before}}},
          {"added", {{"files", added.files}, {"bytes", added.after}}},
          {"changed",
           {{"files", changed.files}, {"bytes_before", changed.before}, {"bytes_after", changed.after}}}};
}

Json json_of(const workflow::FileDifference& file) {
  Json json{{"path", file.path}, {"kind", word(file)}, {"category", file.category}};
  json["bytes_before"] = file.before ? Json(*file.before) : Json(nullptr);
  json["bytes_after"] = file.after ? Json(*file.after) : Json(nullptr);
  return json;
}

// A row for what was removed of a category, one for what was added, and one for what was changed.
Table table_of(const std::map<std::string, CategorySums>& categories) {
  using enum Table::Align;
  Table table({left, right, right, right});
  if (!categories.empty()) table.add({"category", "files", "before", "after"});
  for (const auto& [category, sums] : categories) {
    auto name = category;
    for (const auto* sum : {&sums.removed, &sums.added, &sums.changed}) {
      if (sum->files == 0) continue;
      table.add({std::exchange(name, ""), count_of(sum->files),
                 sum == &sums.added ? "-" : human_bytes(sum->before),
                 sum == &sums.removed ? "-" : human_bytes(sum->after)});
    }
  }
  return table;
}

std::string to_text(const workflow::Difference& difference,
                    const std::map<std::string, CategorySums>& categories, bool files) {
  auto text = table_of(categories).text();
  for (const auto& file : difference.files) {
    if (files) text += fmt::format("{:7}  {}\n", word(file), printable(file.path));
  }
  const auto side = [](const workflow::DiffSide& one) {
    return fmt::format("{}: {} in {}\n", one.name, human_bytes(one.bytes), count_of(one.files, "file"));
  };
  return text + side(difference.before) + side(difference.after);
}

int run_diff(Program& program, const DiffArguments& options) {
  const auto difference = workflow::diff(program.session(Access::read), options.diff);
  std::map<std::string, CategorySums> categories;
  Json files = Json::array();
  for (const auto& file : difference.files) {
    categories[file.category].add(file);
    files.push_back(json_of(file));
  }
  Json rows = Json::array();
  for (const auto& [category, sums] : categories) {
    rows.push_back({{"category", category}});
    rows.back().update(json_of(sums));
  }
  program.print(to_text(difference, categories, options.files), {{"before", json_of(difference.before)},
                                                                 {"after", json_of(difference.after)},
                                                                 {"categories", rows},
                                                                 {"files", files}});
  return 0;
}

}  // namespace

void add_diff(Command root) {
  auto command = root.add_command("diff", "Compare two trees, fetched releases or profiles, file by file");
  auto options = std::make_shared<DiffArguments>();
  command.add_option("before", options->diff.before, "v_<hash>, a release, or a profile",
                     Occurrence::required);
  command.add_option("after", options->diff.after, "likewise", Occurrence::required);
  command.add_option("--release", options->diff.release,
                     "the fetched release that profiles apply to (latest)");
  command.add_option("--profile", options->diff.profile, "the profile that releases are laid out by (full)");
  command.add_option("-p,--platform", options->diff.platforms, "which fetched platforms; none: all");
  command.add_option("--targets", options->diff.targets,
                     "what to build for, instead of the profiles' targets");
  command.add_flag("--files", options->files, "name each file that differs");
  command.set_help({.group = Group::proof,
                    .examples = {"gopack diff 1.25 1.26", "gopack diff minimal build-only --files"},
                    .statuses = {{4}, {6}}});
  command.set_run([options](Program& program) { return run_diff(program, *options); });
}

}  // namespace gopack::app
