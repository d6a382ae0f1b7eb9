// The one error type. Text reads "cannot <verb> <object>: <reason>"; module borders add context
// frames; only the program prints errors and turns their kind into an exit status.
#pragma once

#include <concepts>
#include <exception>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gopack {

// What went wrong, in the words that scripts rely on. The values are the program's exit statuses.
enum class ErrorKind {
  failed = 1,         // the operation failed
  usage = 2,          // wrong usage, or a wrong profile or settings file
  integrity = 3,      // a digest, a signature or a tree does not match
  unreachable = 4,    // a source could not be reached or has no such release
  busy = 5,           // the store or target is in use by another gopack
  unsafe = 6,         // unsafe or malformed archive
  noroom = 7,         // no room, or the filesystem cannot do it
  interrupted = 130,  // the user stopped it
};

// The kind's name in --json output, e.g. "integrity".
std::string_view to_string(ErrorKind kind);

class Error : public std::exception {
 public:
  Error(ErrorKind kind, std::string message) : kind_(kind), message_(std::move(message)) {}

  // What the user can do about it; one sentence. Returns *this, for use in a throw expression.
  Error& with_hint(std::string hint);
  // What was being done when it happened; frames are added from the inside out.
  Error& with_context(std::string frame);

  ErrorKind kind() const { return kind_; }
  const std::string& hint() const { return hint_; }
  // The message followed by its context: "cannot …: … (while fetching go1.22.5)".
  std::string text() const;
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  ErrorKind kind_;
  std::string message_;
  std::string hint_;
  std::vector<std::string> context_;
};

// An Error for a failed system call: "cannot <what>: <the system's reason>". A full or incapable
// filesystem is noroom, everything else failed. `code` is an errno value; of ENOMEM, which is nothing that a
// file or filesystem could do about, comes std::bad_alloc.
Error system_error(int code, std::string_view what);

// A name or path for people: control and invisible characters and bytes that are not UTF-8 are escaped, so
// that a hostile name can neither drive a terminal nor break JSON.
std::string printable(std::string_view text);
// The same of each line of a text.
std::string printable_lines(std::string_view text);
template <std::same_as<std::filesystem::path> Path>
std::string printable(const Path& path) {
  return printable(std::string_view(path.string()));
}

// Runs `action`; an Error on its way out gets `frame` as context.
template <typename Action>
decltype(auto) in_context(std::string_view frame, Action&& action) {
  try {
    return std::forward<Action>(action)();
  } catch (Error& error) {
    error.with_context(std::string(frame));
    throw;
  }
}

}  // namespace gopack
