#include "redirect.hpp"

#include <gtest/gtest.h>

#include "gopack/base/error.hpp"

namespace gopack::transport {
namespace {

TEST(Redirect, LeadsToHttpAndHttps) {
  const auto from = Url::parse("https://host.example/a/b?q");
  const std::pair<const char*, const char*> cases[] = {
      {"c", "https://host.example/a/c"},
      {"/d?e=f", "https://host.example/d?e=f"},
      {"//other.example/x", "https://other.example/x"},
      {"https://other.example/x#fragment", "https://other.example/x"},
      {"../x y", "https://host.example/x%20y"},
  };
  for (const auto& [location, expected] : cases)
    EXPECT_EQ(redirected(from, location).secret(), expected) << location;
  EXPECT_EQ(redirected(Url::parse("http://host.example/"), "https://host.example/x").secret(),
            "https://host.example/x");
}

TEST(Redirect, IsRefusedElsewhere) {
  const auto from = Url::parse("https://host.example/a");
  for (const char* location : {"", "http://host.example/a", "file:///etc/passwd", "ftp://host.example/a",
                               "gopher://x/", "https://", "http://ho st/", "javascript:x"}) {
    try {
      redirected(from, location);
      ADD_FAILURE() << location;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::unreachable) << location;
    }
  }
}

TEST(Redirect, CredentialsStayWithinTheirOrigin) {
  const auto from = Url::parse("http://me:pw@host.example:8080/a");
  const std::pair<const char*, const char*> cases[] = {
      {"b", "http://me:pw@host.example:8080/b"},
      {"http://host.example:8080/b", "http://me:pw@host.example:8080/b"},
      {"http://host.example:8081/b", "http://host.example:8081/b"},
      {"http://host.example/b", "http://host.example/b"},
      {"https://host.example:8080/b", "https://host.example:8080/b"},
      {"http://other.example:8080/b", "http://other.example:8080/b"},
      {"http://evil:pw@other.example/b", "http://other.example/b"},
      {"http://evil:x@host.example:8080/b", "http://me:pw@host.example:8080/b"},
  };
  for (const auto& [location, expected] : cases)
    EXPECT_EQ(redirected(from, location).secret(), expected) << location;
}

TEST(Redirect, OneOriginIsOneSchemeHostAndPort) {
  const auto origin = Url::parse("https://host.example/a");
  EXPECT_TRUE(is_same_origin(origin, Url::parse("https://host.example:443/b")));
  EXPECT_FALSE(is_same_origin(origin, Url::parse("https://host.example:444/a")));
  EXPECT_FALSE(is_same_origin(origin, Url::parse("http://host.example:443/a")));
  EXPECT_FALSE(is_same_origin(origin, Url::parse("https://www.host.example/a")));
}

}  // namespace
}  // namespace gopack::transport
