#include <fmt/format.h>

#include <memory>

#include "commands/commands.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/user_directories.hpp"
#include "gopack/workflow/doctor.hpp"
#include "render/table.hpp"

namespace gopack::app {

namespace {

// A line each; false where one of them is a fault.
bool add_checks(const std::vector<target::Check>& checks, Json& json, Table& table) {
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
  return all_well;
}

// A disk or an image, not a directory or a place for one. Throws Error (usage) for what is none of these.
bool is_medium(const std::filesystem::path& path) {
  using std::filesystem::file_type;
  std::error_code ignored;
  const auto type = std::filesystem::status(path, ignored).type();
  const auto name = path.filename().string();
  const bool is_missing_image =
      type == file_type::not_found && (name.ends_with(".img") || name.ends_with(".zst"));
  if (is_missing_image) throw Error(ErrorKind::usage, fmt::format("there is no {}", printable(path)));
  if (type == file_type::regular || type == file_type::block) return true;
  if (type == file_type::directory || type == file_type::not_found) return false;
  throw Error(
      ErrorKind::usage,
      fmt::format("cannot examine {}: it is neither a directory, a disk nor an image", printable(path)));
}

int run(Program& program, const std::string& target) {
  const auto directory =
      target.empty() ? program.settings().home() : std::filesystem::absolute(user_path(target));
  const auto& settings = program.settings();
  Json json = Json::array();
  Json layout_json;
  Table table({Table::Align::left, Table::Align::left, Table::Align::left});
  bool all_well = true;
  if (is_medium(directory)) {
    all_well =
        add_checks(workflow::examine_medium(directory, {program.reporter(), program.stop()}), json, table);
  } else {
    const bool is_about_bundle = !target.empty() || directory != settings.usual_home();
    const auto [checks, layout] =
        workflow::examine(directory, program.session(Access::look),
                          {.sources = settings.list("source"),
                           .needs_no_sources = is_about_bundle || settings.is_on("offline")});
    all_well = add_checks(checks, json, table);
    layout_json = {{"pointer", layout.pointer},       {"staging", layout.staging},
                   {"block_size", layout.block_size}, {"available", layout.available},
                   {"trees", layout.trees},           {"bytes", layout.bytes},
                   {"on_disk", layout.on_disk},       {"longest_path", layout.longest_path}};
  }
  program.print(table.text(), {{"directory", directory.string()}, {"checks", json}, {"layout", layout_json}});
  return all_well ? 0 : static_cast<int>(ErrorKind::failed);
}

}  // namespace

void add_doctor(Command root) {
  auto command =
      root.add_command("doctor", "Find what would stop gopack or a bundle from working, and the remedy");
  auto target = std::make_shared<std::string>();
  command.add_option("target", *target,
                     "a directory that a bundle is to go to, a disk or an image; none: the store");
  command.add_setting_list("--source", "source", "the sources to try");
  command.set_help({.group = Group::care,
                    .examples = {"gopack doctor", "gopack doctor /media/you/STICK", "gopack doctor /dev/sdb"},
                    .statuses = {{1, "something is wrong: the lines with !! name it"}}});
  command.set_run([target](Program& program) { return run(program, *target); });
}

}  // namespace gopack::app
