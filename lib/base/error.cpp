#include "gopack/base/error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <new>

#include "gopack/base/utf8.hpp"
#include "system_codes.hpp"

namespace gopack {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::failed:
      return "failed";
    case ErrorKind::usage:
      return "usage";
    case ErrorKind::integrity:
      return "integrity";
    case ErrorKind::unreachable:
      return "unreachable";
    case ErrorKind::busy:
      return "busy";
    case ErrorKind::unsafe:
      return "unsafe";
    case ErrorKind::noroom:
      return "noroom";
    case ErrorKind::interrupted:
      return "interrupted";
  }
  return "failed";
}

Error& Error::with_hint(std::string hint) {
  hint_ = std::move(hint);
  return *this;
}

Error& Error::with_context(std::string frame) {
  context_.push_back(std::move(frame));
  return *this;
}

std::string Error::text() const {
  std::string text = message_;
  for (const auto& frame : context_) text += fmt::format(" (while {})", frame);
  return text;
}

namespace {

struct Verdict {
  ErrorKind kind;
  const char* hint;
};

Verdict judge(int code) {
  if (is_quota(code))
    return {ErrorKind::noroom, "the disk quota is used up: free some space, or choose another directory"};
  switch (code) {
    case ENOSPC:
      return {ErrorKind::noroom, "free some space there, or choose another directory"};
    case EFBIG:
      return {ErrorKind::noroom, "the filesystem or the process limit does not allow a file of this size"};
    case EROFS:
      return {ErrorKind::noroom,
              "the filesystem is mounted read-only: remount it writable, or choose another directory"};
    case EOPNOTSUPP:
    case ENOSYS:
      return {ErrorKind::noroom, "the filesystem cannot do this: choose another directory"};
    case ENAMETOOLONG:
      return {ErrorKind::noroom, "the path is too long for this filesystem: choose a shorter directory"};
    case EACCES:
    case EPERM:
      return {ErrorKind::failed, "check the permissions of the directory and its owner"};
    case EMFILE:
      return {ErrorKind::failed, "raise the limit of open files (ulimit -n)"};
    default:
      return {ErrorKind::failed, ""};
  }
}

}  // namespace

Error system_error(int code, std::string_view what) {
  if (code == ENOMEM) throw std::bad_alloc();
  const auto verdict = judge(code);
  Error error(verdict.kind, fmt::format("cannot {}: {}", what, reason_of(code)));
  error.with_hint(verdict.hint);
  return error;
}

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto length = utf8_length(text);
    const auto sequence = text.substr(0, length == 0 ? 1 : length);
    if (length > 0 && !is_invisible(sequence)) {
      out += sequence;
    } else {
      for (const char c : sequence) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
    text.remove_prefix(sequence.size());
  }
  return out;
}

std::string printable_lines(std::string_view text) {
  std::string out;
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    out += printable(text.substr(0, end)) + '\n';
    text.remove_prefix(end + 1);
  }
  return out + printable(text);
}

}  // namespace gopack
