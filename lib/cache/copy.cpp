#include "gopack/cache/copy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "gopack/base/error.hpp"
#include "gopack/base/parallel.hpp"

namespace gopack::cache {

namespace {

// The ids of a layer, each list in order.
Names list_all(const Layer& layer, unsigned jobs, const std::stop_token& stop) {
  const auto shards = layer.shards();
  std::vector<Names> parts(shards.size());
  run_parallel(shards.size(), jobs, [&](std::size_t i) {
    throw_if_stopped(stop);
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

// One run. `near` is the side whose entries are read where both have one: each costs a round trip to a share.
class Copy {
 public:
  Copy(const Layer& from, const Layer& to, const Layer& near, bool flush, Reporter& reporter,
       std::stop_token stop)
      : from_(from), to_(to), near_(near), flush_(flush), reporter_(reporter), stop_(std::move(stop)) {}

  CopySummary run(unsigned jobs) {
    there_ = list_all(to_, jobs, stop_);
    const auto actions = list_all(from_, jobs, stop_).actions;
    run_parallel(actions.size(), jobs, [&](std::size_t i) {
      throw_if_stopped(stop_);
      take(actions[i]);
      reporter_.progress("copying cache entries", bytes_, 0);
    });
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
    const auto copied = copy_entry(from_, to_, *entry, {flush_, has_body, [&] { throw_if_stopped(stop_); }});
    if (copied == Copied::damaged) return leave(action);
    if (copied == Copied::missing) return;
    ++entries_;
    if (!has_body) bytes_ += entry->size;
  }

  void leave(const digest::Sha256& action) {
    ++damaged_;
    reporter_.warning(
        fmt::format("{} in {} is damaged and was left there", action.hex(), printable(from_.path())));
  }

  const Layer& from_;
  const Layer& to_;
  const Layer& near_;
  const bool flush_;
  Reporter& reporter_;
  const std::stop_token stop_;
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

CopySummary push(const Layer& local, const Layer& share, unsigned jobs, Reporter& reporter,
                 const std::stop_token& stop) {
  remove_leftovers(share, jobs);
  return Copy(local, share, local, true, reporter, stop).run(jobs);
}

CopySummary pull(const Layer& local, const Layer& share, unsigned jobs, Reporter& reporter,
                 const std::stop_token& stop) {
  remove_leftovers(local, jobs);
  return Copy(share, local, local, false, reporter, stop).run(jobs);
}

}  // namespace gopack::cache
