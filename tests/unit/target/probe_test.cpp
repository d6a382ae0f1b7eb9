#include "gopack/target/probe.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "names.hpp"
#include "support/temp_dir.hpp"

namespace gopack::target {
namespace {

namespace fs = std::filesystem;

TEST(ProbeTest, FindsOutWhatAFilesystemOfLinuxCanDo) {
  const test::TempDir temp;
  const auto facts = probe(temp.path());
  EXPECT_EQ(facts.directory, temp.path());
  EXPECT_FALSE(facts.refusal);
  EXPECT_TRUE(facts.replaces);
  EXPECT_TRUE(facts.links);
  EXPECT_EQ(facts.modes, Modes::kept);
  EXPECT_TRUE(facts.chmod);
  EXPECT_TRUE(facts.runs_programs);
  EXPECT_EQ(facts.locks, Locks::work);
  EXPECT_FALSE(facts.ignores_case);
  EXPECT_TRUE(facts.takes_long_names);
  EXPECT_TRUE(facts.takes_any_script);
  EXPECT_TRUE(facts.takes_reserved_names);
  EXPECT_TRUE(facts.takes_large_files);
  EXPECT_GT(facts.space.available, 0u);
  EXPECT_TRUE(fs::is_empty(temp.path()));
}

TEST(ProbeTest, LooksAtTheNearestDirectoryThatExists) {
  const test::TempDir temp;
  EXPECT_EQ(probe(temp.path() / "not/yet").directory, temp.path());
  EXPECT_TRUE(fs::is_empty(temp.path()));
}

TEST(ProbeTest, TakesAwayWhatAKilledProbeLeft) {
  const test::TempDir temp;
  const auto old = fs::file_time_type::clock::now() - std::chrono::hours(2);
  for (const std::string name :
       {".gopack-probe.0123abcd.tmp", ".gopack-probe.mine.tmp", ".mine.0123abcd.tmp"}) {
    temp.write(name + "/probe", "x");
    fs::last_write_time(temp.path() / name, old);
  }
  temp.write(".gopack-probe.89abcdef.tmp/probe", "another gopack is at it");
  probe(temp.path());
  const std::vector<std::string> left{".gopack-probe.89abcdef.tmp", ".gopack-probe.mine.tmp",
                                      ".mine.0123abcd.tmp"};
  EXPECT_EQ(Dir::open(temp.path()).names(), left);
}

TEST(ProbeTest, SeveralAtOnceFindTheSame) {
  constexpr int kRounds = GOPACK_TEST_THINNED == 1 ? 100 : 10;
  const test::TempDir temp;
  std::atomic<int> refused{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int round = 0; round < kRounds; ++round) refused += probe(temp.path()).refusal.has_value();
      });
    }
  }
  EXPECT_EQ(refused, 0);
  EXPECT_TRUE(fs::is_empty(temp.path()));
}

TEST(ProbeTest, SaysWhyNothingCanBeWritten) {
  const auto facts = probe("/proc");
  EXPECT_TRUE(facts.refusal);
  EXPECT_EQ(facts.mount, "/proc");
}

TEST(ProbeTest, TriesNames) {
  const test::TempDir temp;
  const std::string too_long(300, 'n');
  EXPECT_EQ(find_refused(temp.path(), {"plain", too_long, "\u00e9"}), std::vector<std::string>{too_long});
  EXPECT_TRUE(fs::is_empty(temp.path()));
}

}  // namespace
}  // namespace gopack::target
