// What long operations tell whoever started them, as events with fields. The library never prints, and
// nothing reads a field back from a text: a text is one line for people.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string_view>
#include <variant>

namespace gopack {

// A task moves bytes, e.g. those of one archive; its name tells it from all that run at the same time.
// `total` is 0 when it is not known. Tasks of one job are started before the first of them progresses, so
// that their sum is known; one that stands alone starts with its first progress.
struct Started {
  std::string_view task;
  std::uint64_t total = 0;
};
struct Progressed {
  std::string_view task;
  std::uint64_t done = 0;
  std::uint64_t total = 0;
};
struct Finished {
  std::string_view task;
};
// Something noteworthy that is no reason to worry ("official: unreachable, …").
struct Noted {
  std::string_view text;
};
struct Warned {
  std::string_view text;
  std::string_view hint;  // what to do; may be empty
};
// Only of interest with --verbose.
struct Detailed {
  std::string_view text;
};
using Event = std::variant<Started, Progressed, Finished, Noted, Warned, Detailed>;

// Receives events from any thread; implementations do their own locking and return quickly. What is in an
// event lives as long as the call.
class Reporter {
 public:
  virtual ~Reporter() = default;
  virtual void on(const Event& event) = 0;

  void note(std::string_view text) { on(Noted{text}); }
  void warning(std::string_view text, std::string_view hint = {}) { on(Warned{text, hint}); }
  void detail(std::string_view text) { on(Detailed{text}); }
};

// Tells nobody.
class SilentReporter final : public Reporter {
 public:
  void on(const Event&) override {}
};

// What every step that may take long is given: whom it tells, when it has to end, how much it may do at a
// time.
struct Run {
  Reporter& reporter;
  std::stop_token stop = {};
  unsigned jobs = 1;  // threads and downloads
};

// Throws Error (interrupted) when a stop was requested.
void throw_if_stopped(const std::stop_token& stop);

}  // namespace gopack
