#include "gopack/cache/copy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "gopack/base/error.hpp"
#include "gopack/base/parallel.hpp"

namespace gopack::cache {

namespace {

// The ids of a layer, each list in order.
Names list_all(const Layer& layer, const Run& run) {
  const auto shards = layer.shards();
  std::vector<Names> parts(shards.size());
  run_parallel(shards.size(), run.jobs, [&](std::size_t i) {
    throw_if_stopped(run.stop);
    parts[i] = layer.list(shards[i]);
  });
  Names all;
  for (const auto& part : parts) {  // names and shards are in order, so all is
    all.actions.insert(all.actions.end(), part.actions.begin(), part.actions.end());
    all.outputs.insert(all.outputs.end(), part.outputs.begin(), part.outputs.end());
  }
  return all;
}

bool contains(const std::vector<digest::Sha256>& ids, const digest::Sha256& id) {
  return std::binary_search(ids.begin(), ids.end(), id);
}

constexpr const char* kTask = "copying cache entries";

// What one run copies. `near` is the side whose entries are read where both have one: each costs a round trip
// to a share.
struct Direction {
  const Layer& from;
  const Layer& to;
  const Layer& near;
  bool flush = false;
};

class Copy {
 public:
  Copy(const Direction& direction, const Run& run)
      : from_(direction.from), to_(direction.to), near_(direction.near), flush_(direction.flush), run_(run) {}

  CopySummary run() {
    there_ = list_all(to_, run_);
    const auto actions = list_all(from_, run_).actions;
    run_parallel(actions.size(), run_.jobs, [&](std::size_t i) {
      throw_if_stopped(run_.stop);
      take(actions[i]);
      run_.reporter.on(Progressed{kTask, bytes_, 0});
    });
    run_.reporter.on(Finished{kTask});
    return {entries_, bytes_, skipped_, damaged_};
  }

 private:
  void take(const digest::Sha256& action) {
    // A body comes before its entry, but Go's trimming may take it away alone.
    const bool has_entry = contains(there_.actions, action);
    if (has_entry) {
      const auto entry = near_.find(action);
      if (entry && contains(there_.outputs, entry->output)) {
        ++skipped_;
        return;
      }
    }
    const auto entry = from_.find(action);
    if (!entry) return from_.has(action) ? leave(action) : void();  // Go has trimmed it meanwhile
    const bool has_body = contains(there_.outputs, entry->output);
    const auto copied =
        copy_entry(from_, to_, *entry, {flush_, has_body, [&] { throw_if_stopped(run_.stop); }});
    if (copied == Copied::damaged) return leave(action);
    if (copied == Copied::missing) return;
    ++entries_;
    if (!has_body) bytes_ += entry->size;
  }

  void leave(const digest::Sha256& action) {
    ++damaged_;
    run_.reporter.warning(
        fmt::format("{} in {} is damaged and was left there", action.hex(), printable(from_.path())));
  }

  const Layer& from_;
  const Layer& to_;
  const Layer& near_;
  const bool flush_;
  const Run run_;
  Names there_;
  std::atomic<std::uint64_t> entries_{0};
  std::atomic<std::uint64_t> bytes_{0};
  std::atomic<std::uint64_t> skipped_{0};
  std::atomic<std::uint64_t> damaged_{0};
};

void remove_leftovers(const Layer& layer, unsigned jobs) {
  const auto shards = layer.shards();
  run_parallel(shards.size(), jobs, [&](std::size_t i) { layer.remove_leftovers(shards[i]); });
}

}  // namespace

Copied copy_entry(const Layer& from, const Layer& to, const Entry& entry, const CopyOptions& options) {
  if (options.has_body) {
    options.at_block();
    put_entry(to, entry, options.flush);
    return Copied::yes;
  }
  auto body = from.open_body(entry);
  if (!body) return Copied::missing;
  Incoming incoming(to, entry, options.flush);
  FileSource source(*body);
  for (auto block = source.next(); !block.empty(); block = source.next()) {
    options.at_block();
    incoming.write(block);
  }
  return incoming.commit() ? Copied::yes : Copied::damaged;
}

CopySummary push(const Layer& local, const Layer& share, const Run& run) {
  remove_leftovers(share, run.jobs);
  return Copy({.from = local, .to = share, .near = local, .flush = true}, run).run();
}

CopySummary pull(const Layer& local, const Layer& share, const Run& run) {
  remove_leftovers(local, run.jobs);
  return Copy({.from = share, .to = local, .near = local}, run).run();
}

}  // namespace gopack::cache
