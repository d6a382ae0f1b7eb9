#include "gopack/base/utf8.hpp"

#include <gtest/gtest.h>

#include "gopack/base/error.hpp"

namespace gopack {
namespace {

TEST(Utf8, MeasuresTheFirstSequence) {
  EXPECT_EQ(utf8_length("ab"), 1u);
  EXPECT_EQ(utf8_length("Äb"), 2u);
  EXPECT_EQ(utf8_length("日b"), 3u);
  EXPECT_EQ(utf8_length("\U0010ffff"), 4u);
  // Nothing, a lone tail, cut off, overlong, surrogate, beyond Unicode.
  for (const char* bad : {"", "\x80", "\xc3", "\xc3(", "\xc0\xae", "\xe0\x80\xae", "\xed\xa0\x80",
                          "\xf4\x90\x80\x80", "\xff"}) {
    EXPECT_EQ(utf8_length(bad), 0u) << printable(std::string_view(bad));
  }
}

TEST(Utf8, PrintableShowsWhatCannotBeSeen) {
  EXPECT_EQ(printable(std::string_view("a Ä 日 \U0001f600")), "a Ä 日 \U0001f600");
  EXPECT_EQ(printable(std::string_view("\033[2J\x7f\n")), "\\x1b[2J\\x7f\\x0a");
  EXPECT_EQ(printable(std::string_view("a\u202eb\u200b\ufeff\u0085")),
            "a\\xe2\\x80\\xaeb\\xe2\\x80\\x8b\\xef\\xbb\\xbf\\xc2\\x85");
  EXPECT_EQ(printable(std::string_view("\xff\xc3(")), "\\xff\\xc3(");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
}

}  // namespace
}  // namespace gopack
