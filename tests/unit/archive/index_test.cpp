#include "gopack/archive/index.hpp"

#include <random>

#include "gopack/archive/indexed_archive.hpp"
#include "unpack_fixture.hpp"

namespace gopack::archive {
namespace {

constexpr std::size_t kFiles = 400;

// Text that compresses about as sources do, so that the stream has many blocks.
std::string text_of(std::mt19937& random, std::size_t size) {
  static const std::string_view kWords[] = {"func ", "return ", "x := ", "if err != nil {\n",
                                            "}\n",   "string",  "0x"};
  std::string text;
  while (text.size() < size) {
    text += kWords[random() % std::size(kWords)];
    text += std::to_string(random());
  }
  text.resize(size);
  return text;
}

// About 19 MiB: two access points. One file is larger than what lies between two of them.
std::map<std::string, std::string> make_contents() {
  std::mt19937 random(42);
  std::map<std::string, std::string> files;
  for (std::size_t i = 0; i < kFiles; ++i)
    files["src/f" + std::to_string(1000 + i)] = text_of(random, i % 7 == 0 ? 0 : random() % 60'000);
  files["src/f1200"] = text_of(random, 9 << 20);
  return files;
}

const std::map<std::string, std::string>& contents() {
  static const auto made = make_contents();
  return made;
}

std::vector<std::string> archives() {
  test::TarBuilder tar;
  test::ZipBuilder zip;
  for (const auto& [path, content] : contents()) {
    tar.file("go/" + path, content);
    zip.file("go/" + path, content);
  }
  return {test::gzip_in_blocks(tar.bytes()), test::gzip(tar.bytes()), zip.bytes()};
}

const std::vector<std::string>& packed_archives() {
  static const auto made = archives();
  return made;
}

Index index_of(const std::string& bytes, const HeadChoice& heads = {}) {
  auto file = test::scratch_file(bytes, kArchiveName);
  tree::MemoryTree tree;
  return unpack(file, {"go", {}, heads}, tree, {});
}

const IndexedPass kPass{digest::hash("an archive"), {}};

// Reads what `reads` says by the index; all of that must be what was packed.
void expect_replayed(const Index& index, const std::string& bytes,
                     const std::function<bool(const std::string&)>& reads, const ReadPlan* plan) {
  const auto& packed = contents();
  std::size_t files = 0;
  FunctionSink sink([&](const tree::Entry& entry, ByteSource& content) {
    const auto& expected = packed.at(entry.path.text());
    ++files;
    EXPECT_EQ(entry.size, expected.size());
    if (!reads(entry.path.text())) return;
    EXPECT_TRUE(read_all(content, 1 << 30) == expected) << entry.path.text();
  });
  replay(
      index, [&] { return test::scratch_file(bytes, kArchiveName); }, sink, {}, plan);
  EXPECT_EQ(files, packed.size());
}

TEST(Index, GivesTheContentOfAnyFiles) {
  for (const auto& bytes : packed_archives()) {
    const auto index = index_of(bytes);
    for (const unsigned every : {1u, 50u}) {
      const auto reads = [&](const std::string& path) { return digest::hash(path).bytes()[0] % every == 0; };
      expect_replayed(index, bytes, reads, nullptr);
      for (const unsigned threads : {1u, 3u}) {
        const ReadPlan plan{[&](const IndexedFile& file) { return reads(file.path.text()); }, threads};
        expect_replayed(index, bytes, reads, &plan);
      }
    }
  }
}

TEST(Index, GivesFilesThatThePlanDidNotName) {
  const auto& bytes = packed_archives().front();
  const ReadPlan plan{[](const IndexedFile& file) { return file.path.text().ends_with('3'); }, 2};
  const auto reads = [](const std::string& path) { return path.ends_with("33") || path.ends_with('4'); };
  expect_replayed(index_of(bytes), bytes, reads, &plan);
}

TEST(Index, HasAccessPointsOfATarGzAbout8MiBApart) {
  const auto index = index_of(packed_archives().front());
  ASSERT_EQ(index.points.size(), 2u);
  for (std::size_t i = 0; i < index.points.size(); ++i) {
    EXPECT_GE(index.points[i].offset, (i + 1) * (8 << 20));
    EXPECT_LT(index.points[i].offset, (i + 1) * (9 << 20));
  }
  EXPECT_TRUE(index_of(packed_archives().back()).points.empty());
}

TEST(Index, OpensTheArchiveOnlyForContent) {
  const auto index = index_of(packed_archives().front());
  std::size_t files = 0;
  FunctionSink sink([&](const tree::Entry& entry, ByteSource&) {
    ++files;
    EXPECT_EQ(*entry.sha256, digest::hash(contents().at(entry.path.text())));
  });
  list(index, sink);
  EXPECT_EQ(files, contents().size());
}

TEST(Index, IsTheSameWhenWrittenAndRead) {
  constexpr HeadChoice kHeads{[](std::string_view path) { return path.ends_with('5'); },
                              [](std::string_view, std::string_view first) { return first.substr(0, 10); }};
  for (const auto& bytes : packed_archives()) {
    const auto index = index_of(bytes, kHeads);
    const auto text = index.serialize(kPass);
    EXPECT_LT(text.size(), bytes.size() / 25);
    const auto again = Index::parse(text, kPass);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->serialize(kPass), text);
    ASSERT_EQ(again->files.size(), index.files.size());
    for (std::size_t i = 0; i < index.files.size(); ++i) {
      const auto& file = again->files[i];
      EXPECT_EQ(file.path, index.files[i].path);
      EXPECT_EQ(file.time, index.files[i].time);
      const auto first = contents().at(file.path.text()).substr(0, 10);
      EXPECT_EQ(file.head, file.path.text().ends_with('5') ? std::optional(first) : std::nullopt);
    }
    expect_replayed(
        *again, bytes, [](const std::string&) { return true; }, nullptr);
  }
}

TEST(Index, IsNothingWhereAByteIsWrongOrMissing) {
  const auto text =
      index_of(test::gzip(test::TarBuilder().file("go/a", "a").file("go/b", "b").bytes())).serialize(kPass);
  ASSERT_TRUE(Index::parse(text, kPass));
  EXPECT_FALSE(Index::parse(text, {digest::hash("another archive"), {}}));
  EXPECT_FALSE(Index::parse(text, {kPass.archive, {.entries = 7}}));
  EXPECT_FALSE(Index::parse(text + "x", kPass));
  for (std::size_t i = 0; i < text.size(); ++i) {
    EXPECT_FALSE(Index::parse(text.substr(0, i), kPass)) << i;
    auto changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(Index::parse(changed, kPass)) << i;
  }
}

TEST(Index, DoesNotFitAnotherArchive) {
  for (std::size_t i = 0; i < 3; i += 2) {
    const auto index = index_of(packed_archives()[i]);
    const auto other = i == 0 ? test::gzip(test::TarBuilder().file("go/a", "a").bytes())
                              : test::ZipBuilder().file("go/a", "a").bytes();
    for (const auto& bytes : {other, packed_archives()[2 - i], packed_archives()[i].substr(0, 1000)}) {
      FunctionSink sink([](const tree::Entry&, ByteSource& content) { read_all(content, 1 << 30); });
      EXPECT_THROW(replay(index, [&] { return test::scratch_file(bytes, kArchiveName); }, sink, {}),
                   IndexMismatch);
      const ReadPlan all{[](const IndexedFile&) { return true; }, 2};
      EXPECT_THROW(replay(
                       index, [&] { return test::scratch_file(bytes, kArchiveName); }, sink, {}, &all),
                   IndexMismatch);
    }
  }
}

}  // namespace
}  // namespace gopack::archive
