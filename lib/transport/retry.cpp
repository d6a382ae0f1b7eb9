#include "gopack/transport/retry.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace gopack::transport {

std::optional<std::chrono::milliseconds> retry_delay(const RetryPolicy& policy, int attempt, double jitter,
                                                     std::optional<std::chrono::seconds> retry_after) {
  if (attempt > policy.attempts) return std::nullopt;
  if (retry_after) {
    if (*retry_after > policy.longest_delay) return std::nullopt;
    return *retry_after;
  }
  auto delay = policy.first_delay;
  for (int i = 2; i < attempt && delay < policy.longest_delay; ++i) delay *= 2;
  delay = std::min(delay, policy.longest_delay);
  return std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(delay.count()) * jitter));
}

bool is_transient(long http_status) {
  static constexpr std::array kTransient{408L, 425L, 429L, 500L, 502L, 503L, 504L};
  return std::find(kTransient.begin(), kTransient.end(), http_status) != kTransient.end();
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view value,
                                                      std::chrono::system_clock::time_point now) {
  const auto pause = [](std::int64_t seconds) {
    return std::clamp(std::chrono::seconds(seconds), std::chrono::seconds(0),
                      std::chrono::seconds(std::chrono::years(1)));
  };
  std::int64_t number = 0;
  const auto* end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, number);
  if (error == std::errc() && stop == end) {
    if (number < 0) return std::nullopt;
    return pause(number);
  }
  const auto date = curl_getdate(std::string(value).c_str(), nullptr);
  if (date < 0) return std::nullopt;
  return pause(date - std::chrono::system_clock::to_time_t(now));
}

}  // namespace gopack::transport
