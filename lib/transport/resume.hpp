// What a partial download was part of, and when more of it may be added: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exchange.hpp"
#include "gopack/transport/transport.hpp"

namespace gopack::transport {

// What is kept beside a part, as "<file>.part.json".
struct Sidecar {
  std::string url;  // without credentials and query
  std::string etag;
  std::string last_modified;
  std::uint64_t total = 0;  // 0 when not known
  std::string sha256;       // expected; empty when not known

  bool operator==(const Sidecar&) const = default;

  // The value of If-Range (RFC 9110, 13.1.5): a strong ETag, else Last-Modified; empty without either.
  std::string validator() const;
  // Whether it can be found out that a rest belongs to it: by that value, or by the whole's digest.
  bool can_prove() const;
};

Sidecar describe(const DownloadRequest& request, const ResponseHead& head);
std::string print(const Sidecar& sidecar);
std::optional<Sidecar> parse_sidecar(std::string_view json);

// Whether a part with this sidecar can be part of what is requested now.
bool belongs_to(const Sidecar& sidecar, const DownloadRequest& request);

// "bytes 5-9/10" (RFC 9110, 14.4) with a known total; nothing for all else.
struct ContentRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t total = 0;
  bool operator==(const ContentRange&) const = default;
};
std::optional<ContentRange> parse_content_range(std::string_view value);

// The headers that ask for the rest behind `offset`: with the exact end where only the digest tells whether
// it fits, since some servers of blobs know no other range.
std::vector<std::string> range_headers(const Sidecar& sidecar, std::uint64_t offset);

// What a response means for a part of `offset` bytes.
enum class BodyUse {
  append,      // the rest of the same file
  restart,     // the whole file, from its start
  start_over,  // neither: ask again, for the whole file
};
BodyUse plan_body(const Sidecar& sidecar, std::uint64_t offset, const ResponseHead& head);

}  // namespace gopack::transport
