#include <fmt/format.h>

#include <memory>

#include "commands/commands.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/user_directories.hpp"
#include "gopack/workflow/doctor.hpp"
#include "render/table.hpp"

namespace gopack::app {

namespace {

int run(Program& program, const std::string& target) {
  const auto directory =
      target.empty() ? program.settings().home() : std::filesystem::absolute(user_path(target));
  const auto& settings = program.settings();
  const bool is_about_bundle = !target.empty() || directory != settings.usual_home();
  const auto [checks, layout] = workflow::examine(
      directory, program.session(Access::look),
      {.sources = settings.list("source"), .needs_no_sources = is_about_bundle || settings.is_on("offline")});
  Json json = Json::array();
  Table table({Table::Align::left, Table::Align::left, Table::Align::left});
  bool all_well = true;
  for (const auto& check : checks) {
    json.push_back({{"name", check.name},
                    {"ok", check.ok},
                    {"note", check.is_note},
                    {"found", check.found},
                    {"remedy", check.remedy}});
    table.add({check.ok        ? "ok"
               : check.is_note ? "--"
                               : "!!",
               check.name, check.ok ? check.found : fmt::format("{}: {}", check.found, check.remedy)});
    all_well = all_well && (check.ok || check.is_note);
  }
  program.print(table.text(), {{"directory", directory.string()},
                               {"checks", json},
                               {"layout",
                                {{"pointer", layout.pointer},
                                 {"staging", layout.staging},
                                 {"block_size", layout.block_size},
                                 {"available", layout.available},
                                 {"trees", layout.trees},
                                 {"bytes", layout.bytes},
                                 {"on_disk", layout.on_disk},
                                 {"longest_path", layout.longest_path}}}});
  return all_well ? 0 : static_cast<int>(ErrorKind::failed);
}

}  // namespace

void add_doctor(Command root) {
  auto command =
      root.add_command("doctor", "Find what would stop gopack or a bundle from working, and the remedy");
  auto target = std::make_shared<std::string>();
  command.add_option("target", *target, "a directory that a bundle is to go to; none: the store");
  command.add_setting_list("--source", "source", "the sources to try");
  command.set_help({.group = Group::care,
                    .examples = {"gopack doctor", "gopack doctor /media/you/STICK"},
                    .statuses = {{1, "something is wrong: the lines with !! name it"}}});
  command.set_run([target](Program& program) { return run(program, *target); });
}

}  // namespace gopack::app
