#include "bsdiff.hpp"

#include <gtest/gtest.h>

#include <random>

#include "gopack/base/error.hpp"
#include "support/temp_dir.hpp"

namespace gopack::pack {
namespace {

std::string random_text(std::size_t size, std::uint_fast32_t seed) {
  std::mt19937 random(seed);
  std::string text(size, '\0');
  for (auto& byte : text) byte = static_cast<char>(random());
  return text;
}

std::string apply(const std::string& base, const std::string& diff, std::uint64_t size) {
  const test::TempDir temp;
  const auto file = File::open(temp.write("base", base));
  DiffSource source(file, base.size(), diff, size);
  return read_all(source, size);
}

void expect_round_trip(const std::string& base, const std::string& target) {
  const auto diff = make_diff(as_bytes(base), as_bytes(target));
  EXPECT_EQ(apply(base, diff, target.size()), target);
}

TEST(Bsdiff, GivesTheTargetBack) {
  const auto base = random_text(100'000, 1);
  expect_round_trip(base, base);
  expect_round_trip(base, "");
  expect_round_trip(base, "x");
  expect_round_trip("x", base);
  expect_round_trip(base, random_text(50'000, 2));
  expect_round_trip(base, base.substr(40'000) + base.substr(0, 30'000));
  expect_round_trip(std::string(100'000, 'a'), std::string(99'999, 'a') + "b");
  expect_round_trip(base, "new" + base.substr(0, 50'000) + "new" + base.substr(50'001) + "new");
}

// What a program becomes when code is added: everything behind it moves, and every address by the same
// number.
TEST(Bsdiff, IsSmallWhereAddressesMove) {
  const auto pieces = random_text(1'000'000, 3);
  const auto program = [&](std::uint32_t moved) {
    std::string text;
    for (std::size_t i = 0; i + 100 < pieces.size(); i += 100) {
      text += pieces.substr(i, 96);
      const auto address = static_cast<std::uint32_t>(0x400000 + i) + moved;
      for (int shift = 0; shift < 32; shift += 8) text += static_cast<char>(address >> shift);
    }
    return text;
  };
  const auto base = program(0);
  const auto target = random_text(64, 4) + program(64);
  const auto diff = make_diff(as_bytes(base), as_bytes(target));
  EXPECT_EQ(apply(base, diff, target.size()), target);
  EXPECT_LT(diff.size(), target.size() / 50);
}

TEST(Bsdiff, RandomPairs) {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    const auto base = random_text(1 + random() % 3000, random());
    std::string target;
    while (target.size() < random() % 3000) {
      const auto at = random() % base.size();
      target += random() % 3 == 0 ? random_text(random() % 50, random()) : base.substr(at, random() % 400);
      if (!target.empty() && random() % 2 == 0) target[random() % target.size()] = 'x';
    }
    expect_round_trip(base, target);
  }
}

// Every byte is changed, and the end taken off at every place: it says so, or gives bytes that the digest of
// the file refuses, and never more of them than was said.
TEST(Bsdiff, IsNotTrusted) {
  const auto base = random_text(2000, 6);
  const auto target = base.substr(500) + "new" + base.substr(0, 700);
  const auto diff = make_diff(as_bytes(base), as_bytes(target));
  std::size_t refused = 0;
  for (std::size_t i = 0; i < diff.size(); ++i) {
    auto wrong = diff;
    wrong[i] = static_cast<char>(wrong[i] ^ 0x11);
    for (const auto& text : {wrong, diff.substr(0, i)}) {
      try {
        EXPECT_LE(apply(base, text, target.size()).size(), target.size());
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::integrity) << error.text();
        ++refused;
      }
    }
  }
  EXPECT_GT(refused, diff.size());
}

}  // namespace
}  // namespace gopack::pack
