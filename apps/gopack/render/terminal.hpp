// The reporter of the program: notes, warnings and one line of progress, all on stderr.
#pragma once

#include <mutex>
#include <string>

#include "gopack/base/report.hpp"
#include "render/progress.hpp"

namespace gopack::app {

enum class Verbosity { quiet, normal, verbose };

class Terminal final : public Reporter {
 public:
  // `line`: draw one progress line that is rewritten in place; else each task gets a plain line when it
  // starts.
  Terminal(Verbosity verbosity, bool line, bool color) : verbosity_(verbosity), line_(line), color_(color) {}
  ~Terminal() override { finish_line(); }

  void on(const Event& event) override;
  bool is_quiet() const { return verbosity_ == Verbosity::quiet; }
  // Takes the progress line away, so that results can be printed.
  void finish_line();

 private:
  // mutex_ is held in all of these.
  void print(std::string_view prefix, std::string_view text, Verbosity least);
  // mutex_ is held in all of these.
  void show(const Started& started);
  void show(const Progressed& progressed);
  void show(const Finished& finished);
  void show(const Noted& noted) { print("", noted.text, Verbosity::normal); }
  void show(const Warned& warned);
  void show(const Detailed& detailed) { print("", detailed.text, Verbosity::verbose); }
  // A plain line, where none is drawn.
  void tell_new(std::string_view task, std::uint64_t total);
  void erase();

  const Verbosity verbosity_;
  const bool line_;
  const bool color_;
  std::mutex mutex_;
  Progress progress_;                      // guarded by mutex_
  bool drawn_ = false;                     // guarded by mutex_
  Progress::Clock::time_point next_draw_;  // guarded by mutex_
};

}  // namespace gopack::app
