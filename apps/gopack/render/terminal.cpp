#include "render/terminal.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "gopack/base/error.hpp"
#include "gopack/tree/columns.hpp"
#include "render/table.hpp"
#include "render/terminal_width.hpp"

namespace gopack::app {

namespace {

constexpr std::chrono::milliseconds kRedraw{80};

// What cannot be told is no reason to stop: the exit status and the result say how it went.
void tell(const std::string& text) {
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace

void Terminal::on(const Event& event) {
  const std::lock_guard lock(mutex_);
  std::visit([this](const auto& each) { show(each); }, event);
}

void Terminal::print(std::string_view prefix, std::string_view text, Verbosity least) {
  if (verbosity_ < least || text.empty()) return;
  erase();
  tell(fmt::format("{}{}\n", prefix, printable_lines(text)));
}

void Terminal::show(const Warned& warned) {
  print(color_ ? "\x1b[33mwarning:\x1b[0m " : "warning: ",
        warned.hint.empty() ? std::string(warned.text) : fmt::format("{}; {}", warned.text, warned.hint),
        Verbosity::normal);
}

void Terminal::tell_new(std::string_view task, std::uint64_t total) {
  if (verbosity_ == Verbosity::quiet || line_) return;
  tell(fmt::format("{}{}\n", printable(task), total > 0 ? fmt::format(" ({})", human_bytes(total)) : ""));
}

void Terminal::show(const Started& started) {
  if (progress_.take(started)) tell_new(started.task, started.total);
}

void Terminal::show(const Progressed& progressed) {
  const auto now = Progress::Clock::now();
  if (progress_.take(progressed, now)) tell_new(progressed.task, progressed.total);
  if (verbosity_ == Verbosity::quiet || !line_ || now < next_draw_) return;
  const auto line = progress_.line(now);
  if (!line) return;
  next_draw_ = now + kRedraw;
  // A line that reached the last column would wrap, and its first row would stay.
  tell("\r\x1b[2K" + tree::shortened(*line, terminal_width() - 1));
  drawn_ = true;
}

void Terminal::show(const Finished& finished) {
  if (progress_.take(finished)) erase();
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
