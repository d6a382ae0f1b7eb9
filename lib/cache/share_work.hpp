// The threads of a Share. Private to cache.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "share.hpp"

namespace gopack::cache {

// All state, owned by the Share and by each of its threads.
class Share::Work : public std::enable_shared_from_this<Share::Work> {
 public:
  Work(std::filesystem::path path, std::shared_ptr<const Layer> local, Reporter& reporter,
       std::chrono::milliseconds patience)
      : path_(std::move(path)), local_(std::move(local)), patience_(patience), reporter_(&reporter) {}

  void fetch(const digest::Sha256& action, Fetched done);
  void push(const Entry& entry);
  bool finish(std::chrono::milliseconds longest);

 private:
  // Like std::once_flag, whose waiters hang under TSan when the first one throws.
  class Once {
   public:
    // Until one call has ended without an exception.
    template <typename Action>
    void call(Action action) {
      if (done_) return;
      const std::lock_guard lock(mutex_);
      if (done_) return;
      action();
      done_ = true;
    }
    bool is_done() const { return done_; }

   private:
    std::mutex mutex_;
    std::atomic<bool> done_{false};
  };
  using Task = std::function<void()>;

  // Threads and what they are to do. Reading and writing have a crew each: nobody who waits for a fetch waits
  // until something is pushed.
  struct Crew {
    std::deque<Task> soon;
    std::deque<Task> later;  // when there is nothing to do soon
    std::condition_variable has_task;

    bool is_idle() const { return soon.empty() && later.empty(); }
    Task next() {
      auto& tasks = soon.empty() ? later : soon;
      auto task = std::move(tasks.front());
      tasks.pop_front();
      return task;
    }
  };
  struct Shard {
    Once listed;
    std::mutex mutex;
    std::set<digest::Sha256> actions;  // guarded by mutex
    std::set<digest::Sha256> outputs;  // guarded by mutex
  };

  void start();
  void begin_listing();
  void spawn(std::function<void()> loop);
  void work(Crew& crew);
  void watch();
  bool is_waited_for() const { return !waiting_.empty() || (is_finishing_ && writable_); }  // mutex_ held
  void progress();
  void at_block();
  // Runs what uses the share; an Error ends that use for good.
  template <typename Action>
  void guard(std::atomic<bool>& usable, Action action);
  void give_up(std::atomic<bool>& usable, const std::string& reason);
  void warn(const std::string& text);

  void open();
  Shard& shard(const digest::Sha256& id);
  bool is_known_to_lack(const digest::Sha256& action);  // without asking the share
  bool has_action(const digest::Sha256& id);
  bool has_output(const digest::Sha256& id);
  void catch_up(std::uint8_t number);
  std::optional<Entry> fetch_now(const digest::Sha256& action);
  void push_now(const Entry& entry);
  void answer(std::uint64_t number, const std::optional<Entry>& entry);

  const std::filesystem::path path_;
  const std::shared_ptr<const Layer> local_;
  const std::chrono::milliseconds patience_;

  Once opened_;
  std::unique_ptr<const Layer> layer_;  // set once, by opened_
  std::array<std::atomic<bool>, kShards> exists_{};
  std::array<Shard, kShards> shards_;
  std::atomic<bool> readable_{true};
  std::atomic<bool> writable_{true};
  std::atomic<bool> stopped_{false};

  Once started_;
  Once listing_;
  std::mutex mutex_;
  std::condition_variable changed_;           // for watch() and finish()
  Crew reading_;                              // guarded by mutex_: fetches, then what lists the share
  Crew writing_;                              // guarded by mutex_: what was put, then what earlier runs left
  std::map<std::uint64_t, Fetched> waiting_;  // guarded by mutex_
  std::uint64_t next_number_ = 0;             // guarded by mutex_
  std::size_t to_push_ = 0;                   // guarded by mutex_
  unsigned threads_ = 0;                      // guarded by mutex_
  std::chrono::steady_clock::time_point last_progress_;  // guarded by mutex_
  Reporter* reporter_;                                   // guarded by mutex_; null at the end
  bool has_warned_ = false;                              // guarded by mutex_
  bool is_finishing_ = false;                            // guarded by mutex_
};

}  // namespace gopack::cache
