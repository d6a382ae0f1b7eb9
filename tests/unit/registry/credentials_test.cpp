#include "credentials.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "gopack/base/error.hpp"
#include "gopack/base/user_directories.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace gopack::registry {
namespace {

class CredentialsTest : public testing::Test {
 protected:
  std::optional<Credentials> find(const std::string& config, const char* authority = "host.example:5000") {
    std::ofstream(directory_.path() / "config.json") << config;
    return find_credentials(authority, environment_, {});
  }
  // "me:a:b" in Base64.
  static std::string auth_of(const std::string& key) {
    return "{\"auths\": {\"" + key + "\": {\"auth\": \"bWU6YTpi\"}}}";
  }

  const test::TempDir directory_;
  const Environment environment_{{"DOCKER_CONFIG", directory_.path().string()}};
};

TEST_F(CredentialsTest, AreFoundByTheHost) {
  for (const char* key :
       {"host.example:5000", "https://host.example:5000", "https://host.example:5000/v2/"}) {
    const auto found = find(auth_of(key));
    ASSERT_TRUE(found) << key;
    EXPECT_EQ(found->user, "me");
    EXPECT_EQ(found->password, "a:b");
  }
  for (const char* key :
       {"host.example", "host.example:50001", "other.example:5000", "host.example:5000/other"}) {
    EXPECT_FALSE(find(auth_of(key))) << key;
  }
  EXPECT_FALSE(find("{}"));
  EXPECT_FALSE(
      find("{\"auths\": null, \"credsStore\": null, \"credHelpers\": {\"host.example:5000\": null}}"));
  EXPECT_FALSE(find("{\"auths\": {\"host.example:5000\": null}}"));
}

TEST_F(CredentialsTest, WithoutAFileThereAreNone) {
  EXPECT_FALSE(find_credentials("host.example", environment_, {}));
  EXPECT_FALSE(find_credentials("host.example", {}, {}));
  EXPECT_EQ(credentials_file({{kHomeVariable, "/home/me"}}), "/home/me/.docker/config.json");
}

TEST_F(CredentialsTest, AnIdentityTokenComesFirst) {
  const auto found =
      find("{\"auths\": {\"host.example:5000\": {\"auth\": \"bWU6YTpi\", \"identitytoken\": \"t\"}}}");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->identity_token, "t");
}

TEST_F(CredentialsTest, WhatIsMalformedIsToldAndNotQuoted) {
  for (const char* config :
       {"{\"secret\"", "[]", "{\"auths\": 1}", "{\"auths\": {\"host.example:5000\": \"secret\"}}",
        "{\"auths\": {\"host.example:5000\": {\"auth\": \"secret!\"}}}",
        "{\"auths\": {\"host.example:5000\": {\"auth\": \"c2VjcmV0\"}}}", "{\"credsStore\": \"../secret\"}",
        "{\"credHelpers\": {\"host.example:5000\": 1}}"}) {
    const auto error = test::thrown([&] { find(config); });
    EXPECT_EQ(error.kind(), ErrorKind::failed) << config;
    if (std::string_view(config).find("credsStore") == std::string_view::npos) {
      EXPECT_EQ(error.text().find("secret"), std::string::npos) << error.text();
    }
  }
}

}  // namespace
}  // namespace gopack::registry
