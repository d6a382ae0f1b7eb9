#include "gopack/launch/rules.hpp"

#include <gtest/gtest.h>

namespace gopack::launch {
namespace {

TEST(Fill, TakesTheValuesInTheirOrder) {
  EXPECT_EQ(fill("{}: {}", {"a", "{}"}), "a: {}");
  EXPECT_EQ(fill(message::no_such_tree, {"1.20", "use.sh"}),
            "no tree of this bundle is 1.20; use.sh without an argument lists them");
  EXPECT_EQ(fill(message::open_quote, {}), "a quote in it is not closed");
}

TEST(Fits, TakesAnyTextForAStar) {
  for (const char* text : {"", "a", "ab"}) EXPECT_TRUE(fits("*", text)) << text;
  for (const char* text : {"b", "ab", "bb", "xbcb"}) EXPECT_TRUE(fits("*b", text)) << text;
  for (const char* text : {"a=x,b", "a=b", "a=bc"}) EXPECT_TRUE(fits("?=*b*", text)) << text;
  for (const char* text : {"", "a=", "a=x", "=b"}) EXPECT_FALSE(fits("?=*b*", text)) << text;
  EXPECT_TRUE(fits("", ""));
  EXPECT_FALSE(fits("", "a"));
}

TEST(Rules, BindEachVariableOnce) {
  std::string names;
  for (const auto& bound : kBound) names += std::string(bound.name) + " ";
  EXPECT_EQ(names, "GOROOT GOPATH GOMODCACHE GOCACHE GOENV GOTOOLCHAIN TEST_TELEMETRY_DIR ");
}

}  // namespace
}  // namespace gopack::launch
