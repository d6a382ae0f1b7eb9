#include "share.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <future>

#include "cache_fixture.hpp"
#include "gopack/base/report.hpp"

namespace gopack::cache {
namespace {

class ShareTest : public test::LayerTest {
 protected:
  ShareTest() { Dir::ensure(there_); }
  const std::filesystem::path there_ = temp_.path() / "share";
  SilentReporter reporter_;
};

TEST_F(ShareTest, IsNotWaitedForWhenItHangs) {
  // A pipe that nobody writes to is opened for ever, as a file of a server that has died.
  const auto entry = test::put(Layer(there_), "action", "body");
  const auto name = entry.action.hex();
  const auto file = there_ / name.substr(0, 2) / (name + "-a");
  std::filesystem::remove(file);
  ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
  {
    Share share(there_, std::make_shared<const Layer>(path_), reporter_, std::chrono::milliseconds(50));
    for (int i = 0; i < 3; ++i) {
      std::promise<bool> has_it;
      share.fetch(entry.action, [&](const auto& found) { has_it.set_value(found.has_value()); });
      EXPECT_FALSE(has_it.get_future().get());
    }
    EXPECT_FALSE(share.finish(std::chrono::seconds(0)));
  }
  test::write_file(file, "");  // the thread goes on, and finds nobody
}

TEST_F(ShareTest, GetsWhatAnEarlierRunCouldNotPush) {
  std::vector<Entry> entries;
  for (int i = 0; i < 50; ++i) entries.push_back(put(std::to_string(i), "body" + std::to_string(i)));
  Share share(there_, std::make_shared<const Layer>(path_), reporter_);
  const Layer seen(there_);
  for (const auto& entry : entries) {
    while (!seen.find(entry.action)) std::this_thread::yield();
    EXPECT_TRUE(seen.find_body(entry));  // before the entry
  }
  EXPECT_TRUE(share.finish(std::chrono::seconds(0)));
}

}  // namespace
}  // namespace gopack::cache
