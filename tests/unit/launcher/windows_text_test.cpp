#include "windows_text.hpp"

#include <gtest/gtest.h>

namespace gopack::launcher {
namespace {

TEST(Utf16, ComesBackAsItWas) {
  for (const std::u16string& text :
       {std::u16string(u""), std::u16string(u"a\u00e9\u65e5\U0001F600"),
        std::u16string(u"\uFFFF\u0800\u07FF\u0080"), std::u16string({u'a', 0xD800}),
        std::u16string({0xDC00, 0xD800, u'b'}), std::u16string({0xD83D, 0xD83D, 0xDE00})})
    EXPECT_EQ(to_utf16(to_utf8(text)), text);
  EXPECT_EQ(to_utf8(u"\u00e9\u65e5\U0001F600"), "\xC3\xA9\xE6\x97\xA5\xF0\x9F\x98\x80");
}

TEST(Utf16, IsMadeOfAnyBytesWithoutHarm) {
  for (const char* text : {"\xC3", "\xE6\x97", "\xF0\x9F\x98", "\xFF\xFE", "\x80"})
    EXPECT_FALSE(to_utf16(text).empty());
}

struct Row {
  const char* line;
  std::vector<std::string> words;
};

TEST(CommandLine, IsTakenApartAsTheRunTimeOfCDoes) {
  for (const auto& [line, words] :
       {Row{"go", {}}, Row{"\"E:\\a b\\go.exe\"", {}}, Row{"\"E:\\a b\\go.exe\"x y", {"x", "y"}},
        Row{"go  a\tb ", {"a", "b"}}, Row{R"(go "a b" c)", {"a b", "c"}}, Row{R"(go "" x)", {"", "x"}},
        Row{R"(go a\ b\)", {R"(a\)", R"(b\)"}}, Row{R"(go "a\\" b)", {R"(a\)", "b"}},
        Row{R"(go "a\"b" c)", {R"(a"b)", "c"}}, Row{R"(go \\\"x)", {R"(\"x)"}},
        Row{R"(go a"b c"d)", {"ab cd"}}, Row{R"(go "a""b" c)", {R"(a"b)", "c"}},
        Row{R"(go "open end)", {"open end"}}, Row{R"(go \\server\x)", {R"(\\server\x)"}},
        Row{R"(go %x% !x! ^ * &)", {"%x%", "!x!", "^", "*", "&"}}}) {
    std::vector<std::string> got;
    for (const auto& argument : split_command_line(line)) got.push_back(argument.text);
    EXPECT_EQ(got, words) << line;
  }
}

TEST(CommandLine, LeavesTheRestAsItWasTyped) {
  const std::string line = R"("E:\go.exe"  --data-dir "D \"x"   --portable run  "a  b" \" ^)";
  EXPECT_EQ(rest_of_command_line(line, 0), R"(--data-dir "D \"x"   --portable run  "a  b" \" ^)");
  EXPECT_EQ(rest_of_command_line(line, 2), R"(--portable run  "a  b" \" ^)");
  EXPECT_EQ(rest_of_command_line(line, 3), R"(run  "a  b" \" ^)");
  EXPECT_EQ(rest_of_command_line("go --portable", 1), "");
  EXPECT_EQ(rest_of_command_line("go", 0), "");
}

TEST(LongPaths, GetTheFormThatHasNoLimit) {
  const std::string deep(300, 'x');
  EXPECT_EQ(extended_path(R"(E:\a)"), R"(E:\a)");
  EXPECT_EQ(extended_path(R"(E:\)" + deep), R"(\\?\E:\)" + deep);
  EXPECT_EQ(extended_path(R"(\\server\share\)" + deep), R"(\\?\UNC\server\share\)" + deep);
  EXPECT_EQ(extended_path(R"(\\?\E:\)" + deep), R"(\\?\E:\)" + deep);
  for (const auto& path : {R"(E:\a)" + deep, R"(\\server\share\)" + deep})
    EXPECT_EQ(plain_path(extended_path(path)), path);
}

}  // namespace
}  // namespace gopack::launcher
