#include "gopack/prove/trace.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace gopack::prove {
namespace {

using Opened = std::set<std::pair<std::string, std::string>>;

Trace read(std::string_view output) {
  MemorySource source(output);
  return read_trace(source, "/s/tree");
}

TEST(ReadTrace, NamesProgramsAndTheFilesThatTheyOpened) {
  const auto trace = read(
      "71<compile> openat(AT_FDCWD</s/tree/src/fmt>, \"./print.go\", O_RDONLY|O_CLOEXEC) = "
      "3</s/tree/src/fmt/print.go>\n"
      "72<go> openat(AT_FDCWD</w>, \"/s/tree/go.env\", O_RDONLY <unfinished ...>\n"
      "71<compile> openat(AT_FDCWD</w>, \"/etc/hosts\", O_RDONLY) = 4</etc/hosts>\n"
      "72<go> <... openat resumed>) = 5</s/tree/go.env>\n"
      "73<go> openat(AT_FDCWD</w>, \"/s/tree/go.work\", O_RDONLY) = -1 ENOENT (No such file or directory)\n");
  EXPECT_EQ(trace.opened, (Opened{{"compile", "src/fmt/print.go"}, {"go", "go.env"}}));
  EXPECT_TRUE(trace.starts.empty());
}

TEST(ReadTrace, TellsWordsAndTargetOfWhatIsStarted) {
  const auto trace = read(
      R"(9<sh> execve("/s/tree/bin/go", ["go", "test", "-run", "a \"b\" \\ \303\244]"], ["HOME=/", "GOOS=js"]) = 0)"
      "\n"
      R"(9<go> execve("/s/tree/pkg/tool/linux_amd64/link", ["link"], ["GOARCH=arm64", "GOOS=darwin"]) = 0)"
      "\n"
      R"(9<go> execve("/usr/bin/gcc", ["gcc"], []) = 0)");
  ASSERT_EQ(trace.starts.size(), 2U);
  EXPECT_EQ(trace.starts[0].path, "bin/go");
  EXPECT_EQ(trace.starts[0].words, (std::vector<std::string>{"go", "test", "-run", "a \"b\" \\ \u00e4]"}));
  EXPECT_EQ(trace.starts[0].target, "");
  EXPECT_EQ(trace.starts[1].target, "darwin/arm64");
}

// Gives a byte at a time.
class Trickle final : public ByteSource {
 public:
  explicit Trickle(std::string_view text) : rest_(as_bytes(text)) {}
  ByteView next() override {
    const auto byte = rest_.first(std::min<std::size_t>(1, rest_.size()));
    rest_ = rest_.subspan(byte.size());
    return byte;
  }

 private:
  ByteView rest_;
};

TEST(ReadTrace, PutsLinesTogetherThatBlocksDivide) {
  Trickle source("1<go> openat() = 3</s/tree/go.env>\n2<vet> openat() = 3</s/tree/VERSION>");
  EXPECT_EQ(read_trace(source, "/s/tree").opened, (Opened{{"go", "go.env"}, {"vet", "VERSION"}}));
}

TEST(ReadTrace, PassesOverWhatItDoesNotKnow) {
  for (const char* line :
       {"", "\n\n", "execve(", "1<a> execve(\"/s/tree/bin/go", "1<a> execve(\"/s/tree/bin/go\", [\"",
        "+++ exited with 0 +++", "1<a> openat(", "<>", "> <", "1<a> x = 3<", "\\"}) {
    const auto trace = read(line);
    EXPECT_TRUE(trace.opened.empty()) << line;
  }
}

}  // namespace
}  // namespace gopack::prove
