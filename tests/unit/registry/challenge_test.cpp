#include "challenge.hpp"

#include <gtest/gtest.h>

namespace gopack::registry {
namespace {

using Parameters = std::map<std::string, std::string>;

TEST(Challenge, IsRead) {
  const auto found = parse_challenges(
      "Bearer realm=\"https://auth.example/token\",service=\"registry\", Scope=\"repository:a:pull,push\"");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].scheme, "bearer");
  EXPECT_EQ(found[0].parameters, (Parameters{{"realm", "https://auth.example/token"},
                                             {"service", "registry"},
                                             {"scope", "repository:a:pull,push"}}));
}

TEST(Challenge, SeveralInOneHeader) {
  const auto found = parse_challenges("Negotiate, BASIC realm=\"a \\\"b\\\"\", Bearer realm = x , service=y");
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].scheme, "negotiate");
  EXPECT_EQ(found[1].scheme, "basic");
  EXPECT_EQ(found[1].parameters, (Parameters{{"realm", "a \"b\""}}));
  EXPECT_EQ(found[2].parameters, (Parameters{{"realm", "x"}, {"service", "y"}}));
}

TEST(Challenge, WhatIsMalformedEndsTheList) {
  EXPECT_TRUE(parse_challenges("").empty());
  EXPECT_TRUE(parse_challenges(" , ,").empty());
  EXPECT_TRUE(parse_challenges("=x").empty());
  EXPECT_TRUE(parse_challenges("a=b").empty());
  ASSERT_EQ(parse_challenges("Basic realm=\"open").size(), 1u);
  EXPECT_EQ(parse_challenges("Basic realm=\"open\\")[0].parameters, (Parameters{{"realm", "open"}}));
}

}  // namespace
}  // namespace gopack::registry
