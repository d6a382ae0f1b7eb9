#include "gopack/base/read_ahead.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "gopack/base/error.hpp"
#include "support/thrown.hpp"

namespace gopack {
namespace {

// "0 ", "1 ", …, each in the same buffer; then the end, or an Error.
class Numbers final : public ByteSource {
 public:
  explicit Numbers(int count, bool fails = false) : count_(count), fails_(fails) {}
  ByteView next() override {
    if (given_ == count_ && fails_) throw Error(ErrorKind::integrity, "upstream broke");
    if (given_ == count_) return {};
    block_ = std::to_string(given_++) + " ";
    return as_bytes(block_);
  }
  int given() const { return given_; }

 private:
  int count_;
  bool fails_;
  int given_ = 0;
  std::string block_;
};

std::string numbers(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += std::to_string(i) + " ";
  return text;
}

TEST(ReadAhead, GivesEverythingInOrder) {
  for (const int count : {0, 1, 8, 9, 5000}) {
    Numbers upstream(count);
    ReadAhead ahead(upstream);
    EXPECT_EQ(read_all(ahead, 1 << 20), numbers(count));
    EXPECT_TRUE(ahead.next().empty());
  }
}

TEST(ReadAhead, RethrowsTheErrorAfterTheBytesBeforeIt) {
  Numbers upstream(20, true);
  ReadAhead ahead(upstream);
  StringSink sink;
  const auto error = test::thrown([&] { copy(ahead, sink); });
  EXPECT_EQ(error.kind(), ErrorKind::integrity);
  EXPECT_EQ(error.text(), "upstream broke");
  EXPECT_EQ(sink.text(), numbers(20));
}

TEST(ReadAhead, StopsWhenDestroyedEarlyAndHoldsFewBlocks) {
  Numbers endless(std::numeric_limits<int>::max());
  {
    ReadAhead ahead(endless);
    EXPECT_EQ(as_text(ahead.next()), "0 ");
  }
  EXPECT_LE(endless.given(), 10);  // eight slots, and what waits for one
}

TEST(Bytes, CopyCountsAndReadAllRefusesTooMuch) {
  StringSink sink;
  Numbers upstream(3);
  EXPECT_EQ(copy(upstream, sink), 6u);
  EXPECT_EQ(sink.text(), "0 1 2 ");
  MemorySource fits("abc");
  EXPECT_EQ(read_all(fits, 3), "abc");
  MemorySource large("abcd");
  EXPECT_THROW(read_all(large, 3), Error);
}

}  // namespace
}  // namespace gopack
