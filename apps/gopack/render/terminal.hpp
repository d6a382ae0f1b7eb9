// The reporter of the program: notes, warnings and one progress line, all on stderr.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "gopack/base/report.hpp"

namespace gopack::app {

enum class Verbosity { quiet, normal, verbose };

class Terminal final : public Reporter {
 public:
  // `line`: draw one progress line that is rewritten in place; else each task gets a plain line when it
  // starts.
  Terminal(Verbosity verbosity, bool line, bool color) : verbosity_(verbosity), line_(line), color_(color) {}
  ~Terminal() override { finish_line(); }

  void note(std::string_view text) override { print("", text, Verbosity::normal); }
  void warning(std::string_view text) override {
    print(color_ ? "\x1b[33mwarning:\x1b[0m " : "warning: ", text, Verbosity::normal);
  }
  void detail(std::string_view text) override { print("", text, Verbosity::verbose); }
  void progress(const std::string& task, std::uint64_t done, std::uint64_t total) override;
  bool is_quiet() const { return verbosity_ == Verbosity::quiet; }
  // Takes the progress line away, so that results can be printed.
  void finish_line();

 private:
  struct Task {
    std::uint64_t done = 0;
    std::uint64_t total = 0;
  };
  void print(std::string_view prefix, std::string_view text, Verbosity least);
  void draw();   // mutex_ held
  void erase();  // mutex_ held

  const Verbosity verbosity_;
  const bool line_;
  const bool color_;
  std::mutex mutex_;
  std::map<std::string, Task> tasks_;                // guarded by mutex_
  bool drawn_ = false;                               // guarded by mutex_
  std::chrono::steady_clock::time_point next_draw_;  // guarded by mutex_
};

}  // namespace gopack::app
