// Bytes over the wire: http(s) and file URLs, by libcurl. HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE and
// ~/.netrc are honoured as curl does. Any number of threads may use one Transport.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/base/file.hpp"
#include "gopack/base/report.hpp"
#include "gopack/digest/sha256.hpp"
#include "gopack/transport/retry.hpp"
#include "gopack/transport/url.hpp"

namespace gopack::transport {

struct TransportOptions {
  bool offline = false;  // refuse everything but file URLs, without opening a socket
  std::chrono::seconds connect_timeout{15};
  std::chrono::seconds stall_timeout{30};  // abort when less than 1 KiB/s came for so long
  RetryPolicy retry;
  std::string user_agent = "gopack";
};

// Proves to a server who asks. Any number of threads may use one.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  // The value of the header Authorization for a request to `url`; empty: none.
  virtual std::string authorization(const Url& url) = 0;
  // The server of `url` has refused `refused`, a value of authorization(), and demands `challenge`
  // (WWW-Authenticate; RFC 9110, 11.6.1). False when it knows no other one.
  virtual bool renew(const Url& url, std::string_view challenge, const std::string& refused) = 0;
};

// A file to be downloaded.
struct DownloadRequest {
  Url url;
  std::string file;                     // its name; "<file>.part" and "<file>.part.json" are used meanwhile
  std::uint64_t size = 0;               // expected bytes; 0 when not known
  std::uint64_t max_size = 1ull << 30;  // stop beyond, counted as bytes arrive
  std::optional<digest::Sha256> sha256 = {};  // expected
  Authenticator* authenticator = nullptr;     // null: ~/.netrc
};

struct Downloaded {
  std::string part;  // the complete file's name in the directory, "<file>.part"
  std::uint64_t size = 0;
  digest::Sha256 sha256;
};

// A small file.
struct Document {
  std::string text;
  // Between its last change and the answer, all by the server's own clock; nothing where that does not say
  // so.
  std::optional<std::chrono::seconds> unchanged_for;
};

// What is more than to get a file.
struct Request {
  const char* method = "GET";  // or HEAD, POST, PUT
  Url url;
  std::vector<std::string> headers = {};  // "Name: value"
  const File* file = nullptr;             // the body: a whole file, else `text`
  std::string text = {};
  Authenticator* authenticator = nullptr;  // null: ~/.netrc
};

struct Answer {
  std::string_view method;  // of the request
  long status = 0;
  std::string text;             // the body
  std::optional<Url> location;  // where a status of 202 names one
  std::optional<Url> next;      // of a Link with rel="next" (RFC 8288)
};

class Transport {
 public:
  Transport(TransportOptions options, Reporter& reporter, std::stop_token stop);
  ~Transport();

  // Whether it refuses everything but file URLs.
  bool is_offline() const;

  // The whole file. Nothing when there is no such thing (404, 410, a missing file). Retries what may
  // pass. Throws Error: unreachable; interrupted. A body over `limit` bytes is unreachable, too.
  std::optional<Document> try_get_document(const Url& url, std::uint64_t limit);
  // Its text alone.
  std::optional<std::string> try_get(const Url& url, std::uint64_t limit);
  // The same, where its absence is an Error (unreachable).
  std::string get(const Url& url, std::uint64_t limit);

  // Does one request after the other, as `next` makes them of the answer to the last one, and returns the
  // last answer, whatever its status is. Begins with `first` again after what may pass. Redirections of POST
  // and PUT are followed where they keep the method (307, 308) and the origin; no header Authorization goes
  // to another origin. Throws Error: unreachable, also where a body has more than `limit` bytes; interrupted;
  // what `next` throws.
  Answer send(const Request& first, const std::function<std::optional<Request>(const Answer&)>& next,
              std::uint64_t limit);

  // Downloads into `directory`, hashing while writing, and leaves a complete "<file>.part": the caller
  // proves and renames or removes it. A part that an earlier run left is gone on with where its sidecar
  // and the server agree that it is the same file (Range with If-Range; strong ETag or Last-Modified), or
  // where its SHA-256 is known; it is re-hashed, never trusted. When the size or the SHA-256 is not as
  // expected the part is removed and an Error (integrity) names both. Progress is reported under the file's
  // name. Throws Error: unreachable (no such file included), integrity, noroom, failed, interrupted.
  Downloaded download(const DownloadRequest& request, const Dir& directory);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gopack::transport
