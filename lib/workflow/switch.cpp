#include "gopack/workflow/switch.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "gopack/base/error.hpp"
#include "gopack/base/filesystem.hpp"
#include "gopack/base/process.hpp"
#include "gopack/store/trees.hpp"
#include "gopack/store/verify.hpp"
#include "switching.hpp"

namespace gopack::workflow {

namespace {

void require_whole(const Session& session, const Tree& tree, store::Depth depth) {
  const auto problems = store::verify_tree(session.store.trees().open(tree.id), tree.manifest.files, depth,
                                           session.jobs, session.stop);
  if (problems.empty()) return;
  const auto& first = problems.front();
  throw Error(ErrorKind::integrity,
              fmt::format("cannot switch to {}: {} of its files {} not what the manifest says, first {} ({})",
                          tree.id.text(), problems.size(), problems.size() == 1 ? "is" : "are",
                          printable(first.path), store::to_string(first.kind)))
      .with_hint(fmt::format("run {}", session.store.command("repair")));
}

std::string to_event(const Session& session, const Switched& switched) {
  const auto& manifest = switched.to.manifest;
  const auto& id = switched.to.id.text();
  nlohmann::ordered_json event{
      {"schema", 1}, {"event", "post_switch"}, {"home", session.store.path().string()}};
  event["from"] = nullptr;
  if (switched.from) event["from"] = switched.from->text();
  event["to"] = id;
  event["release"] = manifest.release;
  event["platforms"] = manifest.platforms;
  event["profile"] = manifest.profile;
  event["path"] = (session.store.path() / id).string();
  return event.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

// Nothing when the tree from before is current again; else what was in the way. A second gopack may have been
// at work since the switch.
std::optional<std::string> find_obstacle_to_going_back(const Session& session, const tree::StoreId& from,
                                                       const tree::StoreId& to) {
  try {
    const auto lock =
        session.store.lock(session.lock_patience, {});  // a command that is stopped also goes back
    const auto pointer = session.store.pointer();
    if (pointer.current() != to) return "another tree was made current meanwhile";
    if (!session.store.trees().is_complete(from)) return from.text() + " was removed meanwhile";
    pointer.switch_to(from, session.store.durable());
    return std::nullopt;
  } catch (const Error& error) {
    return error.text();
  }
}

// What the user can know and do after the hook has failed.
std::string state_after_failure(const Session& session, const Switched& switched,
                                const SwitchOptions& options) {
  const auto& to = switched.to.id.text();
  if (!options.rollback_on_failure || !switched.from)
    return fmt::format("{} stays current; {} goes back", to, session.store.command("rollback"));
  const auto obstacle = find_obstacle_to_going_back(session, *switched.from, switched.to.id);
  if (!obstacle) return fmt::format("{} is current again", switched.from->text());
  return fmt::format("{} was not made current again ({}); {} goes back from {}", switched.from->text(),
                     *obstacle, session.store.command("rollback"), to);
}

}  // namespace

Switched switch_to(const Session& session, Tree tree, store::Depth depth) {
  const auto pointer = session.store.pointer();
  Switched switched{pointer.current(), std::move(tree), false};
  require_whole(session, switched.to, depth);
  switched.changed = switched.from != switched.to.id;
  // The tree may have been published without waiting for the disk.
  if (switched.changed && session.store.durable()) sync_filesystem(session.store.home());
  pointer.switch_to(switched.to.id, session.store.durable());
  return switched;
}

Switched run_hook(const Session& session, Switched switched, const SwitchOptions& options) {
  if (!switched.changed || options.post_switch.empty()) return switched;
  const auto result =
      run_process(shell_command(options.post_switch), current_environment(),
                  {.input = to_event(session, switched), .keep = OutputPart::end, .stop = session.stop});
  session.reporter.detail(result.output);
  if (result.status == 0) return switched;
  const auto hint = state_after_failure(session, switched, options);
  throw_if_stopped(session.stop);
  throw Error(ErrorKind::failed, fmt::format("the post-switch hook failed with status {}: {}", result.status,
                                             printable(options.post_switch)))
      .with_hint(hint);
}

namespace {

Switched use_tree(const Session& session, const std::string& selector) {
  const auto lock = session.store.lock(session.lock_patience, session.stop);
  return switch_to(session, store::choose_tree(session.store, selector, session.reporter),
                   store::Depth::contents);
}

Switched use_previous(const Session& session) {
  const auto lock = session.store.lock(session.lock_patience, session.stop);
  const auto previous = session.store.pointer().previous();
  if (!previous) {
    throw Error(ErrorKind::failed, fmt::format("cannot roll back in {}: no earlier tree is recorded",
                                               printable(session.store.path())))
        .with_hint(fmt::format("choose a tree with {}", session.store.command("use")));
  }
  if (!session.store.trees().is_known(*previous)) {
    throw Error(ErrorKind::failed,
                fmt::format("cannot roll back in {}: {}, which was current before, was removed",
                            printable(session.store.path()), previous->text()))
        .with_hint(fmt::format("choose a tree with {}", session.store.command("use")));
  }
  return switch_to(session, {*previous, session.store.trees().manifest(*previous)}, store::Depth::names);
}

}  // namespace

Switched use(const Session& session, const std::string& selector, const SwitchOptions& options) {
  return run_hook(session, use_tree(session, selector), options);
}

Switched rollback(const Session& session, const SwitchOptions& options) {
  return run_hook(session, use_previous(session), options);
}

}  // namespace gopack::workflow
