#include "gopack/launch/pointer.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace gopack::launch {
namespace {

const std::string kA = "v_0123456789abcdef", kB = "v_1111111111111111", kC = "v_2222222222222222";

TEST(Pointer, IsOneNameWithAnyLineEndOrNone) {
  for (const char* end : {"", "\n", "\r\n"}) EXPECT_EQ(parse_pointer(kA + end), kA);
  const std::vector<std::string> malformed = {"",
                                              "\n",
                                              "v_0123456789abcde\n",
                                              kA + "0",
                                              kA + "g",
                                              kA + "\n\n",
                                              kA + "\n" + kA,
                                              " " + kA,
                                              kA + " ",
                                              "\xEF\xBB\xBF" + kA,
                                              "v_0123456789ABCDEF",
                                              "v_../../x",
                                              std::string("v_01234567\0abcdef\n", 18),
                                              std::string(1 << 20, 'v')};
  for (const auto& text : malformed) EXPECT_EQ(parse_pointer(text), std::nullopt) << text.substr(0, 40);
}

TEST(Pointer, ALinkMayHaveADotInFrontOrASlashBehind) {
  for (const auto& target : {kA, "./" + kA, kA + "/", "./" + kA + "/"}) EXPECT_EQ(parse_link(target), kA);
  for (const auto& target :
       {"././" + kA, kA + "//", "../x/" + kA, "/" + kA, kA + "\n", std::string("/"), std::string()})
    EXPECT_EQ(parse_link(target), std::nullopt) << target;
}

TEST(History, GivesTheNewestSwitchThatLeadsToOrElseFromATreeThatIsThere) {
  const std::string history = "- " + kA + "\n" + kA + " " + kB + "\r\n" + kB + " " + kC + "\n";
  struct Row {
    std::set<std::string> there;
    std::optional<std::string> expected;
  };
  for (const auto& row : {Row{{kA, kB, kC}, kC}, Row{{kA, kB}, kB}, Row{{kA}, kA}, Row{{}, std::nullopt}}) {
    EXPECT_EQ(fall_back(history, [&](const std::string& name) { return row.there.contains(name); }),
              row.expected);
  }
}

TEST(History, IgnoresWhatIsNotASwitch) {
  const auto there = [](const std::string&) { return true; };
  EXPECT_EQ(fall_back("", there), std::nullopt);
  EXPECT_EQ(fall_back("\n\n", there), std::nullopt);
  EXPECT_EQ(fall_back("- ../x\nv_short v_short\n" + kA, there), std::nullopt);
  EXPECT_EQ(fall_back("- " + kB + "\n\nnonsense\n- ../../etc\n", there), kB);
}

}  // namespace
}  // namespace gopack::launch
