#include "gopack/tree/manifest.hpp"

#include <gtest/gtest.h>

#include "support/thrown.hpp"

namespace gopack::tree {
namespace {

ManifestFile file(std::string_view path, std::string_view content, bool executable = false) {
  return {RelPath(path), executable, content.size(), digest::hash(content)};
}

Manifest sample() {
  Manifest manifest;
  manifest.release = "go1.22.5";
  manifest.platforms = {"darwin/arm64", "linux/amd64"};
  manifest.profile = "minimal";
  manifest.profile_sha256 = digest::hash("rules");
  manifest.origins = {
      {"a.tar.gz", "linux/amd64", digest::hash("a"), "https://example.org/a", "release index"},
      {"b.tar.gz", "darwin/arm64", digest::hash("b"), "/mnt/\"b\"", "nothing"}};
  manifest.files = {file("VERSION", "go1.22.5\n"), file("bin/go", "\177ELF", true), file("test/Äfoo.go", "")};
  return manifest;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("nothing to replace");
  return text.replace(at, from.size(), to);
}

TEST(Manifest, SurvivesItsOwnJson) {
  const auto manifest = sample();
  const auto text = manifest.to_json();
  const auto back = Manifest::from_json(text, sample().id());
  EXPECT_EQ(back.release, manifest.release);
  EXPECT_EQ(back.platforms, manifest.platforms);
  EXPECT_EQ(back.profile, manifest.profile);
  EXPECT_EQ(back.profile_sha256, manifest.profile_sha256);
  EXPECT_EQ(back.origins, manifest.origins);
  EXPECT_EQ(back.files, manifest.files);
  EXPECT_EQ(back.to_json(), text);
  EXPECT_EQ(back.bytes(), 13u);
  EXPECT_EQ(Manifest::from_json(Manifest{}.to_json(), Manifest{}.id()).files.size(), 0u);
}

TEST(Manifest, IsReadWhateverItsWhiteSpaceIs) {
  auto text = sample().to_json();
  std::erase(text, '\n');
  EXPECT_EQ(Manifest::from_json(text, sample().id()).files, sample().files);
}

TEST(Manifest, IdIsTheDocumentedHashOfTheFiles) {
  Manifest manifest;
  manifest.files = {file("bin/go", "abc", true), file("x", "")};
  const std::string lines =
      "1 3 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad bin/go\n"
      "0 0 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 x\n";
  EXPECT_EQ(manifest.id().text(), "v_" + digest::hash(lines).hex().substr(0, 16));
}

TEST(Manifest, IdDependsOnPathBitAndBytesAlone) {
  const auto id = sample().id();
  auto same = sample();
  std::swap(same.origins[0], same.origins[1]);
  std::swap(same.platforms[0], same.platforms[1]);
  same.profile = "mine";
  same.release = "go1.22.6";
  EXPECT_EQ(same.id(), id);
  auto path = sample();
  path.files[0].path = RelPath("VERSIONS");
  EXPECT_NE(path.id(), id);
  auto bit = sample();
  bit.files[0].executable = true;
  EXPECT_NE(bit.id(), id);
  auto bytes = sample();
  bytes.files[0].sha256 = digest::hash("go1.22.6\n");
  EXPECT_NE(bytes.id(), id);
}

TEST(Manifest, FindsFilesByPath) {
  const auto manifest = sample();
  EXPECT_EQ(manifest.find("bin/go"), &manifest.files[1]);
  EXPECT_EQ(manifest.find("bin"), nullptr);
  EXPECT_EQ(manifest.find("zzz"), nullptr);
}

TEST(Manifest, RefusesWhatIsNone) {
  const auto text = sample().to_json();
  auto unsorted = sample();
  std::swap(unsorted.files[0], unsorted.files[1]);
  auto twice = sample();
  twice.files.insert(twice.files.begin(), twice.files.front());
  const std::pair<std::string, const char*> bad[] = {
      {unsorted.to_json(), "not in order"},
      {twice.to_json(), "not in order"},
      {replaced(text, sample().id().text(), "v_0123456789abcdef"), "that of another tree"},
      {replaced(text, "\"size\": 4", "\"size\": 5"), "id does not match"},
      {replaced(text, "\"VERSION\"", "\"../VERSION\""), "\"../VERSION\" is not safe"},
      {replaced(text, "\"size\": 4", "\"size\": -4"), "size of bin/go"},
      {replaced(text, "\"size\": 4", "\"size\": 4.5"), "size of bin/go"},
      {replaced(text, "\"size\": 4", "\"size\": 1e300"), "size of bin/go"},
      {replaced(text, "\"size\": 4", "\"size\": 18446744073709551615"), "size of bin/go"},
      {replaced(text, "\"0555\"", "\"4755\""), "mode of bin/go"},
      {replaced(text, "\"schema\": 1", "\"schema\": 2"), "schema is not 1"},
      {replaced(text, digest::hash("rules").hex(), "abc"), "SHA-256 is malformed"},
      {replaced(text, "\"release\": \"go1.22.5\"", "\"release\": 1.22"), "cannot read the manifest"},
      {replaced(text, "\"profile\"", "\"other\""), "it lacks \"profile\""},
      {text.substr(0, text.size() / 2), "cannot read the manifest"},
      {"", "cannot read the manifest"},
      {"[]", "cannot read the manifest"},
      {"<!DOCTYPE html>", "cannot read the manifest"},
  };
  for (const auto& [json, reason] : bad) {
    const auto error = test::thrown([&] { Manifest::from_json(json, sample().id()); });
    EXPECT_EQ(error.kind(), ErrorKind::integrity) << error.text();
    EXPECT_NE(error.text().find(reason), std::string::npos) << error.text();
  }
}

TEST(Manifest, ASourceThatIsNotUtf8DoesNotStopIt) {
  auto manifest = sample();
  manifest.origins[0].source = "/mnt/\xff";
  EXPECT_EQ(Manifest::from_json(manifest.to_json(), manifest.id()).origins[0].source, "/mnt/\ufffd");
}

TEST(StoreId, IsSixteenHexDigits) {
  EXPECT_EQ(StoreId("v_0123456789abcdef").text(), "v_0123456789abcdef");
  for (const char* bad : {"", "v_", "v_0123456789abcde", "v_0123456789abcdef0", "v_0123456789ABCDEF",
                          "x_0123456789abcdef", "v_0123456789abcde/", "../../../../etc/pwd"}) {
    EXPECT_FALSE(StoreId::is_valid(bad)) << bad;
    EXPECT_EQ(test::thrown([&] { StoreId refused(bad); }).kind(), ErrorKind::usage) << bad;
  }
}

}  // namespace
}  // namespace gopack::tree
