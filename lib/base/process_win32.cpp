#include "gopack/base/process.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <random>
#include <utility>

#include "child.hpp"
#include "kept_output.hpp"

namespace gopack {

namespace {

using Clock = std::chrono::steady_clock;
using win32::Child;
using win32::to_descriptor;
using win32::to_handle;

constexpr std::size_t kBlock = 16 << 10;

class WaitableEvent {
 public:
  WaitableEvent() : handle_(to_descriptor(::CreateEventW(nullptr, TRUE, FALSE, nullptr))) {
    if (!handle_) throw system_error(win32::last_error(), "wait for a program");
  }
  HANDLE get() const { return to_handle(handle_.get()); }
  void set() const { ::SetEvent(get()); }

 private:
  Descriptor handle_;
};

// A pipe of which this process's end does not block; anonymous ones always do.
struct AsyncPipe {
  explicit AsyncPipe(bool is_to_child) {
    static std::atomic<unsigned> count{0};
    const auto name = fmt::format(R"(\\.\pipe\gopack.{}.{}.{:08x})", ::GetCurrentProcessId(), count++,
                                  std::random_device()());
    const auto path = win32::wide(name);
    const DWORD direction = is_to_child ? PIPE_ACCESS_OUTBOUND : PIPE_ACCESS_INBOUND;
    own = Descriptor(to_descriptor(
        ::CreateNamedPipeW(path.c_str(), direction | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
                           PIPE_TYPE_BYTE | PIPE_REJECT_REMOTE_CLIENTS, 1, 1 << 16, 1 << 16, 0, nullptr)));
    if (!own) throw system_error(win32::last_error(), "create a pipe");
    // Some programs ask what kind of a pipe they have.
    const DWORD access =
        is_to_child ? GENERIC_READ | FILE_WRITE_ATTRIBUTES : GENERIC_WRITE | FILE_READ_ATTRIBUTES;
    childs =
        Descriptor(to_descriptor(::CreateFileW(path.c_str(), access, 0, nullptr, OPEN_EXISTING, 0, nullptr)));
    if (!childs) throw system_error(win32::last_error(), "create a pipe");
  }
  Descriptor own;
  Descriptor childs;
};

// One transfer at a time over this process's end of a pipe. The destructor waits until none is under way, for
// the system writes where it was told to.
class Transfer {
 public:
  explicit Transfer(Descriptor pipe) : pipe_(std::move(pipe)) {}
  ~Transfer() { cancel(); }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  bool is_open() const { return static_cast<bool>(pipe_); }
  bool is_under_way() const { return under_way_; }
  HANDLE done() const { return event_.get(); }

  void read(std::span<char> into) {
    prepare();
    settle(::ReadFile(handle(), into.data(), static_cast<DWORD>(into.size()), nullptr, &overlapped_));
  }
  void write(std::string_view text) {
    prepare();
    settle(::WriteFile(handle(), text.data(), static_cast<DWORD>(std::min(text.size(), kBlock)), nullptr,
                       &overlapped_));
  }
  // The bytes that were moved, if it is done; closes the pipe where its other end is closed.
  std::size_t take() {
    DWORD count = 0;
    if (!under_way_) return 0;
    const bool moved = ::GetOverlappedResult(handle(), &overlapped_, &count, FALSE) != 0;
    if (!moved && ::GetLastError() == ERROR_IO_INCOMPLETE) return 0;
    under_way_ = false;
    if (!moved) pipe_ = Descriptor();
    return moved ? count : 0;
  }
  void close() {
    cancel();
    pipe_ = Descriptor();
  }

 private:
  HANDLE handle() const { return to_handle(pipe_.get()); }
  void prepare() {
    overlapped_ = {};
    overlapped_.hEvent = event_.get();
    ::ResetEvent(event_.get());
  }
  void settle(BOOL done) {
    under_way_ = done != 0 || ::GetLastError() == ERROR_IO_PENDING;
    if (!under_way_) pipe_ = Descriptor();
  }
  void cancel() {
    DWORD ignored = 0;
    if (!under_way_) return;
    ::CancelIoEx(handle(), &overlapped_);
    ::GetOverlappedResult(handle(), &overlapped_, &ignored, TRUE);
    under_way_ = false;
  }

  Descriptor pipe_;
  WaitableEvent event_;
  OVERLAPPED overlapped_{};
  bool under_way_ = false;
};

// Feeds a program its input and collects its output at the same time, so that neither side can block the
// other, until the program has ended. What it has started may go on, with its pipes open.
class Exchange {
 public:
  Exchange(const Child& child, Descriptor to_child, Descriptor from_child, const ProcessOptions& options)
      : child_(child),
        to_child_(std::move(to_child)),
        from_child_(std::move(from_child)),
        options_(options),
        input_(options.input) {
    if (options.time_limit > Clock::duration::zero()) deadline_ = Clock::now() + options.time_limit;
  }

  void run() {
    const std::stop_callback tell(options_.stop, [&] { stopping_.set(); });
    while (!is_over()) step();
    if (phase_ != Phase::running) child_.kill();
    // What the program itself wrote is in the pipe by now; others may go on for ever.
    for (std::size_t left = kPipe; left > 0;) {
      start();
      const auto count = collect();
      if (count == 0) break;
      left -= std::min(left, count);
    }
  }

  std::string take_output() { return std::move(output_).take(); }
  bool is_overdue() const { return is_overdue_; }

 private:
  enum class Phase { running, told_to_end, killed };
  static constexpr std::chrono::milliseconds kGrace{500};  // for a program that is to end
  static constexpr std::size_t kPipe = 1 << 20;            // bytes: more than a pipe holds

  bool is_over() const { return has_ended_ && (phase_ != Phase::told_to_end || !from_child_.is_open()); }

  void start() {
    if (to_child_.is_open() && !to_child_.is_under_way()) {
      input_.empty() ? to_child_.close() : to_child_.write(input_);
    }
    if (from_child_.is_open() && !from_child_.is_under_way()) from_child_.read(buffer_);
  }

  void step() {
    start();
    std::array<HANDLE, 4> awaited{};
    DWORD count = 0;
    if (from_child_.is_under_way()) awaited[count++] = from_child_.done();
    if (to_child_.is_under_way()) awaited[count++] = to_child_.done();
    if (phase_ == Phase::running) awaited[count++] = stopping_.get();
    if (!has_ended_) awaited[count++] = child_.process();
    if (::WaitForMultipleObjects(count, awaited.data(), FALSE, time_left()) == WAIT_FAILED)
      throw system_error(win32::last_error(), "wait for a program");
    if (deadline_ && Clock::now() >= *deadline_) end_it_more_firmly();
    if (phase_ == Phase::running && is_set(stopping_.get())) tell_to_end();
    input_.remove_prefix(to_child_.take());
    collect();
    has_ended_ = has_ended_ || is_set(child_.process());
  }

  static bool is_set(HANDLE handle) { return ::WaitForSingleObject(handle, 0) == WAIT_OBJECT_0; }

  DWORD time_left() const {
    if (!deadline_) return INFINITE;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline_ - Clock::now()).count();
    return static_cast<DWORD>(std::clamp<std::int64_t>(left, 0, INFINITE - 1));
  }

  void end_it_more_firmly() {
    if (phase_ == Phase::running) {
      is_overdue_ = true;
      return tell_to_end();
    }
    phase_ = Phase::killed;
    deadline_.reset();
    child_.kill();
  }

  void tell_to_end() {
    phase_ = Phase::told_to_end;
    deadline_ = Clock::now() + (child_.ask_to_end() ? kGrace : std::chrono::milliseconds::zero());
  }

  // The number of bytes that were there.
  std::size_t collect() {
    const auto count = from_child_.take();
    output_.add({buffer_.data(), count});
    return count;
  }

  const Child& child_;
  std::array<char, kBlock> buffer_{};
  Transfer to_child_;
  Transfer from_child_;
  const ProcessOptions& options_;
  std::string_view input_;  // what is left of it
  KeptOutput output_{options_.keep};
  WaitableEvent stopping_;
  Phase phase_ = Phase::running;
  bool has_ended_ = false;
  bool is_overdue_ = false;
  std::optional<Clock::time_point> deadline_;  // of this phase
};

Descriptor open_null() {
  return Descriptor(to_descriptor(::CreateFileW(L"NUL", GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                                nullptr, OPEN_EXISTING, 0, nullptr)));
}

}  // namespace

ProcessResult run_process(const std::vector<std::string>& command, const Environment& environment,
                          const ProcessOptions& options) {
  AsyncPipe in(true);
  AsyncPipe out(false);
  const auto null = options.discard_errors ? open_null() : Descriptor();
  const auto output = to_handle(out.childs.get());
  const auto errors = options.merge_errors     ? output
                      : options.discard_errors ? to_handle(null.get())
                                               : ::GetStdHandle(STD_ERROR_HANDLE);
  Child child(command, environment,
              {.streams = {to_handle(in.childs.get()), output, errors},
               .directory = options.directory,
               .is_group = true});
  in.childs = Descriptor();
  out.childs = Descriptor();
  Exchange exchange(child, std::move(in.own), std::move(out.own), options);
  exchange.run();
  return {child.wait(), exchange.take_output(), exchange.is_overdue()};
}

// What the console sends reaches the program as well, and this process waits for what comes of it.
int run_in_foreground(const std::vector<std::string>& command, const Environment& environment) {
  const auto ignore = [](DWORD) -> BOOL { return TRUE; };
  ::SetConsoleCtrlHandler(ignore, TRUE);
  Child child(command, environment,
              {.streams = {::GetStdHandle(STD_INPUT_HANDLE), ::GetStdHandle(STD_OUTPUT_HANDLE),
                           ::GetStdHandle(STD_ERROR_HANDLE)}});
  return child.wait();
}

int run_beside(const std::vector<std::string>& command, const Environment& environment) {
  return run_in_foreground(command, environment);
}

}  // namespace gopack
