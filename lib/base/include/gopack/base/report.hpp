// What long operations tell whoever started them. The library never prints.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>

namespace gopack {

// Receives events from any thread; implementations do their own locking and return quickly.
class Reporter {
 public:
  virtual ~Reporter() = default;
  // One line for people: something noteworthy that is not an error ("official: unreachable, …").
  virtual void note(std::string_view text) = 0;
  virtual void warning(std::string_view text) = 0;
  // Only of interest with --verbose.
  virtual void detail(std::string_view text) = 0;
  // The state of one task, e.g. the download of one archive. `total` is 0 when not known; bytes.
  virtual void progress(const std::string& task, std::uint64_t done, std::uint64_t total) = 0;
};

// Tells nobody.
class SilentReporter final : public Reporter {
 public:
  void note(std::string_view) override {}
  void warning(std::string_view) override {}
  void detail(std::string_view) override {}
  void progress(const std::string&, std::uint64_t, std::uint64_t) override {}
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
