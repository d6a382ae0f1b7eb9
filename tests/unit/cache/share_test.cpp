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

// An entry of the share that hangs whoever reads it: a pipe that nobody writes to is opened for ever, as a
// file of a server that has died.
class HangingShareTest : public ShareTest {
 protected:
  HangingShareTest() {
    std::filesystem::remove(file_);
    EXPECT_EQ(::mkfifo(file_.c_str(), 0600), 0);
  }
  ~HangingShareTest() override { test::write_file(file_, ""); }  // the thread goes on, and finds nobody

  const Entry entry_ = test::put(Layer(there_), "action", "body");
  const std::filesystem::path file_ =
      there_ / entry_.action.hex().substr(0, 2) / (entry_.action.hex() + "-a");
  Share share_{there_, std::make_shared<const Layer>(path_), reporter_, std::chrono::milliseconds(50)};
};

TEST_F(HangingShareTest, IsNotWaitedForByFetches) {
  for (int i = 0; i < 3; ++i) {
    std::promise<bool> has_it;
    share_.fetch(entry_.action, [&](const auto& found) { has_it.set_value(found.has_value()); });
    EXPECT_FALSE(has_it.get_future().get());
  }
  EXPECT_FALSE(share_.finish(std::chrono::seconds(0)));
}

TEST_F(HangingShareTest, IsNotWaitedForAtTheEnd) {
  share_.push(entry_);
  EXPECT_FALSE(share_.finish(std::chrono::hours(1)));
}

TEST_F(ShareTest, GetsWhatAnEarlierRunCouldNotPush) {
  std::vector<Entry> entries;
  for (int i = 0; i < 50; ++i) entries.push_back(put(std::to_string(i), "body" + std::to_string(i)));
  Share share(there_, std::make_shared<const Layer>(path_), reporter_);
  share.fetch(digest::hash("what nobody has"), [](const auto&) {});
  const Layer seen(there_);
  for (const auto& entry : entries) {
    while (!seen.find(entry.action)) std::this_thread::yield();
    EXPECT_TRUE(seen.find_body(entry));  // before the entry
  }
  EXPECT_TRUE(share.finish(std::chrono::seconds(0)));
}

TEST_F(ShareTest, IsNotListedForAPushAlone) {
  for (int i = 0; i < 200; ++i) put(std::to_string(i), "body" + std::to_string(i));
  const auto linked = put("linked", "program");
  Share share(there_, std::make_shared<const Layer>(path_), reporter_);
  share.push(linked);
  EXPECT_TRUE(share.finish(std::chrono::hours(1)));
  std::size_t files = 0;
  for (const auto& item : std::filesystem::recursive_directory_iterator(there_))
    files += item.is_regular_file();
  EXPECT_TRUE(Layer(there_).find(linked.action));
  EXPECT_EQ(files, 2u);  // the entry and its body
}

}  // namespace
}  // namespace gopack::cache
