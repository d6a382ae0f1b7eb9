// When to try again, and after how long: pure functions of what happened.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace gopack::transport {

struct RetryPolicy {
  int attempts = 5;          // in all, the first one included
  int connect_attempts = 2;  // of them, while there never was a connection: another source may be next
  std::chrono::milliseconds first_delay{250};
  std::chrono::milliseconds longest_delay{30'000};
};

// The pause before attempt number `attempt` (2 for the first retry): doubles from first_delay up to
// longest_delay, scaled by `jitter` in [0.5, 1]. A Retry-After of the server is waited out when it is at
// most longest_delay, else there is no further attempt. Nothing when all attempts are used up.
std::optional<std::chrono::milliseconds> retry_delay(const RetryPolicy& policy, int attempt, double jitter,
                                                     std::optional<std::chrono::seconds> retry_after);

// Whether an HTTP status may pass by itself: 408, 425, 429, 500, 502, 503, 504.
bool is_transient(long http_status);

// The value of a Retry-After header (RFC 9110, 10.2.3): seconds, or a date relative to `now`; at most a year.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view value,
                                                      std::chrono::system_clock::time_point now);

}  // namespace gopack::transport
