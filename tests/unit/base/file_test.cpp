#include "gopack/base/file.hpp"

#include <gtest/gtest.h>

#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace gopack {
namespace {

TEST(File, ReadsAtAnOffsetWithoutMovingItsPosition) {
  auto file = test::scratch_file("abcdef", "letters");
  std::byte buffer[3];
  EXPECT_EQ(file.read(buffer), 3u);
  EXPECT_EQ(file.read_at(buffer, 1), 3u);
  EXPECT_EQ(as_text(buffer), "bcd");
  EXPECT_EQ(file.read(buffer), 3u);
  EXPECT_EQ(as_text(buffer), "def");
  EXPECT_EQ(file.read_at(buffer, 6), 0u);
  file.truncate(2);
  file.seek(1);
  EXPECT_EQ(file.read(buffer), 1u);
  EXPECT_EQ(file.status().size, 2u);
}

TEST(File, OpenNamesWhatItCannotOpen) {
  const test::TempDir temp;
  EXPECT_EQ(test::thrown([&] { File::open(temp.path()); }).text(),
            "cannot read " + temp.path().string() + ": it is a directory");
  const auto text = test::thrown([&] { File::open(temp.path() / "a\nb"); }).text();
  EXPECT_TRUE(text.starts_with("cannot open " + (temp.path() / "a").string() + "\\x0ab: ")) << text;
}

TEST(ReadText, NamesTheFileThatIsTooLarge) {
  const test::TempDir temp;
  const auto path = temp.write("page", "12345");
  EXPECT_EQ(read_text(path, 5), "12345");
  EXPECT_NE(test::thrown([&] { read_text(path, 4); }).text().find(path), std::string::npos);
  EXPECT_NE(test::thrown([&] { (void)find_text(Dir::open(temp.path()), "page", 4); }).text().find(path),
            std::string::npos);
}

}  // namespace
}  // namespace gopack
