#include "gopack/target/fit.hpp"

#include <gtest/gtest.h>

#include "names.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace gopack::target {
namespace {

store::Tree tree_of(std::initializer_list<const char*> paths) {
  tree::Manifest manifest;
  manifest.release = "go1.22.5";
  for (const auto* path : paths)
    manifest.files.push_back({.path = tree::RelPath(path), .executable = false, .size = 1, .sha256 = {}});
  return {manifest.id(), manifest};
}

// A filesystem that can do everything, in a directory that exists.
Facts good_facts(const std::filesystem::path& directory) {
  Facts facts;
  facts.directory = directory;
  facts.mount = "/";
  facts.replaces = facts.keeps_case = true;
  facts.locks = Locks::work;
  return facts;
}

TEST(FitTest, RefusesNamesThatWouldBeOneFile) {
  const test::TempDir temp;
  auto facts = good_facts(temp.path());
  const std::vector<store::Tree> trees{tree_of({"src/A.go", "src/a.go"})};
  EXPECT_EQ(find_name_fault(facts, trees), std::nullopt);
  facts.ignores_case = true;
  EXPECT_EQ(find_name_fault(facts, trees),
            "the filesystem ignores case, and src/A.go and src/a.go would be one file");
  const std::vector<store::Tree> apart{tree_of({"src/A.go"}), tree_of({"src/a.go"})};
  EXPECT_EQ(find_name_fault(facts, apart), std::nullopt);
  const std::vector<store::Tree> directories{tree_of({"src/Fmt/a.go", "src/fmt/b.go"})};
  EXPECT_TRUE(find_name_fault(facts, directories));
}

TEST(FitTest, SaysWhatAFilesystemLacks) {
  const test::TempDir temp;
  const std::vector<store::Tree> trees{tree_of({"VERSION"})};
  const auto refusal = [&](auto change) {
    auto facts = good_facts(temp.path());
    change(facts);
    return std::string(test::thrown([&] { require_fit("/mnt/stick", facts, trees); }).text());
  };
  EXPECT_NO_THROW(require_fit("/mnt/stick", good_facts(temp.path()), trees));
  EXPECT_NE(refusal([](Facts& facts) { facts.replaces = false; }).find("cannot rename a file"),
            std::string::npos);
  EXPECT_NE(refusal([](Facts& facts) { facts.keeps_case = false; }).find("case of names"), std::string::npos);
  EXPECT_NE(refusal([](Facts& facts) { facts.locks = Locks::missing; }).find("no file locks"),
            std::string::npos);
  EXPECT_NE(refusal([](Facts& facts) { facts.locks = Locks::hang; }).find("hang"), std::string::npos);
}

TEST(FitTest, CountsTheLongestPathAsWindowsDoes) {
  Facts facts;
  facts.mount = "/mnt";
  const auto tree = tree_of({"src/short.go", "src/\u00e9\U00020000.go"});
  const auto longest = longest_path("/mnt/stick", facts, {tree});
  EXPECT_EQ(longest.text, "E:\\stick\\" + tree.id.text() + "\\src\\short.go");
  EXPECT_EQ(longest.units, longest.text.size());
  const auto wide = tree_of({"src/\U00020000\U00020000.go"});  // two units each
  EXPECT_EQ(longest_path("/mnt/stick", facts, {wide}).units,
            std::string("E:\\stick\\").size() + 18 + std::string("\\src\\1234.go").size());
}

}  // namespace
}  // namespace gopack::target
