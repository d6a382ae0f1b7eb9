#include "share_work.hpp"

#include <fmt/format.h>

#include <thread>

#include "gopack/base/error.hpp"
#include "gopack/cache/copy.hpp"

namespace gopack::cache {

namespace {

using digest::Sha256;
using Clock = std::chrono::steady_clock;

// Of each crew. They wait for round trips, not for processors.
constexpr unsigned kThreads = 16;
// How long finish() waits for a step that has begun.
constexpr std::chrono::seconds kLastStep{1};

// Whoever waited may be gone, and its pipe closed.
void tell(const Share::Fetched& done, const std::optional<Entry>& entry) {
  try {
    done(entry);
  } catch (const Error&) {
  }
}

}  // namespace

// With the first use: a build that finds everything at hand has nothing to do with the share.
void Share::Work::start() {
  started_.call([this] {
    for (unsigned i = 0; i < kThreads; ++i) {
      spawn([this] { work(reading_); });
      spawn([this] { work(writing_); });
    }
    spawn([this] { watch(); });
  });
}

// With the first fetch: whenever it links, the go command puts something, even where it needs nothing else.
void Share::Work::begin_listing() {
  listing_.call([this] {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < kShards; ++i) {
      reading_.later.emplace_back([this, i] { catch_up(static_cast<std::uint8_t>(i)); });
    }
    reading_.has_task.notify_all();
  });
}

void Share::Work::spawn(std::function<void()> loop) {
  {
    const std::lock_guard lock(mutex_);
    ++threads_;
  }
  std::thread([self = shared_from_this(), loop = std::move(loop)] {
    loop();
    const std::lock_guard lock(self->mutex_);
    --self->threads_;
    self->changed_.notify_all();
  }).detach();
}

void Share::Work::work(Crew& crew) {
  for (;;) {
    Task task;
    {
      std::unique_lock lock(mutex_);
      crew.has_task.wait(lock, [&] { return stopped_ || !crew.is_idle(); });
      if (stopped_) return;
      task = crew.next();
    }
    task();
    progress();
  }
}

void Share::Work::progress() {
  const std::lock_guard lock(mutex_);
  last_progress_ = Clock::now();
}

void Share::Work::at_block() {
  progress();
  if (stopped_) throw Error(ErrorKind::interrupted, "stopped");
}

// Answers those who wait when the share has been silent for too long.
void Share::Work::watch() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    if (!is_waited_for()) {
      changed_.wait(lock);
      continue;
    }
    const auto end = last_progress_ + patience_;
    if (Clock::now() < end) {
      changed_.wait_until(lock, end);
      continue;
    }
    const auto left = std::exchange(waiting_, {});
    lock.unlock();
    writable_ = false;
    give_up(readable_, fmt::format("it has been silent for {} ms", patience_.count()));
    for (const auto& [number, done] : left) tell(done, std::nullopt);
    lock.lock();
    changed_.notify_all();
  }
}

template <typename Action>
void Share::Work::guard(std::atomic<bool>& usable, Action action) {
  if (!usable || stopped_) return;
  try {
    action();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::interrupted) give_up(usable, error.text());
  }
}

void Share::Work::give_up(std::atomic<bool>& usable, const std::string& reason) {
  usable = false;
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(has_warned_, true)) return;
  }
  warn(fmt::format("going on without the share {}: {}", printable(path_), reason));
}

void Share::Work::warn(const std::string& text) {
  const std::lock_guard lock(mutex_);
  if (reporter_ != nullptr) reporter_->warning("gopack cacheprog: " + text);
}

void Share::Work::open() {
  opened_.call([this] {
    auto layer = std::make_unique<const Layer>(path_, Keep::open);
    for (const auto number : layer->shards()) exists_.at(number) = true;
    layer_ = std::move(layer);
  });
}

Share::Work::Shard& Share::Work::shard(const Sha256& id) {
  open();
  const auto number = id.bytes()[0];
  auto& shard = shards_.at(number);
  shard.listed.call([&] {
    if (!exists_.at(number)) return;
    const auto names = layer_->list(number);
    const std::lock_guard lock(shard.mutex);
    shard.actions.insert(names.actions.begin(), names.actions.end());
    shard.outputs.insert(names.outputs.begin(), names.outputs.end());
  });
  return shard;
}

bool Share::Work::is_known_to_lack(const Sha256& action) {
  return shards_.at(action.bytes()[0]).listed.is_done() && !has_action(action);
}

bool Share::Work::has_action(const Sha256& id) {
  auto& in = shard(id);
  const std::lock_guard lock(in.mutex);
  return in.actions.contains(id);
}

bool Share::Work::has_output(const Sha256& id) {
  auto& in = shard(id);
  const std::lock_guard lock(in.mutex);
  return in.outputs.contains(id);
}

// Lists one directory of the share, and finds what an earlier run could not push.
void Share::Work::catch_up(std::uint8_t number) {
  const auto actions = [&] {
    try {
      return local_->list(number).actions;
    } catch (const Error&) {  // whoever needs it will say so
      return std::vector<Sha256>();
    }
  }();
  guard(readable_, [&] {
    std::array<std::uint8_t, Sha256::kSize> id{number};
    shard(Sha256(id));
    for (const auto& action : actions) {
      if (has_action(action)) continue;
      const std::lock_guard lock(mutex_);
      writing_.later.emplace_back([this, action] {
        guard(writable_, [&] {
          const auto entry = has_action(action) ? std::nullopt : local_->find(action);
          if (entry) push_now(*entry);
        });
      });
      writing_.has_task.notify_one();
    }
  });
}

std::optional<Entry> Share::Work::fetch_now(const Sha256& action) {
  if (!has_action(action)) return std::nullopt;
  const auto entry = layer_->find(action);
  if (entry) {
    const bool has_body = local_->find_body(*entry).has_value();
    const auto copied = copy_entry(*layer_, *local_, *entry, {false, has_body, [this] { at_block(); }});
    if (copied == Copied::yes) return entry;
    auto& in = shard(entry->output);
    const std::lock_guard lock(in.mutex);
    in.outputs.erase(entry->output);
  }
  warn(fmt::format("{} in {} is damaged and not used", action.hex(), printable(path_)));
  auto& in = shard(action);
  const std::lock_guard lock(in.mutex);
  in.actions.erase(action);
  return std::nullopt;
}

void Share::Work::push_now(const Entry& entry) {
  const bool has_body = has_output(entry.output);
  if (has_body && has_action(entry.action)) {
    const auto there = layer_->find(entry.action);
    if (there && there->output == entry.output) return;
  }
  const auto copied = copy_entry(*local_, *layer_, entry, {true, has_body, [this] { at_block(); }});
  if (copied == Copied::damaged) {
    warn(fmt::format("{} in {} is damaged and not pushed", entry.action.hex(), printable(local_->path())));
  }
  if (copied != Copied::yes) return;
  const auto note = [&](const Sha256& id, std::set<Sha256> Shard::*ids) {
    auto& in = shard(id);
    const std::lock_guard lock(in.mutex);
    (in.*ids).insert(id);
  };
  note(entry.output, &Shard::outputs);
  note(entry.action, &Shard::actions);
}

void Share::Work::answer(std::uint64_t number, const std::optional<Entry>& entry) {
  Fetched done;
  {
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find(number);
    if (found == waiting_.end()) return;  // it was told that there is nothing
    done = std::move(found->second);
    waiting_.erase(found);
  }
  tell(done, entry);
}

void Share::Work::fetch(const Sha256& action, Fetched done) {
  if (!readable_ || is_known_to_lack(action)) return tell(done, std::nullopt);
  start();
  begin_listing();
  const std::lock_guard lock(mutex_);
  if (waiting_.empty()) {
    last_progress_ = Clock::now();
    changed_.notify_all();
  }
  const auto number = next_number_++;
  waiting_.emplace(number, std::move(done));
  reading_.soon.emplace_back([this, number, action] {
    std::optional<Entry> entry;
    guard(readable_, [&] { entry = fetch_now(action); });
    answer(number, entry);
  });
  reading_.has_task.notify_one();
}

void Share::Work::push(const Entry& entry) {
  start();
  const std::lock_guard lock(mutex_);
  ++to_push_;
  writing_.soon.emplace_back([this, entry] {
    guard(writable_, [&] { push_now(entry); });
    const std::lock_guard counting(mutex_);
    if (--to_push_ == 0) changed_.notify_all();
  });
  writing_.has_task.notify_one();
}

bool Share::Work::finish(std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  if (stopped_) return threads_ == 0;
  is_finishing_ = true;
  last_progress_ = Clock::now();
  changed_.notify_all();
  changed_.wait_for(lock, longest, [this] { return to_push_ == 0 || !writable_; });
  stopped_ = true;
  reading_.has_task.notify_all();
  writing_.has_task.notify_all();
  changed_.notify_all();
  changed_.wait_for(lock, kLastStep, [this] { return threads_ == 0; });
  reporter_ = nullptr;
  waiting_.clear();
  return threads_ == 0;
}

}  // namespace gopack::cache
