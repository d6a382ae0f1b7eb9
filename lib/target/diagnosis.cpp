#include "gopack/target/diagnosis.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gopack/base/error.hpp"
#include "gopack/target/space_estimate.hpp"
#include "names.hpp"

namespace gopack::target {

namespace {

constexpr std::uint64_t kComfortable = 500'000'000;  // a release, its archive and some caches

std::string megabytes(std::uint64_t bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

// What `gopack bundle` would ask for, in blocks of that filesystem.
SpaceEstimate estimate_bundle(const Subject& subject) {
  SpaceEstimate estimate(subject.facts.space);
  for (const auto& tree : subject.trees) estimate.add(estimate.for_tree(tree.manifest.files));
  for (const auto bytes : subject.beside) estimate.add_file(bytes);
  return estimate;
}

std::string pointer_name(const Facts& facts, const std::vector<store::Tree>& trees) {
  const store::PointerReaders readers{
      .windows_reads = is_read_by_windows(facts.medium.type),
      .windows_starts = std::any_of(trees.begin(), trees.end(),
                                    [](const store::Tree& tree) { return tree.serves("windows"); }),
      .has_links = facts.links,
      .has_text = false};
  return store::choose_pointer(readers) == store::PointerKind::link ? "current" : "current.txt";
}

Layout lay_out(const Subject& subject) {
  const auto& facts = subject.facts;
  Layout layout;
  if (!facts.refusal) layout.pointer = pointer_name(facts, subject.trees);
  layout.staging = !facts.refusal && !facts.runs_programs;
  layout.block_size = facts.space.block_size;
  layout.available = facts.space.available;
  for (const auto& tree : subject.trees) {
    layout.trees.push_back(tree.id.text());
    layout.bytes += tree.manifest.bytes();
    layout.on_disk += SpaceEstimate(facts.space).for_tree(tree.manifest.files).bytes();
  }
  if (!subject.trees.empty())
    layout.longest_path = longest_path(subject.directory, facts, subject.trees).units;
  return layout;
}

std::string describe(Modes modes) {
  switch (modes) {
    case Modes::kept:
      return "kept";
    case Modes::all_executable:
      return "every file is executable";
    case Modes::none_executable:
      return "none";
  }
  return "none";
}

std::string describe(Locks locks) {
  switch (locks) {
    case Locks::work:
      return "work";
    case Locks::missing:
      return "do nothing";
    case Locks::hang:
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
  checks.push_back({"locks", f.locks == Locks::work, describe(f.locks), another});
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

Check check_space(const Subject& subject, const Layout& layout) {
  auto found = fmt::format("{} free, in blocks of {} bytes", megabytes(layout.available), layout.block_size);
  const bool is_cramped = layout.on_disk > layout.bytes * 5 / 4;
  if (!subject.trees.empty()) {
    found += fmt::format("; {} of trees take {}", megabytes(layout.bytes), megabytes(layout.on_disk));
    if (is_cramped) found += ": smaller blocks when it is formatted help";
  }
  if (subject.trees.empty() || subject.is_store) {
    return {"free space", layout.available >= kComfortable, found,
            "free some space; one release takes 100 to 500 MB"};
  }
  if (subject.has_trees) return {"free space", true, found, ""};
  const auto estimate = estimate_bundle(subject);
  const auto& manifest = subject.trees.front().manifest;
  found += fmt::format("; a bundle of {} {} needs {}", manifest.release, manifest.profile,
                       megabytes(estimate.bytes()));
  return {"free space", estimate.fits(), found, "free some space, or bundle a smaller profile"};
}

void check_trees(const Subject& subject, std::vector<Check>& checks) {
  const auto& [directory, facts, trees, has_trees, is_store, beside] = subject;
  if (trees.empty()) return;
  const auto fault = find_name_fault(facts, trees);
  checks.push_back({"names in trees", !fault, fault.value_or("all fit"),
                    "drop the file in the profile (--profile minimal has none such)"});
  const auto longest = longest_path(directory, facts, trees);
  checks.push_back(
      {"path length on Windows", longest.units <= kWindowsPath,
       fmt::format("{} of {} characters: {}", longest.units, kWindowsPath, printable(longest.text)),
       "put the bundle nearer to the root of the drive, or let Windows have long paths (LongPathsEnabled)"});
}

}  // namespace

Diagnosis diagnose(const Subject& subject) {
  Diagnosis diagnosis{.checks = {}, .layout = lay_out(subject)};
  auto& checks = diagnosis.checks;
  const auto& facts = subject.facts;
  checks.push_back({"writable", !facts.refusal,
                    facts.refusal ? facts.refusal->text() : printable(facts.directory),
                    "choose another directory, remount it writable, or correct its permissions"});
  checks.push_back(check_space(subject, diagnosis.layout));
  if (!facts.refusal) check_abilities(facts, diagnosis.layout.pointer, checks);
  check_trees(subject, checks);
  return diagnosis;
}

}  // namespace gopack::target
