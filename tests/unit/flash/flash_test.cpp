// An image on files: what is told, memory, and a feed whose takers differ.
#include "gopack/flash/flash.hpp"

#include <gtest/gtest.h>

#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "feed.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace gopack::flash {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using test::TempDir;
using test::thrown;

constexpr std::size_t kImage = (5 << 20) + 777;

std::string some_bytes(std::size_t size) {
  std::string bytes;
  for (std::uint64_t seed = 1; bytes.size() < size; seed = seed * 6364136223846793005u + 1)
    bytes += static_cast<char>(seed >> 56);
  return bytes;
}

class Recorder final : public Reporter {
 public:
  void on(const Event& event) override {
    const std::lock_guard lock(mutex_);
    if (const auto* progressed = std::get_if<Progressed>(&event)) {
      EXPECT_LE(progressed->done, progressed->total);
      if (progressed->done == progressed->total) complete_.emplace(progressed->task);
    }
    if (const auto* finished = std::get_if<Finished>(&event)) finished_.emplace(finished->task);
  }
  std::set<std::string> complete_, finished_;

 private:
  std::mutex mutex_;
};

TEST(Flash, TellsOfEachTargetHowFarItIs) {
  const TempDir dir;
  const auto image = dir.write("x.img", some_bytes(kImage));
  std::vector<fs::path> targets;
  std::set<std::string> names;
  for (const auto* name : {"a", "b", "c"}) {
    targets.emplace_back(dir.write(name, std::string(6 << 20, 'x')));
    names.insert(targets.back().string());
  }
  Recorder recorder;
  const auto flashed = flash(image, targets, 60s, {recorder});
  EXPECT_EQ(recorder.complete_, names);
  EXPECT_EQ(recorder.finished_, names);
  ASSERT_EQ(flashed.outcomes.size(), 3u);
  for (const auto& outcome : flashed.outcomes) {
    EXPECT_EQ(outcome.result, Result::whole) << outcome.reason;
    EXPECT_EQ(outcome.bytes, kImage);
    EXPECT_EQ(test::read_file(outcome.target).substr(0, kImage), test::read_file(image));
  }
}

TEST(Flash, StoppedBeforeItBeginsItLeavesNothingThatLooksWhole) {
  const TempDir dir;
  const auto image = dir.write("x.img", some_bytes(kImage));
  const auto target = dir.write("a", std::string(6 << 20, 'x'));
  std::stop_source stop;
  stop.request_stop();
  SilentReporter silent;
  const auto flashed = flash(image, {target}, 60s, {silent, stop.get_token()});
  EXPECT_EQ(flashed.outcomes.at(0).result, Result::interrupted);
  EXPECT_EQ(test::read_file(target).substr(0, kChunk), std::string(kChunk, '\0'));
}

TEST(Flash, ATargetThatIsTooSmallIsFoundFirst) {
  const TempDir dir;
  const auto image = dir.write("x.img", some_bytes(kImage));
  const auto fine = dir.write("a", std::string(6 << 20, 'x'));
  const auto small = dir.write("b", std::string(5 << 20, 'x'));
  SilentReporter silent;
  EXPECT_EQ(thrown([&] { flash(image, {fine, small}, 60s, {silent}); }).kind(), ErrorKind::noroom);
  EXPECT_EQ(test::read_file(fine), std::string(6 << 20, 'x'));
}

std::shared_ptr<const Chunk> piece(std::uint64_t number) {
  Chunk chunk{number * kChunk, Block(8)};
  std::ranges::fill(chunk.content.bytes(), static_cast<std::byte>(number));
  return std::make_shared<const Chunk>(std::move(chunk));
}

TEST(Feed, GivesEachTakerEveryPiece) {
  constexpr std::uint64_t kPieces = 500;  // more than are in flight
  Feed feed(3, [](std::size_t) { return false; }, {});
  std::vector<std::uint64_t> sums(3, 0);
  std::vector<std::jthread> takers;
  for (std::size_t taker = 0; taker < 3; ++taker) {
    takers.emplace_back([&, taker] {
      while (const auto chunk = feed.next(taker)) {
        sums[taker] += chunk->begin;
        if (taker == 2 && chunk->begin == 100 * kChunk) return feed.leave(taker);
      }
    });
  }
  for (std::uint64_t i = 0; i < kPieces; ++i) EXPECT_TRUE(feed.push(piece(i)));
  feed.end(std::make_shared<Head>());
  takers.clear();
  EXPECT_EQ(sums[0], kPieces * (kPieces - 1) / 2 * kChunk);
  EXPECT_EQ(sums[1], sums[0]);
  EXPECT_EQ(sums[2], 101 * 100 / 2 * kChunk);
  EXPECT_EQ(feed.expected().size(), kPieces);
}

TEST(Feed, GoesOnWithoutATakerThatIsStalled) {
  Feed feed(2, [](std::size_t taker) { return taker == 1; }, {});
  std::jthread taker([&] {
    while (feed.next(0)) continue;
  });
  for (std::uint64_t i = 0; i < 100; ++i) EXPECT_TRUE(feed.push(piece(i)));
  EXPECT_EQ(thrown([&] { feed.next(1); }).kind(), ErrorKind::failed);
  feed.end(std::make_shared<Head>());
}

TEST(Feed, EndsWhenNobodyTakesAnythingOrTheReaderFails) {
  Feed left(1, [](std::size_t) { return false; }, {});
  left.leave(0);
  EXPECT_FALSE(left.push(piece(1)));
  Feed failed(1, [](std::size_t) { return false; }, {});
  EXPECT_TRUE(failed.push(piece(1)));
  failed.fail(std::make_exception_ptr(Error(ErrorKind::integrity, "damaged")));
  EXPECT_EQ(thrown([&] { failed.next(0); }).kind(), ErrorKind::integrity);
}

}  // namespace
}  // namespace gopack::flash
