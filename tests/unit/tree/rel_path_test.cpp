#include "gopack/tree/rel_path.hpp"

#include <gtest/gtest.h>

#include "support/thrown.hpp"

namespace gopack::tree {
namespace {

TEST(RelPath, AcceptsWhatGoReleasesHold) {
  for (const char* path :
       {"VERSION", "src/cmd/go/main.go", "pkg/tool/linux_amd64/compile", ".github/CODEOWNERS", "a..b", "...a",
        "src/go.mod", "test/fixedbugs/issue27836.dir/Äfoo.go", "lib/time/zoneinfo.zip", "a b/c",
        "a+b,c@d=e%f&g(h)[i]{j}~!#$^-_", "con2/com10/comma", "auxiliary", "nul x.txt", " .x", "日本", "ÿþ"}) {
    EXPECT_EQ(RelPath::find_fault(path), std::nullopt) << path;
    EXPECT_EQ(RelPath(path).text(), path);
  }
  EXPECT_EQ(RelPath::find_fault(std::string(255, 'a')), std::nullopt);
}

TEST(RelPath, RefusesWhatEscapesOrCannotBeOnEveryFilesystem) {
  using std::string_view_literals::operator""sv;
  const std::string_view paths[] = {"",
                                    "/",
                                    "/etc/passwd",
                                    "..",
                                    "../a",
                                    "a/../b",
                                    "a/..",
                                    ".",
                                    "./a",
                                    "a/./b",
                                    "a//b",
                                    "a/",
                                    "a\\b",
                                    "C:/a",
                                    "C:",
                                    "a:b",
                                    "a;b",
                                    "A\u030a",       // decomposed
                                    "\u212a",        // Kelvin, which composes to K
                                    "a\u0301",       // no letter, and decomposed
                                    "\u1112\u1161",  // decomposed Hangul, letters both
                                    "a\u00adb",      // soft hyphen
                                    "a\U000e0041",   // tag
                                    "\u20ac",
                                    "\U0001f600",
                                    "a\0b"sv,
                                    "a\nb",
                                    "a\x7f",
                                    "a\xff",
                                    "a./b",
                                    "a ",
                                    "a /b",
                                    "a*",
                                    "a?",
                                    "a<b",
                                    "a>b",
                                    "a|b",
                                    "a\"b",
                                    "a'b",
                                    "a`b",
                                    "con",
                                    "src/NUL",
                                    "nul.txt",
                                    "nul .txt",
                                    "con .d/x",
                                    "LPT1   .tar.gz",
                                    "Aux.tar.gz/x",
                                    "prn",
                                    "com1",
                                    "LPT9.x",
                                    "com¹",
                                    "CONIN$",
                                    "a\u202eb",
                                    "a\u200bb",
                                    "\xc0\xae\xc0\xae/a",
                                    "conout$"};
  for (const auto path : paths) {
    EXPECT_TRUE(RelPath::find_fault(path)) << printable(path);
    EXPECT_EQ(test::thrown([&] { RelPath refused(path); }).kind(), ErrorKind::unsafe) << printable(path);
  }
  EXPECT_TRUE(RelPath::find_fault(std::string(256, 'a')));
  std::string deep = "a";
  while (deep.size() <= 1024) deep += "/a";
  EXPECT_TRUE(RelPath::find_fault(deep));
}

TEST(RelPath, NamesThePathAndTheRule) {
  EXPECT_EQ(test::thrown([] { RelPath("go/../../x\033"); }).text(),
            "cannot accept the path \"go/../../x\\x1b\": it contains a control or invisible character");
  EXPECT_EQ(RelPath::find_fault("go/../x"), "a component is \"..\"");
  EXPECT_EQ(RelPath::find_fault("src/nul.go"), "nul.go is reserved by Windows");
}

TEST(RelPath, TakesItselfApart) {
  const RelPath path("pkg/tool/asm");
  EXPECT_EQ(path.name(), "asm");
  EXPECT_EQ(path.parent(), "pkg/tool");
  EXPECT_TRUE(path.starts_with("pkg"));
  EXPECT_TRUE(path.starts_with("pkg/tool"));
  EXPECT_FALSE(path.starts_with("pkg/to"));
  EXPECT_FALSE(path.starts_with("pkg/tool/asm"));
  EXPECT_EQ(RelPath("VERSION").parent(), "");
  EXPECT_EQ(RelPath("VERSION").name(), "VERSION");
}

}  // namespace
}  // namespace gopack::tree
