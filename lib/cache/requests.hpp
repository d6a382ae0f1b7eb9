// The protocol of GOCACHEPROG (cmd/go/internal/cacheprog): JSON objects, one a line; after a put with a body
// another line with its base64 as a JSON string.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "gopack/base/file.hpp"
#include "gopack/cache/layer.hpp"

namespace gopack::cache {

enum class Verb { get, put, close, unknown };

struct Request {
  std::int64_t id = 0;
  Verb verb = Verb::unknown;
  digest::Sha256 action;   // of get and put
  digest::Sha256 output;   // of put
  std::uint64_t size = 0;  // of the body of a put, bytes
};

// What the go command says. Throws Error (failed) for what is not the protocol.
class RequestReader {
 public:
  explicit RequestReader(File& in) : in_(in), buffer_(64 << 10) {}

  // The next request; nothing when the go command has gone.
  std::optional<Request> next();
  // Must follow every put. Memory stays flat whatever the size is. False when it is not base64.
  bool read_body(const Request& put, ByteSink& to);

 private:
  bool fill();              // more bytes; false at the end
  std::string next_line();  // without its end; empty at the end of the input
  char next_letter();       // that is no blank
  std::string_view rest() const { return as_text(ByteView(buffer_).subspan(begin_, end_ - begin_)); }

  File& in_;
  std::vector<std::byte> buffer_;
  std::size_t begin_ = 0;  // what is read and not taken yet
  std::size_t end_ = 0;
};

// What we say, from any thread, a line at a time.
class Answers {
 public:
  explicit Answers(File out) : out_(std::move(out)) {}

  void greet();  // the first: what we can do
  void hit(std::int64_t id, const Entry& entry, const std::filesystem::path& body);
  void miss(std::int64_t id);
  void done(std::int64_t id);
  void stored(std::int64_t id, const std::filesystem::path& body);
  void failure(std::int64_t id, const std::string& reason);

 private:
  void write(const std::string& line);

  std::mutex mutex_;
  File out_;  // guarded by mutex_
};

}  // namespace gopack::cache
