#include "gopack/tree/columns.hpp"

#include <gtest/gtest.h>

namespace gopack::tree {
namespace {

TEST(Columns, AreThoseOfATerminal) {
  EXPECT_EQ(columns_of(""), 0u);
  EXPECT_EQ(columns_of("go1.22.5"), 8u);
  EXPECT_EQ(columns_of("Äfoo…"), 5u);
  EXPECT_EQ(columns_of("e\u0301"), 1u);
  EXPECT_EQ(columns_of("日本"), 4u);
  EXPECT_EQ(columns_of("a\xff\xfe"), 3u);
}

TEST(Columns, AreNotExceededByShortenedText) {
  EXPECT_EQ(shortened("go1.22.5", 8), "go1.22.5");
  EXPECT_EQ(shortened("go1.22.5", 7), "go1.22…");
  EXPECT_EQ(shortened("日本語", 6), "日本語");
  EXPECT_EQ(shortened("日本語", 5), "日本…");
  EXPECT_EQ(shortened("日本語", 4), "日…");
  EXPECT_EQ(shortened("go", 1), "…");
  EXPECT_EQ(shortened("go", 0), "");
  for (std::size_t columns = 0; columns < 12; ++columns)
    EXPECT_LE(columns_of(shortened("e\u0301日本\xff語 go1.22", columns)), columns);
}

}  // namespace
}  // namespace gopack::tree
