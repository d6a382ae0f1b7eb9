#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>

#include "commands/commands.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/parallel.hpp"
#include "gopack/base/shell_word.hpp"
#include "gopack/release/selector.hpp"
#include "gopack/workflow/verify.hpp"
#include "render/table.hpp"
#include "render/trees.hpp"

namespace gopack::app {

namespace {

struct VerifyArguments {
  std::string what;
  bool is_quick = false;
};

// What the argument means: a store or bundle and something in it, or an image.
struct Subject {
  std::filesystem::path home;
  std::string what;  // empty: everything
  std::filesystem::path image = {};
};

Subject find_subject(const Program& program, const std::string& argument) {
  std::error_code ignored;
  if (!std::filesystem::exists(argument, ignored)) {
    if (!argument.ends_with(".img")) return {program.settings().home(), argument};
    throw Error(ErrorKind::usage, fmt::format("cannot verify {}: it does not exist", printable(argument)))
        .with_hint("correct its name");
  }
  const auto path = std::filesystem::absolute(argument);
  if (!std::filesystem::is_directory(path)) {
    if (workflow::is_archive_name(argument) || release::selector_from_project_file(path))
      return {program.settings().home(), path.string()};
    if (std::filesystem::is_block_file(path) || workflow::is_image(path)) return {{}, "", path};
    if (argument.ends_with(".zst")) {
      throw Error(ErrorKind::usage, fmt::format("cannot verify {}: it is compressed", printable(path)))
          .with_hint("unpack it first: zstd -d");
    }
    throw Error(ErrorKind::usage,
                fmt::format("cannot verify {}: it is neither an archive of Go nor an image", printable(path)))
        .with_hint(
            "name an archive (.tar.gz or .zip), an image (.img), a device, or the directory of a tree, store "
            "or bundle");
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

// The command that restores what was verified.
std::string remedy(const Program& program, const Subject& subject) {
  if (!subject.image.empty())
    return "make the image again with `gopack image`, and the stick from that; where it is mounted, `gopack "
           "repair DIR` restores trees";
  const std::filesystem::path archive(subject.what);
  if (workflow::is_archive_name(subject.what) && archive.has_parent_path() &&
      archive.parent_path() != subject.home / "downloads")
    return "fetch the archive again with `gopack fetch`";
  std::error_code ignored;
  const auto usual = program.settings().usual_home();
  const bool is_usual = usual && std::filesystem::equivalent(*usual, subject.home, ignored);
  return fmt::format("`gopack repair{}` restores what is damaged",
                     is_usual ? "" : " " + shell_word((subject.home / "").parent_path().string()));
}

std::vector<workflow::Verified> verify(Program& program, const Subject& subject, store::Depth depth) {
  if (subject.image.empty())
    return workflow::verify(program.session_on(subject.home, Access::read), subject.what, depth);
  const Run run{program.reporter(), program.stop(), program.jobs().value_or(default_jobs())};
  return workflow::verify_image(subject.image, depth, run);
}

int run_verify(Program& program, const VerifyArguments& arguments) {
  const auto& argument = arguments.what;
  const auto subject =
      argument.empty() ? Subject{program.settings().home(), ""} : find_subject(program, argument);
  const auto verified =
      verify(program, subject, arguments.is_quick ? store::Depth::names : store::Depth::contents);
  Json items = Json::array();
  Json problems = Json::array();
  std::string text;
  for (const auto& one : verified) {
    items.push_back({{"name", one.name},
                     {"files", one.files},
                     {"bytes", one.bytes},
                     {"problems", one.problems.size()},
                     {"proof", one.proof}});
    if (one.problems.empty() && !program.is_quiet()) {
      text += fmt::format("{}: {}, {}, {}{}\n", one.tree ? describe(*one.tree) : one.name,
                          count_of(one.files, "file"), human_bytes(one.bytes),
                          arguments.is_quick ? "names, sizes and modes OK" : "OK",
                          one.proof.empty() ? "" : "; " + one.proof);
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
  program.reporter().warning(fmt::format("{} found", count_of(problems.size(), "problem")),
                             remedy(program, subject));
  return static_cast<int>(ErrorKind::integrity);
}

// The archives of the store that commands work on where none is named, if it is another one.
std::optional<store::Downloads> archives_at_hand(const Program& program, const store::Store& store) {
  const auto usual = program.settings().usual_home();
  std::error_code ignored;
  if (!usual || std::filesystem::equivalent(*usual, store.path(), ignored)) return std::nullopt;
  try {
    if (!store::Store::is_at(*usual)) return std::nullopt;
    const auto other = store::Store::open(*usual);
    return other.has_downloads() ? std::optional(other.downloads()) : std::nullopt;
  } catch (const Error& error) {
    program.reporter().detail(error.text());  // the sources are asked instead
    return std::nullopt;
  }
}

int run_repair(Program& program) {
  Json json = Json::array();
  std::string text;
  const auto session = program.session(Access::write);
  const auto result = workflow::repair(
      session, {program.settings().list("source"), archives_at_hand(program, session.store)});
  std::uint64_t restored = 0;
  std::uint64_t removed = 0;
  for (const auto& one : result.repaired) {
    restored += one.restored;
    removed += one.removed;
    json.push_back({{"name", one.name},
                    {"id", one.tree ? Json(one.tree->id.text()) : Json()},
                    {"restored", one.restored},
                    {"removed", one.removed}});
    text += fmt::format("{}: {} restored, {} foreign removed\n", one.tree ? describe(*one.tree) : one.name,
                        count_of(one.restored, "file"), one.removed);
  }
  if (!result.failure)
    text += text.empty() ? "Nothing to repair.\n"
                         : fmt::format("{} restored, {} removed. Next: {} checks everything again.\n",
                                       count_of(restored, "file"), count_of(removed, "foreign file"),
                                       session.store.command("verify"));
  Json document{{"repaired", json}};
  if (result.failure) document["error"] = to_json(*result.failure);
  program.print_outcome(text, document);
  if (!result.failure) return 0;
  if (!program.json()) throw *result.failure;
  return static_cast<int>(result.failure->kind());
}

}  // namespace

void add_verify(Command root) {
  auto command = root.add_command("verify", "Hash everything again and compare it with the manifests");
  auto arguments = std::make_shared<VerifyArguments>();
  command.add_option("what", arguments->what,
                     "v_<hash>, a release, a store or bundle directory, an archive, an image or a device; "
                     "none: the whole store");
  command.add_flag("--quick", arguments->is_quick, "names, sizes and modes alone: read no contents");
  command.set_help(
      {.group = Group::proof,
       .examples = {"gopack verify", "gopack verify /media/you/STICK --quick", "gopack verify class.img"},
       .statuses = {{3, "a file is missing, changed or foreign"}, {4}, {5}}});
  command.set_run([arguments](Program& program) { return run_verify(program, *arguments); });
}

void add_repair(Command root) {
  auto command = root.add_command("repair", "Restore what verify found damaged");
  command.add_setting_list("--source", "source",
                           "where archives come from that neither this store nor the usual one has");
  command.set_help({.group = Group::care,
                    .examples = {"gopack repair", "gopack repair /media/you/STICK"},
                    .statuses = {{3}, {4}, {5}, {6}, {7}}});
  command.set_run([](Program& program) { return run_repair(program); });
}

}  // namespace gopack::app
