#include <pthread.h>
#include <csignal>

#include "gopack/base/standard_streams.hpp"
#include "signals.hpp"

namespace gopack::app {

namespace {

constexpr int kInterrupted = 130;

sigset_t awaited_signals() {
  sigset_t signals;
  sigemptyset(&signals);  // a macro on macOS
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR2}) sigaddset(&signals, signal);
  return signals;
}

}  // namespace

Signals::Signals() {
  for (const int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
  const auto signals = awaited_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  thread_ = std::jthread([source = source_](const std::stop_token& ending) mutable {
    const auto waiting_for = awaited_signals();
    for (int signal = 0; ::sigwait(&waiting_for, &signal) == 0;) {
      if (ending.stop_requested()) return;
      if (signal != SIGUSR2 && !source.request_stop()) end_at_once(kInterrupted);
    }
  });
}

Signals::~Signals() {
  thread_.request_stop();
  ::pthread_kill(thread_.native_handle(), SIGUSR2);  // wakes sigwait
}

}  // namespace gopack::app
