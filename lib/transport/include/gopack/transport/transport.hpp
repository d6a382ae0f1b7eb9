// Bytes over the wire: http(s) and file URLs, by libcurl. HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE and
// ~/.netrc are honoured as curl does. Any number of threads may use one Transport.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

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

// A file to be downloaded.
struct DownloadRequest {
  Url url;
  std::string file;                     // its name; "<file>.part" and "<file>.part.json" are used meanwhile
  std::uint64_t size = 0;               // expected bytes; 0 when not known
  std::uint64_t max_size = 1ull << 30;  // stop beyond, counted as bytes arrive
  std::optional<digest::Sha256> sha256 = {};  // expected
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

  // Downloads into `directory`, hashing while writing, and leaves a complete "<file>.part": the caller
  // proves and renames or removes it. A part that an earlier run left is gone on with where its sidecar
  // and the server agree that it is the same file (Range with If-Range; strong ETag or Last-Modified);
  // it is re-hashed, never trusted. When the size or the SHA-256 is not as expected the part is removed
  // and an Error (integrity) names both. Progress is reported under the file's name.
  // Throws Error: unreachable (no such file included), integrity, noroom, failed, interrupted.
  Downloaded download(const DownloadRequest& request, const Dir& directory);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gopack::transport
