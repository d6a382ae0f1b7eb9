#include "gopack/workflow/doctor.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gopack/acquire/acquire.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/process.hpp"
#include "gopack/bundle/files.hpp"
#include "gopack/target/fit.hpp"
#include "gopack/target/space_estimate.hpp"

namespace gopack::workflow {

namespace {

using target::Facts;

constexpr std::uint64_t kComfortable = 500'000'000;  // a release, its archive and some caches

std::string megabytes(std::uint64_t bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

// The trees of `directory` or, where it has none, what would go there.
struct Subject {
  std::vector<Tree> trees;
  bool are_there = false;
};

Subject find_subject(const std::filesystem::path& directory, const Session& session) {
  if (store::Store::is_at(directory)) {
    if (auto trees = store::load_trees(store::Store::open(directory), session.reporter); !trees.empty())
      return {std::move(trees), true};
  }
  const auto current = session.store.pointer().current();
  if (!current || !session.store.has(*current)) return {};
  const auto tree = store::load_tree(session.store, *current, session.reporter);
  return {tree ? std::vector{*tree} : std::vector<Tree>(), false};
}

// What `gopack bundle` would ask for, in blocks of that filesystem.
target::SpaceEstimate need_of_bundle(const Space& space, const std::vector<Tree>& trees) {
  target::SpaceEstimate need(space);
  for (const auto& tree : trees) {
    auto room = need.for_tree();
    for (const auto& file : tree.manifest.files) room.add(file.path, file.size);
    need.add(room);
  }
  for (const auto& file : bundle::bundle_files()) need.add_file(file.text.size());
  return need;
}

bool is_for_windows(const Tree& tree) {
  const auto platforms = tree.platforms();
  return std::any_of(platforms.begin(), platforms.end(), [](const auto& p) { return p.os == "windows"; });
}

std::string pointer_name(const Facts& facts, const std::vector<Tree>& trees) {
  const store::PointerReaders readers{
      .windows_reads = is_read_by_windows(facts.medium.type),
      .windows_starts = std::any_of(trees.begin(), trees.end(), is_for_windows),
      .has_links = facts.links,
      .has_text = false};
  return store::choose_pointer(readers) == store::PointerKind::link ? "current" : "current.txt";
}

Layout lay_out(const std::filesystem::path& directory, const Facts& facts, const std::vector<Tree>& trees) {
  Layout layout;
  if (!facts.refusal) layout.pointer = pointer_name(facts, trees);
  layout.staging = !facts.refusal && !facts.runs_programs;
  layout.block_size = facts.space.block_size;
  layout.available = facts.space.available;
  for (const auto& tree : trees) {
    layout.trees.push_back(tree.id.text());
    layout.bytes += tree.manifest.bytes();
    target::TreeSpace room(facts.space.block_size);
    for (const auto& file : tree.manifest.files) room.add(file.path, file.size);
    layout.on_disk += room.bytes();
  }
  if (!trees.empty()) layout.longest_path = target::longest_path(directory, facts, trees).units;
  return layout;
}

std::string describe(target::Modes modes) {
  switch (modes) {
    case target::Modes::kept:
      return "kept";
    case target::Modes::all_executable:
      return "every file is executable";
    case target::Modes::none_executable:
      return "none";
  }
  return "none";
}

std::string describe(target::Locks locks) {
  switch (locks) {
    case target::Locks::work:
      return "work";
    case target::Locks::missing:
      return "do nothing";
    case target::Locks::hang:
      return "hang";
  }
  return "do nothing";
}

void check_abilities(const Facts& facts, const std::string& pointer, std::vector<Check>& checks) {
  const auto& f = facts;
  const std::string another = "use another directory, on a local disk or a stick";
  checks.push_back(
      {"rename over a file", f.replaces, f.replaces ? "yes" : "no: nothing can be updated safely", another});
  checks.push_back({"symbolic links", true,
                    fmt::format("{}: `current` is {}", f.links ? "yes" : "no",
                                pointer == "current" ? "one" : "the text file current.txt"),
                    ""});
  checks.push_back(
      {"executable bits", true,
       fmt::format("{}, {}", describe(f.modes), f.chmod ? "can be changed" : "cannot be changed"), ""});
  checks.push_back(
      {"programs", f.runs_programs,
       f.runs_programs ? "can be started there" : "cannot be started there: launchers have to stage the tree",
       "mount it with exec, or name a data directory on this machine (--data-dir, data_dir)"});
  checks.push_back({"locks", f.locks == target::Locks::work, describe(f.locks), another});
  checks.push_back(
      {"case of names", f.keeps_case,
       fmt::format("{}, {}", f.ignores_case ? "ignored" : "matters", f.keeps_case ? "kept" : "lost"),
       "mount it without ignore_case"});
  checks.push_back(
      {"long names", true, f.takes_long_names ? "255 characters" : "less than 255 characters", ""});
  checks.push_back({"names beyond ASCII", true, f.takes_any_script ? "yes" : "refused", ""});
  checks.push_back({"names that Windows refuses", true, f.takes_reserved_names ? "taken" : "refused", ""});
  checks.push_back({"files of 4 GiB", true, f.takes_large_files ? "yes" : "no", ""});
}

Check check_space(const std::filesystem::path& directory, const Session& session, const Facts& facts,
                  const Subject& subject, const Layout& layout) {
  auto found = fmt::format("{} free, in blocks of {} bytes", megabytes(layout.available), layout.block_size);
  const bool is_cramped = layout.on_disk > layout.bytes * 5 / 4;
  if (!subject.trees.empty()) {
    found += fmt::format("; {} of trees take {}", megabytes(layout.bytes), megabytes(layout.on_disk));
    if (is_cramped) found += ": smaller blocks when it is formatted help";
  }
  std::error_code ignored;
  if (subject.trees.empty() || std::filesystem::equivalent(directory, session.store.path(), ignored)) {
    return {"free space", layout.available >= kComfortable, found,
            "free some space; one release takes 100 to 500 MB"};
  }
  if (subject.are_there) return {"free space", true, found, ""};
  const auto need = need_of_bundle(facts.space, subject.trees);
  const auto& manifest = subject.trees.front().manifest;
  found += fmt::format("; a bundle of {} {} needs {}", manifest.release, manifest.profile,
                       megabytes(need.bytes()));
  return {"free space", need.fits(), found, "free some space, or bundle a smaller profile"};
}

void check_trees(const std::filesystem::path& directory, const Facts& facts, const std::vector<Tree>& trees,
                 std::vector<Check>& checks) {
  if (trees.empty()) return;
  const auto fault = target::find_name_fault(facts, trees);
  checks.push_back({"names in trees", !fault, fault.value_or("all fit"),
                    "drop the file in the profile (--profile minimal has none such)"});
  const auto longest = target::longest_path(directory, facts, trees);
  checks.push_back(
      {"path length on Windows", longest.units <= target::kWindowsPath,
       fmt::format("{} of {} characters: {}", longest.units, target::kWindowsPath, printable(longest.text)),
       "put the bundle nearer to the root of the drive, or let Windows have long paths (LongPathsEnabled)"});
}

Check check_variable(const std::string& name, const char* remedy) {
  const auto value = environment_variable(name);
  if (!value) return {name, true, "not set", ""};
  return {name, false, fmt::format("set to {}", printable(*value)), remedy};
}

Check check_source(const Session& session, const std::string& name, bool is_note) {
  try {
    acquire::list_remote(session.acquiring(), {name});
    return {.name = "source " + name, .ok = true, .found = "answers", .remedy = {}};
  } catch (const Error& error) {
    return {.name = "source " + name,
            .ok = false,
            .found = error.text(),
            .remedy = "check the network, HTTPS_PROXY and SSL_CERT_FILE, or name another --source",
            .is_note = is_note};
  }
}

}  // namespace

Diagnosis examine(const std::filesystem::path& directory, const Session& session,
                  const DoctorOptions& options) {
  const auto facts = target::probe(directory);
  const auto subject = find_subject(directory, session);
  const auto& trees = subject.trees;
  Diagnosis diagnosis{.checks = {}, .layout = lay_out(directory, facts, trees)};
  auto& checks = diagnosis.checks;
  const bool writable = !facts.refusal;
  checks.push_back({"writable", writable, writable ? printable(facts.directory) : facts.refusal->text(),
                    "choose another directory, remount it writable, or correct its permissions"});
  checks.push_back(check_space(directory, session, facts, subject, diagnosis.layout));
  if (writable) check_abilities(facts, diagnosis.layout.pointer, checks);
  check_trees(directory, facts, trees, checks);
  checks.push_back(check_variable(
      "GOROOT", "launchers override it, but an installed go obeys it: unset it if you do not need it"));
  checks.push_back(
      check_variable("GOFLAGS", "every go obeys it, also that of a bundle: unset it if you do not need it"));
  for (const auto& source : options.sources)
    checks.push_back(check_source(session, source, options.needs_no_sources));
  return diagnosis;
}

}  // namespace gopack::workflow
