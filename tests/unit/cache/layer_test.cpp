#include "gopack/cache/layer.hpp"

#include <gtest/gtest.h>

#include "cache_fixture.hpp"
#include "support/thrown.hpp"

namespace gopack::cache {
namespace {

using test::entry_of;
using test::LayerTest;

// As Go 1.26 wrote it.
constexpr const char* kAction = "00a1b2c3d4e5f60718293a4b5c6d7e8f00a1b2c3d4e5f60718293a4b5c6d7e8f";
constexpr const char* kOutput = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const std::string kText =
    std::string("v1 ") + kAction + " " + kOutput + "                  123  1763999999123456789\n";

TEST(Entry, IsTheTextThatGoWrites) {
  const auto action = digest::Sha256::try_parse(kAction).value();
  const auto entry = parse_entry(kText, action);
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->output.hex(), kOutput);
  EXPECT_EQ(entry->size, 123u);
  EXPECT_EQ(entry->time, std::chrono::nanoseconds(1763999999123456789));
  EXPECT_EQ(to_text(*entry), kText);
}

TEST(Entry, IsNothingWhenItIsHalfWrittenOrOfAnotherAction) {
  const auto action = digest::Sha256::try_parse(kAction).value();
  for (std::size_t length = 0; length < kText.size(); ++length) {
    EXPECT_FALSE(parse_entry(kText.substr(0, length), action)) << length;
  }
  EXPECT_FALSE(parse_entry(kText + "\n", action));
  for (const std::size_t at : {0, 1, 2, 10, 67, 80, 132, 150, 153, 160, 174}) {
    auto wrong = kText;
    wrong[at] = '-';
    EXPECT_FALSE(parse_entry(wrong, action)) << at;
  }
  EXPECT_FALSE(parse_entry(kText, digest::hash("another")));
}

TEST_F(LayerTest, GivesBackWhatWasPut) {
  const auto entry = put("action", "body");
  const Layer again(path_);
  const auto found = again.find(entry.action);
  ASSERT_TRUE(found);
  EXPECT_EQ(to_text(*found), to_text(entry));
  EXPECT_EQ(test::read_file(again.find_body(*found).value()), "body");
  EXPECT_EQ(again.list(entry.action.bytes()[0]).actions, std::vector{entry.action});
  EXPECT_EQ(again.list(entry.output.bytes()[0]).outputs, std::vector{entry.output});
}

TEST_F(LayerTest, KeepsNothingOfWhatIsNotItsId) {
  auto entry = entry_of("action", "body");
  for (const std::string wrong : {"bodY", "bod", "body.", ""}) {
    Incoming incoming(layer(), entry, false);
    incoming.write(as_bytes(wrong));
    EXPECT_FALSE(incoming.commit());
  }
  EXPECT_FALSE(layer().find(entry.action));
  EXPECT_EQ(files(), std::vector<std::string>());
}

TEST_F(LayerTest, HasNoBodyOfAnotherSizeNorALinkedProgram) {
  const auto entry = put("action", "body");
  const auto body = layer().find_body(entry).value();
  test::write_file(body, "bo");
  EXPECT_FALSE(layer().find_body(entry));
  EXPECT_TRUE(layer().open_body(entry));
  std::filesystem::remove(body);
  test::write_file(body / "program", "body");
  EXPECT_FALSE(layer().find_body(entry));
  EXPECT_FALSE(layer().open_body(entry));
}

TEST_F(LayerTest, KnowsItsShardsAmongOtherFiles) {
  for (const char* name : {"README", "trim.txt", "0/x", "0g/x", "100/x", "AB/x", "ab/x", "07/x"}) {
    test::write_file(path_ / name, "");
  }
  EXPECT_EQ(layer().shards(), (std::vector<std::uint8_t>{0x07, 0xab}));
  EXPECT_TRUE(layer().list(0xab).actions.empty());
  EXPECT_TRUE(layer().list(0xcd).actions.empty());
}

TEST_F(LayerTest, MarksWhatWasNotUsedForAnHour) {
  const auto entry = put("action", "body");
  const auto body = layer().find_body(entry).value();
  const auto now = std::filesystem::last_write_time(body);
  const auto recent = now - std::chrono::minutes(50);
  std::filesystem::last_write_time(body, recent);
  layer().mark_used(entry);
  EXPECT_EQ(std::filesystem::last_write_time(body), recent);
  std::filesystem::last_write_time(body, now - std::chrono::hours(2));
  layer().mark_used(entry);
  EXPECT_GE(std::filesystem::last_write_time(body), now);
}

TEST_F(LayerTest, RemovesWhatDeadWritersLeft) {
  const auto entry = put("action", "body");
  const auto shard = entry.output.bytes()[0];
  const auto old = layer().find_body(entry)->parent_path() / ".old.12345678";
  const auto recent = old.parent_path() / ".recent.12345678";
  for (const auto& name : {old, recent}) test::write_file(name, "");
  std::filesystem::last_write_time(old, std::filesystem::last_write_time(old) - std::chrono::hours(25));
  layer().remove_leftovers(shard);
  EXPECT_FALSE(std::filesystem::exists(old));
  EXPECT_TRUE(std::filesystem::exists(recent));
  EXPECT_TRUE(layer().find_body(entry));
}

TEST(Layer, MustExist) {
  EXPECT_EQ(test::thrown([] { Layer("/nowhere"); }).kind(), ErrorKind::failed);
}

}  // namespace
}  // namespace gopack::cache
