#include "gopack/store/verify.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "gopack/store/trees.hpp"

#include "store_fixture.hpp"
#include "support/child.hpp"

namespace gopack::store {
namespace {

using Lines = std::vector<std::string>;

class VerifyTest : public StoreTest {
 protected:
  Lines problems(Depth depth = Depth::contents, unsigned jobs = 2) const {
    Lines lines;
    for (const auto& p : verify_tree(store_.trees().open(id_), manifest_.files, depth, jobs, {})) {
      lines.push_back(std::string(to_string(p.kind)) + " " + p.path +
                      (p.expected.empty() ? "" : ": " + p.expected + " -> " + p.found));
    }
    return lines;
  }
  std::filesystem::path at(std::string_view path) const { return in_tree(id_, path); }
  // Everything becomes writable, for tests that run without root's rights.
  void unseal() const {
    for (const char* directory : {"", "bin", "src", "src/a", "src/b", "src/b/c"})
      ::chmod(at(directory).c_str(), 0755);
  }
  void overwrite(std::string_view path, std::string_view text) const {
    const auto bits = mode(at(path));
    ::chmod(at(path).c_str(), 0644);
    test::write_file(at(path), text);
    ::chmod(at(path).c_str(), bits);
  }

  void SetUp() override { unseal(); }

  tree::StoreId id_ = publish(store_);
  tree::Manifest manifest_ = store_.trees().manifest(id_);
};

TEST_F(VerifyTest, AWholeTreeHasNoProblems) {
  for (const unsigned jobs : {1u, 4u}) EXPECT_EQ(problems(Depth::contents, jobs), Lines{});
  EXPECT_EQ(problems(Depth::names), Lines{});
}

TEST_F(VerifyTest, NamesEveryDifference) {
  std::filesystem::remove(at("VERSION"));
  overwrite("src/a/one.go", "package b");  // one bit
  overwrite("src/a/two.go", "package ab");
  ::chmod(at("bin/gofmt").c_str(), 0444);
  test::write_file(at("src/a/foreign.go"), "x");
  test::write_file(at("extra/inner/file"), "x");
  const auto size =
      Lines{"changed bin/gofmt: executable -> not executable", "foreign extra", "foreign src/a/foreign.go",
            "changed src/a/two.go: 9 bytes -> 10 bytes", "missing VERSION"};
  auto expected = size;
  expected.push_back("changed src/a/one.go: sha256 " + digest::hash("package a").hex() + " -> sha256 " +
                     digest::hash("package b").hex());
  const auto by_path = [](const std::string& a, const std::string& b) { return a.substr(8) < b.substr(8); };
  std::sort(expected.begin(), expected.end(), by_path);
  EXPECT_EQ(problems(), expected);
  auto names_only = size;
  std::sort(names_only.begin(), names_only.end(), by_path);
  EXPECT_EQ(problems(Depth::names), names_only);
}

TEST_F(VerifyTest, AGainedExecutableBitIsAChange) {
  ::chmod(at("src/a/one.go").c_str(), 0555);
  EXPECT_EQ(problems(), Lines{"changed src/a/one.go: not executable -> executable"});
}

TEST_F(VerifyTest, WhatOthersMayWriteIsAChange) {
  ::chmod(at("src/a/one.go").c_str(), 0464);
  ::chmod(at("bin/go").c_str(), 0757);
  ::chmod(at("src/a/two.go").c_str(), 0644);  // its owner alone
  const Lines expected = {"changed bin/go: read-only -> writable",
                          "changed src/a/one.go: read-only -> writable"};
  EXPECT_EQ(problems(), expected);
  EXPECT_EQ(problems(Depth::names), expected);
}

TEST_F(VerifyTest, BitsDoNotCountWhereAllFilesLookAlike) {
  for (const auto& file : manifest_.files) ::chmod(at(file.path.text()).c_str(), 0555);
  EXPECT_EQ(problems(), Lines{});
  for (const auto& file : manifest_.files) ::chmod(at(file.path.text()).c_str(), 0777);
  EXPECT_EQ(problems(), Lines{});
}

TEST_F(VerifyTest, AnotherTypeIsAChange) {
  std::filesystem::rename(at("bin/go"), home() / "go");
  std::filesystem::create_symlink("../../go", at("bin/go"));  // the right bytes, by a link
  std::filesystem::remove(at("VERSION"));
  std::filesystem::create_directory(at("VERSION"));
  EXPECT_EQ(problems(), (Lines{"changed VERSION: a regular file -> something else",
                               "changed bin/go: a regular file -> something else"}));
}

TEST_F(VerifyTest, AMissingDirectoryMissesAllItsFiles) {
  std::filesystem::remove_all(at("src"));
  const Lines missing = {"missing src/a/one.go", "missing src/a/two.go", "missing src/b/c/deep.go"};
  EXPECT_EQ(problems(), missing);
  std::filesystem::create_symlink("/", at("src"));
  EXPECT_EQ(problems(), missing);
}

TEST_F(VerifyTest, WhatCannotBeReadIsChangedAndTheRestIsLookedAt) {
  std::filesystem::permissions(temp_.path(), std::filesystem::perms::all);
  std::filesystem::remove(at("VERSION"));
  ::chmod(at("src/a/one.go").c_str(), 0);
  ::chmod(at("src/b/c").c_str(), 0);
  EXPECT_TRUE(test::unprivileged([&] {
    const auto found = problems();
    return found.size() == 3 && found[0] == "missing VERSION" &&
           found[1].starts_with("changed src/a/one.go: sha256 ") &&
           found[1].ends_with("src/a/one.go: Permission denied") &&
           found[2].starts_with("changed src/b/c/deep.go: a readable file -> ");
  }));
  ::chmod(at("src/b/c").c_str(), 0755);
}

TEST_F(VerifyTest, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(test::thrown([&] {
              (void)verify_tree(store_.trees().open(id_), manifest_.files, Depth::contents, 2,
                                stop.get_token());
            }).kind(),
            ErrorKind::interrupted);
}

}  // namespace
}  // namespace gopack::store
