#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "commands/commands.hpp"
#include "gopack/base/error.hpp"
#include "gopack/release/selector.hpp"
#include "gopack/workflow/verify.hpp"
#include "render/table.hpp"
#include "render/trees.hpp"

namespace gopack::app {

namespace {

// What the argument means: a store (a bundle, too) and something in it.
struct Subject {
  std::filesystem::path home;
  std::string what;  // empty: everything
};

Subject find_subject(const Program& program, const std::string& argument) {
  std::error_code ignored;
  if (!std::filesystem::exists(argument, ignored)) return {program.settings().home(), argument};
  const auto path = std::filesystem::absolute(argument);
  if (!std::filesystem::is_directory(path)) {
    if (workflow::is_archive_name(argument) || release::selector_from_project_file(path))
      return {program.settings().home(), path.string()};
    throw Error(ErrorKind::usage, fmt::format("cannot verify {}: it is no archive of Go", printable(path)))
        .with_hint("name an archive (.tar.gz or .zip), or the directory of a tree, store or bundle");
  }
  const auto name =
      path.filename().empty() ? path.parent_path().filename().string() : path.filename().string();
  if (tree::StoreId::is_valid(name))
    return {(path.filename().empty() ? path.parent_path() : path).parent_path(), name};
  return {path, ""};
}

std::string to_line(const std::string& name, const store::Problem& problem) {
  auto line = fmt::format("{}: {} {}", name, store::to_string(problem.kind), printable(problem.path));
  if (!problem.expected.empty())
    line += fmt::format(" (expected {}, found {})", problem.expected, problem.found);
  return line + "\n";
}

int run_verify(Program& program, const std::string& argument) {
  const auto subject =
      argument.empty() ? Subject{program.settings().home(), ""} : find_subject(program, argument);
  const auto session = program.session_on(subject.home, Access::read);
  const auto verified = workflow::verify(session, subject.what);
  Json items = Json::array();
  Json problems = Json::array();
  std::string text;
  for (const auto& one : verified) {
    items.push_back({{"name", one.name},
                     {"files", one.files},
                     {"bytes", one.bytes},
                     {"problems", one.problems.size()},
                     {"proof", one.proof}});
    if (one.problems.empty()) {
      text += fmt::format("{}: {}, {}, all as the manifest says{}\n", one.name, count_of(one.files, "file"),
                          human_bytes(one.bytes), one.proof.empty() ? "" : "; " + one.proof);
    }
    for (const auto& problem : one.problems) {
      text += to_line(one.name, problem);
      problems.push_back({{"in", one.name},
                          {"path", problem.path},
                          {"kind", store::to_string(problem.kind)},
                          {"expected", problem.expected},
                          {"found", problem.found}});
    }
  }
  program.print(text, {{"verified", items}, {"problems", problems}});
  if (problems.empty()) return 0;
  session.reporter.warning(fmt::format("{} found; `gopack repair` restores what is damaged",
                                       count_of(problems.size(), "problem")));
  return static_cast<int>(ErrorKind::integrity);
}

int run_repair(Program& program) {
  Json json = Json::array();
  std::string text;
  const auto session = program.session(Access::write);
  for (const auto& one : workflow::repair(session, program.settings().list("source"))) {
    json.push_back({{"name", one.name},
                    {"id", one.tree ? Json(one.tree->id.text()) : Json()},
                    {"restored", one.restored},
                    {"removed", one.removed}});
    text += fmt::format("{}: {} restored, {} foreign removed\n", one.tree ? describe(*one.tree) : one.name,
                        count_of(one.restored, "file"), one.removed);
  }
  program.print(text.empty() ? "nothing to repair\n" : text, {{"repaired", json}});
  return 0;
}

}  // namespace

void add_verify(Command root) {
  auto command = root.add_command("verify", "Hash everything again and compare it with the manifests");
  auto what = std::make_shared<std::string>();
  command.add_option(
      "what", *what,
      "v_<hash>, a release, a store or bundle directory, or an archive; none: the whole store");
  command.set_run([what](Program& program) { return run_verify(program, *what); });
}

void add_repair(Command root) {
  auto command = root.add_command("repair", "Restore what verify found damaged");
  command.add_setting_list("--source", "source", "where archives that are not in downloads/ come from");
  command.set_run([](Program& program) { return run_repair(program); });
}

}  // namespace gopack::app
