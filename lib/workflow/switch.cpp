#include "gopack/workflow/switch.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "gopack/base/error.hpp"
#include "gopack/base/process.hpp"
#include "switching.hpp"

namespace gopack::workflow {

namespace {

void require_whole(const Session& session, const Tree& tree, store::Depth depth) {
  const auto problems = store::verify_tree(session.store.open_tree(tree.id), tree.manifest.files, depth,
                                           session.jobs, session.stop);
  if (problems.empty()) return;
  const auto& first = problems.front();
  throw Error(ErrorKind::integrity,
              fmt::format("cannot switch to {}: {} of its files {} not what the manifest says, first {} ({})",
                          tree.id.text(), problems.size(), problems.size() == 1 ? "is" : "are",
                          printable(first.path), store::to_string(first.kind)))
      .with_hint("run `gopack repair`");
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

void run_hook(const Session& session, const Switched& switched, const SwitchOptions& options) {
  if (options.post_switch.empty()) return;
  const auto result = run_process(shell_command(options.post_switch), current_environment(),
                                  {.input = to_event(session, switched), .stop = session.stop});
  session.reporter.detail(result.output);
  if (result.status == 0) return;
  const bool goes_back = options.rollback_on_failure && switched.from;
  if (goes_back) session.store.pointer().switch_to(*switched.from, session.store.durable());
  throw_if_stopped(session.stop);
  Error error(ErrorKind::failed, fmt::format("the post-switch hook failed with status {}: {}", result.status,
                                             printable(options.post_switch)));
  if (goes_back) throw error.with_hint(fmt::format("{} is current again", switched.from->text()));
  throw error.with_hint(fmt::format("{} stays current; `gopack rollback` goes back", switched.to.id.text()));
}

}  // namespace

Switched switch_to(const Session& session, Tree tree, store::Depth depth, const SwitchOptions& options) {
  const auto pointer = session.store.pointer();
  Switched switched{pointer.current(), std::move(tree), false};
  require_whole(session, switched.to, depth);
  switched.changed = switched.from != switched.to.id;
  // The tree may have been published without waiting for the disk.
  if (switched.changed && session.store.durable()) session.store.home().sync_filesystem();
  pointer.switch_to(switched.to.id, session.store.durable());
  if (!switched.changed) return switched;
  run_hook(session, switched, options);
  return switched;
}

Switched use(const Session& session, const std::string& selector, const SwitchOptions& options) {
  const auto lock = session.store.lock(session.lock_patience, session.stop);
  return switch_to(session, choose_tree(session.store, selector, session.reporter), store::Depth::contents,
                   options);
}

Switched rollback(const Session& session, const SwitchOptions& options) {
  const auto lock = session.store.lock(session.lock_patience, session.stop);
  const auto previous = session.store.pointer().previous();
  if (!previous) {
    throw Error(ErrorKind::failed, fmt::format("cannot roll back in {}: no earlier tree is recorded",
                                               printable(session.store.path())))
        .with_hint("choose a tree with `gopack use`");
  }
  return switch_to(session, {*previous, session.store.manifest(*previous)}, store::Depth::names, options);
}

}  // namespace gopack::workflow
