#include "render/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gopack/base/error.hpp"
#include "render/table.hpp"

namespace gopack::app {

namespace {

using namespace std::chrono_literals;

constexpr auto kWindow = 10s;      // over which the rate is measured
constexpr auto kFirst = 1s;        // before which there is none
constexpr auto kInterval = 100ms;  // between samples
constexpr int kBarWidth = 24;
constexpr double kLongest = 100 * 3600;  // seconds; what would take longer is not estimated

// "0:07", "12:34", "1:02:03"
std::string clock_time(long seconds) {
  const auto minutes = seconds / 60;
  if (minutes < 60) return fmt::format("{}:{:02}", minutes, seconds % 60);
  return fmt::format("{}:{:02}:{:02}", minutes / 60, minutes % 60, seconds % 60);
}

}  // namespace

bool Progress::take(const Started& started) {
  const auto [task, is_new] = tasks_.try_emplace(std::string(started.task));
  task->second = {.total = started.total};
  return is_new;
}

bool Progress::take(const Progressed& progressed, Clock::time_point now) {
  const auto found = tasks_.find(progressed.task);
  const bool is_new = found == tasks_.end();
  auto& task = is_new ? tasks_[std::string(progressed.task)] : found->second;
  const bool is_first = task.done == 0;
  if (!is_first && progressed.done > task.done) moved_ += progressed.done - task.done;
  task = {.done = progressed.done, .total = progressed.total};
  if (samples_.empty() || now - samples_.back().at >= kInterval) samples_.push_back({now, moved_});
  while (now - samples_.front().at > kWindow && samples_.size() > 1) samples_.pop_front();
  return is_new;
}

bool Progress::take(const Finished& finished) {
  const auto found = tasks_.find(finished.task);
  if (found == tasks_.end()) return false;
  auto& task = found->second;
  task = {
      .done = std::max(task.done, task.total), .total = std::max(task.done, task.total), .is_finished = true};
  const bool all =
      std::all_of(tasks_.begin(), tasks_.end(), [](const auto& each) { return each.second.is_finished; });
  if (all) *this = {};
  return all;
}

std::optional<double> Progress::rate(Clock::time_point now) const {
  if (samples_.empty() || now - samples_.front().at < kFirst) return std::nullopt;
  const std::chrono::duration<double> passed = now - samples_.front().at;
  return static_cast<double>(moved_ - samples_.front().moved) / passed.count();
}

std::optional<std::string> Progress::line(Clock::time_point now) const {
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  std::size_t running = 0;
  bool is_total_known = true;
  std::string name;
  for (const auto& [task, state] : tasks_) {
    done += state.done;
    total += std::max(state.total, state.done);
    is_total_known = is_total_known && (state.total > 0 || state.is_finished);
    if (state.is_finished || (state.total > 0 && state.done >= state.total)) continue;
    ++running;
    if (name.empty()) name = task;
  }
  if (done == 0) return std::nullopt;
  if (running > 1) name += fmt::format(" and {} more", running - 1);
  const auto filled = is_total_known ? static_cast<int>(done * kBarWidth / total) : 0;
  auto line = fmt::format("[{:=<{}}{:<{}}] {}", "", filled, "", kBarWidth - filled, human_bytes(done));
  if (is_total_known) line += fmt::format(" of {}", human_bytes(total));
  if (const auto speed = rate(now)) {
    line += fmt::format("  {}/s", human_bytes(static_cast<std::uint64_t>(*speed)));
    const auto left = static_cast<double>(total - done) / *speed;
    if (is_total_known && left < kLongest) line += fmt::format("  {} left", clock_time(std::lround(left)));
  }
  return line + "  " + printable(name);
}

}  // namespace gopack::app
