#include <fmt/format.h>

#include <memory>

#include "commands/commands.hpp"
#include "gopack/workflow/collect.hpp"
#include "render/table.hpp"
#include "render/trees.hpp"

namespace gopack::app {

namespace {

int run_gc(Program& program, bool dry_run) {
  Json removed = Json::array();
  Table table({Table::Align::left, Table::Align::right});
  std::uint64_t bytes = 0;
  for (const auto& one : workflow::collect_garbage(program.session(Access::write), dry_run)) {
    removed.push_back({{"path", one.path}, {"bytes", one.bytes}});
    table.add({one.path, human_bytes(one.bytes)});
    bytes += one.bytes;
  }
  const auto text =
      table.text() + fmt::format("{} {}\n", human_bytes(bytes), dry_run ? "would be freed" : "freed");
  program.print(text, {{"dry_run", dry_run}, {"removed", removed}, {"bytes", bytes}});
  return 0;
}

int run_remove(Program& program, const std::vector<std::string>& selectors) {
  Json removed = Json::array();
  std::string text;
  for (const auto& [id, tree] : workflow::remove_trees(program.session(Access::write), selectors)) {
    removed.push_back(id.text());
    text += fmt::format("removed {}\n", tree ? describe(*tree) : id.text());
  }
  program.print(text, {{"removed", removed}});
  return 0;
}

}  // namespace

void add_gc(Command root) {
  auto command = root.add_command("gc", "Drop trees and downloads that nothing refers to");
  auto dry_run = std::make_shared<bool>(false);
  command.add_flag("--dry-run", *dry_run, "only show what would go");
  command.set_run([dry_run](Program& program) { return run_gc(program, *dry_run); });
}

void add_remove(Command root) {
  auto command = root.add_command("remove", "Take trees out of the store");
  auto selectors = std::make_shared<std::vector<std::string>>();
  command.add_option("selector", *selectors, "which trees", Need::required);
  command.set_run([selectors](Program& program) { return run_remove(program, *selectors); });
}

}  // namespace gopack::app
