#include "gopack/transport/retry.hpp"

#include <gtest/gtest.h>

namespace gopack::transport {
namespace {

using namespace std::chrono_literals;

TEST(Retry, DelaysDoubleUpToTheLongest) {
  const RetryPolicy policy{.attempts = 20, .connect_attempts = 2, .first_delay = 250ms, .longest_delay = 30s};
  const std::pair<int, std::chrono::milliseconds> cases[] = {{2, 250ms}, {3, 500ms}, {4, 1s},
                                                             {8, 16s},   {9, 30s},   {20, 30s}};
  for (const auto& [attempt, expected] : cases) {
    EXPECT_EQ(retry_delay(policy, attempt, 1.0, {}), expected) << attempt;
    EXPECT_EQ(retry_delay(policy, attempt, 0.5, {}), expected / 2) << attempt;
  }
}

TEST(Retry, AttemptsAreLimited) {
  const RetryPolicy policy{.attempts = 3, .connect_attempts = 2, .first_delay = 1ms, .longest_delay = 1s};
  EXPECT_TRUE(retry_delay(policy, 3, 1.0, {}));
  EXPECT_FALSE(retry_delay(policy, 4, 1.0, {}));
  EXPECT_FALSE(retry_delay(policy, 4, 1.0, 0s));
  EXPECT_FALSE(retry_delay({.attempts = 1, .connect_attempts = 1, .first_delay = 1ms, .longest_delay = 1s}, 2,
                           1.0, {}));
}

TEST(Retry, TheServersWordIsKeptUnlessItIsTooLong) {
  const RetryPolicy policy{.attempts = 5, .connect_attempts = 2, .first_delay = 250ms, .longest_delay = 30s};
  EXPECT_EQ(retry_delay(policy, 2, 0.5, 0s), 0ms);
  EXPECT_EQ(retry_delay(policy, 2, 0.5, 7s), 7s);
  EXPECT_EQ(retry_delay(policy, 2, 0.5, 30s), 30s);
  EXPECT_FALSE(retry_delay(policy, 2, 0.5, 31s));
}

TEST(Retry, OnlySomeStatusesMayPass) {
  for (const long status : {408L, 425L, 429L, 500L, 502L, 503L, 504L})
    EXPECT_TRUE(is_transient(status)) << status;
  for (const long status : {200L, 206L, 301L, 400L, 401L, 403L, 404L, 410L, 416L, 501L, 505L}) {
    EXPECT_FALSE(is_transient(status)) << status;
  }
}

TEST(Retry, ReadsRetryAfter) {
  const auto now = std::chrono::system_clock::from_time_t(784111777);  // Sun, 06 Nov 1994 08:49:37 GMT
  const std::pair<const char*, std::optional<std::chrono::seconds>> cases[] = {
      {"0", 0s},
      {"120", 120s},
      {"Sun, 06 Nov 1994 08:50:37 GMT", 60s},
      {"Sunday, 06-Nov-94 08:50:37 GMT", 60s},
      {"Sun, 06 Nov 1994 08:48:37 GMT", 0s},
      {"9223372036854775807", std::chrono::years(1)},
      {"Wed, 15 Nov 2029999900 GMT", std::chrono::years(1)},  // more milliseconds than 64 bits hold
      {"", std::nullopt},
      {"-1", std::nullopt},
      {"soon", std::nullopt},
      {"99999999999999999999", std::nullopt},
  };
  for (const auto& [value, expected] : cases) EXPECT_EQ(parse_retry_after(value, now), expected) << value;
}

}  // namespace
}  // namespace gopack::transport
