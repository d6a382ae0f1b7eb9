#include "signals.hpp"

#include <windows.h>

#include <atomic>

#include "gopack/base/standard_streams.hpp"

namespace gopack::app {

namespace {

constexpr int kInterrupted = 130;

// The system tells a handler nothing of whom it works for. There is one Signals at a time.
std::atomic<std::stop_source*> told{nullptr};

// In a thread of the system's own.
BOOL WINAPI on_console_event(DWORD event) {
  auto* const source = told.load();
  const bool is_first = source != nullptr && source->request_stop();
  // Of a console that goes: the system ends the program when this returns, or after five seconds.
  if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT) ::Sleep(INFINITE);
  if (!is_first) end_at_once(kInterrupted);
  return TRUE;
}

}  // namespace

Signals::Signals() {
  told = &source_;
  ::SetConsoleCtrlHandler(on_console_event, TRUE);
}

Signals::~Signals() {
  ::SetConsoleCtrlHandler(on_console_event, FALSE);
  told = nullptr;
}

}  // namespace gopack::app
