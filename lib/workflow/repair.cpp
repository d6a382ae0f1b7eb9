#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

#include "gopack/base/error.hpp"
#include "gopack/base/shell_word.hpp"
#include "gopack/bundle/checksums.hpp"
#include "gopack/bundle/files.hpp"
#include "gopack/store/mender.hpp"
#include "gopack/store/trees.hpp"
#include "gopack/workflow/verify.hpp"
#include "losses.hpp"
#include "restore.hpp"

namespace gopack::workflow {

namespace {

// Those whose bytes are not what proved them. Archives that are gone nobody needs until a tree is damaged.
void repair_archives(const Session& session, const RepairOptions& options, std::vector<Repaired>& repaired,
                     Losses& losses) {
  const auto downloads = session.store.downloads();
  for (const auto& archive : downloads.list_records()) {
    losses.attempt(archive.file, [&] {
      if (!downloads.directory().find(archive.file) || downloads.is_whole(archive)) return;
      restore_archive(session, archive.origin(), options);
      repaired.push_back({archive.file, std::nullopt, 1, 0});
    });
  }
}

// The names of what only a manifest could have told.
Error lost_for_good(const Session& session, const std::vector<std::string>& names) {
  return Error(ErrorKind::integrity,
               fmt::format("cannot restore {} in {}: only a manifest says what a tree holds",
                           fmt::join(names, ", "), printable(session.store.path())))
      .with_hint(fmt::format(
          "lay the tree out anew with {}, or take it out with {}, the current one after {}",
          session.store.anew(), session.store.command("remove v_…"), session.store.command("use")));
}

void repair_trees(const Session& session, const RepairOptions& options, std::vector<Repaired>& repaired,
                  Losses& losses) {
  const auto& store = session.store;
  std::vector<std::string> lost;
  for (const auto& id : store.trees().known()) {
    losses.attempt(id.text(), [&] {
      const auto tree = store::load_tree(store, id, session.reporter);
      if (!tree) {
        lost.push_back(id.text() + ".json");
        return;
      }
      const auto& files = tree->manifest.files;
      const auto problems = store.trees().is_complete(id)
                                ? store::verify_tree(store.trees().open(id), files, store::Depth::contents,
                                                     session.jobs, session.stop)
                                : store::missing_files(files);
      if (!problems.empty()) repaired.push_back(repair_tree(session, *tree, problems, options, losses));
      if (store.trees().is_complete(id)) store::seal_tree(store.trees().open(id), files);
    });
  }
  const auto current = store.pointer().named() ? store::lost_current(store) : std::nullopt;
  if (current && std::find(lost.begin(), lost.end(), *current) == lost.end()) lost.push_back(*current);
  if (!lost.empty()) losses.add(lost_for_good(session, lost));
}

// As launchers do: by the last switch that leads to a tree that is there.
void repair_pointer(const store::Store& store, std::vector<Repaired>& repaired, Losses& losses) {
  const auto pointer = store.pointer();
  if (pointer.named() || store.trees().known().empty()) return;
  losses.attempt("current", [&] {
    const auto last = pointer.current();
    if (!last) return;
    pointer.switch_to(*last, store.durable());
    repaired.push_back({"current", std::nullopt, 1, 0});
  });
}

void repair_files_beside(const Session& session, std::vector<Repaired>& repaired, Losses& losses) {
  const auto& store = session.store;
  const auto beside = bundle::repair_beside(store);
  if (beside.restored > 0) repaired.push_back({bundle::kChecksums, std::nullopt, beside.restored, 0});
  if (beside.lost.empty()) return;
  losses.add(
      Error(ErrorKind::integrity,
            fmt::format("cannot restore {} in {}: this gopack has no file of that digest",
                        printable(fmt::format("{}", fmt::join(beside.lost, ", "))), printable(store.path())))
          .with_hint(fmt::format(
              "bundle again: `gopack bundle --target {}{}`", printable(shell_word(store.path().string())),
              std::any_of(beside.lost.begin(), beside.lost.end(), bundle::is_program_name) ? " --with-gopack"
                                                                                           : "")));
}

}  // namespace

RepairResult repair(const Session& session, const RepairOptions& options) {
  const auto& store = session.store;
  const auto lock = store.lock(session.lock_patience, session.stop);
  const PassingArchives archives(store);
  RepairResult result;
  Losses losses;
  repair_trees(session, options, result.repaired, losses);
  repair_pointer(store, result.repaired, losses);
  losses.attempt("what lies beside the trees",
                 [&] { repair_files_beside(session, result.repaired, losses); });
  if (store.has_downloads()) repair_archives(session, options, result.repaired, losses);
  result.failure = losses.error();
  return result;
}

}  // namespace gopack::workflow
