#include "render/terminal.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "gopack/base/error.hpp"
#include "gopack/tree/columns.hpp"
#include "render/table.hpp"
#include "render/terminal_width.hpp"

namespace gopack::app {

namespace {

constexpr std::chrono::milliseconds kRedraw{80};
constexpr int kBarWidth = 24;

// What cannot be told is no reason to stop: the exit status and the result say how it went.
void tell(const std::string& text) {
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace

void Terminal::print(std::string_view prefix, std::string_view text, Verbosity least) {
  if (verbosity_ < least || text.empty()) return;
  const std::lock_guard lock(mutex_);
  erase();
  tell(fmt::format("{}{}\n", prefix, printable_lines(text)));
}

void Terminal::progress(const std::string& task, std::uint64_t done, std::uint64_t total) {
  if (verbosity_ == Verbosity::quiet) return;
  const std::lock_guard lock(mutex_);
  const bool is_new = !tasks_.contains(task);
  tasks_[task] = {done, total};
  if (!line_) {
    if (is_new)
      tell(fmt::format("{}{}\n", printable(task), total > 0 ? fmt::format(" ({})", human_bytes(total)) : ""));
    return;
  }
  if (done == 0) return;  // others may be told of before the first bytes come
  const auto now = std::chrono::steady_clock::now();
  if (now < next_draw_) return;
  next_draw_ = now + kRedraw;
  draw();
}

void Terminal::draw() {
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  std::size_t running = 0;
  bool is_total_known = true;
  std::string name;
  for (const auto& [task, state] : tasks_) {
    done += state.done;
    total += std::max(state.total, state.done);
    is_total_known = is_total_known && state.total > 0;
    if (state.done >= state.total && state.total > 0) continue;
    ++running;
    if (name.empty()) name = task;
  }
  if (running > 1) name += fmt::format(" and {} more", running - 1);
  const auto sum =
      is_total_known ? fmt::format("{} of {}", human_bytes(done), human_bytes(total)) : human_bytes(done);
  const auto filled = is_total_known ? static_cast<int>(done * kBarWidth / total) : 0;
  const auto line =
      fmt::format("[{:=<{}}{:<{}}] {}  {}", "", filled, "", kBarWidth - filled, sum, printable(name));
  // A line that reached the last column would wrap, and its first row would stay.
  tell("\r\x1b[2K" + tree::shortened(line, terminal_width() - 1));
  drawn_ = true;
}

void Terminal::erase() {
  if (!drawn_) return;
  tell("\r\x1b[2K");
  drawn_ = false;
}

void Terminal::finish_line() {
  const std::lock_guard lock(mutex_);
  erase();
}

}  // namespace gopack::app
