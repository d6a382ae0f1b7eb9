// What is said of a disk that gives back other bytes than it was given, and where its end is looked for.
#include "verdict.hpp"

#include <gtest/gtest.h>

#include <string>

#include "end_probe.hpp"

namespace gopack::flash {
namespace {

constexpr std::uint64_t kPieces = 10;

digest::Sha256 content(std::uint64_t piece) {
  return digest::hash("content " + std::to_string(piece));
}

std::vector<Expected> pieces() {
  std::vector<Expected> expected;
  for (std::uint64_t i = 1; i <= kPieces; ++i) expected.push_back({i * kChunk, kChunk, content(i)});
  return expected;
}

ReadBack misread(std::vector<Misread> misreads, std::size_t bad_at_end = 0) {
  ReadBack read_back;
  read_back.count = misreads.size();
  read_back.misreads = std::move(misreads);
  read_back.bad_at_end = bad_at_end;
  return read_back;
}

const digest::Sha256 kOther = digest::hash("something else");

TEST(Verdict, NothingIsSaidOfWhatIsRight) {
  EXPECT_FALSE(judge(pieces(), {}));
}

TEST(Verdict, APieceInPlaceOfAnotherIsAWrap) {
  const auto verdict = judge(pieces(), misread({{0, content(5), false}, {1, content(6), false}}));
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->result, Result::fake);
  EXPECT_NE(verdict->reason.find(std::to_string(4 * kChunk)), std::string::npos) << verdict->reason;
}

TEST(Verdict, APieceInPlaceOfWhatWasWipedIsAWrap) {
  ReadBack read_back;
  read_back.wiped = content(7);
  const auto verdict = judge(pieces(), read_back);
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->result, Result::fake);
  EXPECT_NE(verdict->reason.find(std::to_string(7 * kChunk)), std::string::npos) << verdict->reason;
}

TEST(Verdict, AnEndWithoutAnythingRightIsLost) {
  const auto verdict = judge(pieces(), misread({{8, kOther, false}, {9, kOther, false}}, 2));
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->result, Result::fake);
  EXPECT_NE(verdict->reason.find("from byte 9437184 on"), std::string::npos) << verdict->reason;
  const auto blank = judge(pieces(), misread({{9, kOther, true}}, 1));
  EXPECT_EQ(blank->result, Result::fake);
}

TEST(Verdict, TheRestIsDamaged) {
  const auto verdict = judge(pieces(), misread({{3, kOther, false}, {9, kOther, true}}, 1));
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->result, Result::damaged);
  EXPECT_NE(verdict->reason.find("2 of 10"), std::string::npos) << verdict->reason;
  EXPECT_NE(verdict->reason.find("at byte 4194304"), std::string::npos) << verdict->reason;
  EXPECT_EQ(judge(pieces(), misread({{9, kOther, false}}, 1))->result, Result::damaged);
  ReadBack read_back;
  read_back.wiped = kOther;
  EXPECT_EQ(judge(pieces(), read_back)->result, Result::damaged);
}

// Two equal pieces are one on no disk.
TEST(Verdict, AnEarlierPieceIsNoWrap) {
  EXPECT_EQ(judge(pieces(), misread({{5, content(1), false}}))->result, Result::damaged);
}

// A piece of zeros in place of another is damage, wherever else the image has zeros.
TEST(Verdict, WhatIsThereSeveralTimesIsNoWrap) {
  auto expected = pieces();
  expected[7].sha256 = expected[8].sha256 = content(0);
  EXPECT_EQ(judge(expected, misread({{2, content(0), false}}))->result, Result::damaged);
  EXPECT_EQ(judge(pieces(), misread({{2, content(9), true}}))->result, Result::damaged);
}

TEST(EndProbe, LooksAtPowersOfTwoAndHalves) {
  constexpr std::uint64_t kMiB = 1 << 20;
  EXPECT_EQ(possible_sizes(16 * kMiB), (std::vector<std::uint64_t>{kMiB, 2 * kMiB, 4 * kMiB, 8 * kMiB}));
  EXPECT_EQ(possible_sizes(12 * kMiB), (std::vector<std::uint64_t>{kMiB, 3 * kMiB / 2, 2 * kMiB, 3 * kMiB,
                                                                   4 * kMiB, 6 * kMiB, 8 * kMiB}));
  EXPECT_TRUE(possible_sizes(kMiB).empty());
}

}  // namespace
}  // namespace gopack::flash
