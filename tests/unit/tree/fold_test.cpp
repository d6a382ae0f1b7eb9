#include "gopack/tree/fold.hpp"

#include <gtest/gtest.h>

namespace gopack::tree {
namespace {

TEST(Fold, MakesTwinsEqual) {
  const std::pair<const char*, const char*> twins[] = {
      {"src/README", "SRC/readme"}, {"straße", "STRASSE"}, {"straße", "stra\u1e9ee"}, {"\u212a", "k"},
      {"\u017fub", "Sub"},          {"\u0130x", "ix"},     {"\u0131x", "IX"},         {"Äfoo", "A\u0308FOO"},
      {"\u03c3", "\u03c2"},         {"\ufb01x", "FIX"},    {"\u00b5", "\u039c"}};
  for (const auto& [a, b] : twins) EXPECT_EQ(fold(a), fold(b)) << a << " " << b;
}

TEST(Fold, KeepsOthersApart) {
  EXPECT_NE(fold("a"), fold("b"));
  EXPECT_NE(fold("Äfoo.go"), fold("Afoo.go"));
  EXPECT_NE(fold("Äfoo.go"), fold("Þfoo.go"));
  EXPECT_NE(fold("a/b"), fold("ab"));
  EXPECT_EQ(fold(""), "");
}

}  // namespace
}  // namespace gopack::tree
