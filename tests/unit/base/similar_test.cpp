#include "gopack/base/similar.hpp"

#include <gtest/gtest.h>

namespace gopack {
namespace {

TEST(Similar, FindsTheNearestWord) {
  const std::vector<std::string> known = {"minimal", "developer", "build-only", "windows", "darwin", "full"};
  const struct {
    const char* word;
    const char* found;  // null: none
  } rows[] = {
      {"minmal", "minimal"},       {"Minimal", "minimal"}, {"minimla", "minimal"},
      {"dveloper", "developer"},   {"win", "windows"},     {"widows", "windows"},
      {"buildonly", "build-only"}, {"ful", "full"},        {"drawin", "darwin"},
      {"standard", nullptr},       {"x", nullptr},         {"", nullptr},
      {"linux", nullptr},          {"fill", "full"},       {"fells", nullptr},
  };
  for (const auto& row : rows) {
    const auto found = find_similar(row.word, known);
    EXPECT_EQ(found.value_or("none"), row.found == nullptr ? "none" : row.found) << row.word;
  }
  EXPECT_EQ(find_similar(std::string(1000, 'm'), known), std::nullopt);
  EXPECT_EQ(find_similar("minimal", {}), std::nullopt);
}

TEST(Similar, IsAQuestionBeforeTheHint) {
  EXPECT_EQ(did_you_mean("minmal", {"minimal"}), "did you mean \"minimal\"?");
  EXPECT_EQ(did_you_mean("minmal", {"minimal"}, "one of minimal"),
            "did you mean \"minimal\"? one of minimal");
  EXPECT_EQ(did_you_mean("else", {"minimal"}, "one of minimal"), "one of minimal");
}

}  // namespace
}  // namespace gopack
