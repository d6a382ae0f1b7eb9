#include "gopack/registry/reference.hpp"

#include <gtest/gtest.h>

#include "gopack/base/error.hpp"
#include "support/thrown.hpp"

namespace gopack::registry {
namespace {

TEST(Reference, HasAHostANameAndATag) {
  const auto full = Reference::parse("oci://registry.example:5000/tools/go_1.x:team-1");
  EXPECT_EQ(full.host.text(), "https://registry.example:5000/");
  EXPECT_EQ(full.authority, "registry.example:5000");
  EXPECT_EQ(full.repository, "tools/go_1.x");
  EXPECT_EQ(full.tag, "team-1");
  EXPECT_EQ(full.text(), "oci://registry.example:5000/tools/go_1.x:team-1");
  EXPECT_EQ(Reference::parse("oci://registry.example/go").tag, "latest");
}

TEST(Reference, OnLoopbackItIsHttp) {
  for (const char* host : {"localhost", "localhost:5000", "127.0.0.1:5000", "127.1.2.3", "[::1]:5000"}) {
    EXPECT_EQ(Reference::parse(std::string("oci://") + host + "/go").host.scheme(), "http") << host;
  }
  for (const char* host : {"localhost.example", "127.0.0.1.example", "127.example:80", "10.0.0.1:5000",
                           "[::2]:5000", "registry.example:80"}) {
    EXPECT_EQ(Reference::parse(std::string("oci://") + host + "/go").host.scheme(), "https") << host;
  }
}

TEST(Reference, RefusesWhatIsMalformed) {
  for (const char* text : {"oci://", "oci://host", "oci://host/", "oci:///go", "oci://host/Go",
                           "oci://host/a//b", "oci://host/-a", "oci://host/go:", "oci://host/go:a+b",
                           "oci://host/go:a:b", "oci://host/../go", "oci://ho st/go", "oci://host?x/a",
                           "oci://host:/a", "oci://host:80x/a", "oci://[::1/a", "host/go", "OCI://host/go"}) {
    EXPECT_EQ(test::thrown([&] { Reference::parse(text); }).kind(), ErrorKind::usage) << text;
  }
  EXPECT_NO_THROW(Reference::parse("oci://host/go:" + std::string(128, 'a')));
  EXPECT_EQ(test::thrown([&] { Reference::parse("oci://host/go:" + std::string(129, 'a')); }).kind(),
            ErrorKind::usage);
}

TEST(Reference, TellsNoPassword) {
  EXPECT_EQ(test::thrown([&] { Reference::parse("oci://me:word@host/go"); }).text().find("word"),
            std::string::npos);
}

}  // namespace
}  // namespace gopack::registry
