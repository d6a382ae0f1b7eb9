#include "gopack/bundle/choice.hpp"

#include <gtest/gtest.h>

namespace gopack::bundle {
namespace {

using store::Tree;

Tree tree(const char* release, std::vector<std::string> platforms = {"linux/amd64"}) {
  tree::Manifest manifest;
  manifest.release = release;
  manifest.profile = "minimal";
  std::string text = release;
  for (const auto& platform : platforms) text += platform;
  manifest.files.push_back({.path = tree::RelPath("VERSION"), .size = 1, .sha256 = digest::hash(text)});
  manifest.platforms = std::move(platforms);
  return {manifest.id(), manifest};
}

const Tree kOld = tree("go1.21.3");
const Tree kNew = tree("go1.22.5");
const Tree kWide = tree("go1.21.3", {"linux/amd64", "windows/amd64"});

TEST(ChoiceTest, LeavesOutWhatAnotherTreeDoesAsWell) {
  const auto nobody = [](const Tree&) { return false; };
  EXPECT_EQ(without_superseded({kOld, kWide, kNew}, nobody).size(), 2u);
  const auto old_one = [](const Tree& each) { return each.id == kOld.id; };
  EXPECT_EQ(without_superseded({kOld, kWide, kNew}, old_one).size(), 3u);
}

struct Row {
  const char* description;
  StartQuestion question;
  Tree expected;
  bool is_own_choice = false;
};

TEST(ChoiceTest, ChoosesWhatABundleStarts) {
  const std::vector<Tree> both{kOld, kNew};
  const std::vector<Tree> wide{kWide};
  const std::vector<Tree> only_new{kNew};
  const Row rows[] = {
      {"a new bundle starts what is current in the store", {both, false, kOld.id, {}, false}, kOld},
      {"else the newest", {both, false, {}, {}, false}, kNew},
      {"or where the store's is not bundled", {only_new, false, kOld.id, {}, false}, kNew},
      {"what is named becomes current, the newest of several", {both, true, kOld.id, kOld, true}, kNew},
      {"its own stays", {both, false, kNew.id, kOld, true}, kOld, true},
      {"and is nobody's choice where the store has the same", {both, false, kOld.id, kOld, true}, kOld},
      {"also where it is not bundled this time", {only_new, false, kNew.id, kOld, true}, kOld, true},
      {"but not where it is to go", {only_new, false, kNew.id, kOld, false}, kNew},
      {"what supersedes it takes its place", {wide, false, kWide.id, kOld, true}, kWide},
      {"also against the store", {wide, false, kNew.id, kOld, true}, kWide, true},
  };
  for (const auto& row : rows) {
    const auto start = choose_start(row.question);
    EXPECT_EQ(start.tree.id, row.expected.id) << row.description;
    EXPECT_EQ(start.is_own_choice, row.is_own_choice) << row.description;
  }
}

}  // namespace
}  // namespace gopack::bundle
