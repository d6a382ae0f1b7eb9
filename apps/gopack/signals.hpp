// SIGINT, SIGTERM and SIGHUP as a request to stop; on Windows Ctrl-C, Ctrl-Break and the end of the console.
#pragma once

#include <stop_token>
#include <thread>

namespace gopack::app {

// Blocks the three signals in this thread, and so in those it starts, and waits for them in a thread of its
// own: the first one requests a stop, which commands notice within a moment and tidy up; the second one ends
// the program at once. Also has SIGPIPE and SIGXFSZ ignored: a closed pipe and a file that may not grow are
// errors like any other. Make it before any other thread.
class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::jthread thread_;
};

}  // namespace gopack::app
