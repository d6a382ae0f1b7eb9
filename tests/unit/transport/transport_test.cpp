// What needs neither a server nor the program: file URLs, offline, addresses where nobody answers.
#include "gopack/transport/transport.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "gopack/base/error.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace gopack::transport {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

class TransportTest : public testing::Test {
 protected:
  TransportTest() { fs::create_directory(root_ / "to"); }

  Url put(const std::string& name, const std::string& text) {
    std::ofstream(root_ / name) << text;
    return Url::from_path((root_ / name).string());
  }
  std::string found(const std::string& name) { return read_text(root_ / "to" / name, 1 << 20); }
  bool is_empty() { return fs::is_empty(root_ / "to"); }
  Dir to() { return Dir::open(root_ / "to"); }

  const test::TempDir directory_;
  const fs::path root_ = directory_.path();
  SilentReporter reporter_;
  std::stop_source stop_;
  TransportOptions options_;
  Transport transport_{options_, reporter_, stop_.get_token()};
};

// An address that takes connections (the kernel does) and never says a word.
class SilentHost {
 public:
  SilentHost() : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
  }
  void listen() { ASSERT_EQ(::listen(fd_.get(), 8), 0); }
  // Returns when somebody has connected.
  Descriptor accept() { return Descriptor(::accept(fd_.get(), nullptr, nullptr)); }
  Url url() const { return Url::parse("http://127.0.0.1:" + std::to_string(port_) + "/x"); }

 private:
  Descriptor fd_;
  int port_ = 0;
};

TEST_F(TransportTest, ReadsFileUrls) {
  const auto url = put("a b", "text");
  EXPECT_EQ(transport_.get(url, 4), "text");
  EXPECT_EQ(transport_.try_get(Url::from_path((root_ / "none").string()), 4), std::nullopt);
  EXPECT_EQ(test::thrown([&] { transport_.get(Url::from_path((root_ / "none").string()), 4); }).kind(),
            ErrorKind::unreachable);
  EXPECT_EQ(test::thrown([&] { transport_.try_get(url, 3); }).kind(), ErrorKind::unreachable);
  EXPECT_EQ(test::thrown([&] { transport_.try_get(Url::from_path(root_.string()), 3); }).kind(),
            ErrorKind::unreachable);
}

TEST_F(TransportTest, CopiesFileUrlsAndHashesThem) {
  const auto url = put("a", "text");
  const auto done =
      transport_.download({.url = url, .file = "a", .size = 4, .sha256 = digest::hash("text")}, to());
  EXPECT_EQ(done.part, "a.part");
  EXPECT_EQ(done.size, 4u);
  EXPECT_EQ(done.sha256, digest::hash("text"));
  EXPECT_EQ(found("a.part"), "text");
}

TEST_F(TransportTest, LeavesNothingOfAFileThatIsNotAsExpected) {
  const auto url = put("a", "text");
  const auto sha256 = digest::hash("text");
  const std::pair<const char*, DownloadRequest> cases[] = {
      {"found 982d9e3eb996f559", {.url = url, .file = "a", .size = 4, .sha256 = digest::hash("other")}},
      {"expected 5 bytes, found 4", {.url = url, .file = "a", .size = 5, .sha256 = sha256}},
      {"expected 3 bytes, found 4", {.url = url, .file = "a", .size = 3, .sha256 = sha256}},
      {"HTML page", {.url = put("page", "<!doctype html><p>"), .file = "a", .sha256 = sha256}},
  };
  for (const auto& [text, request] : cases) {
    const auto error = test::thrown([&] { transport_.download(request, to()); });
    EXPECT_EQ(error.kind(), ErrorKind::integrity) << text;
    EXPECT_NE(error.text().find(text), std::string::npos) << error.text();
    EXPECT_TRUE(is_empty()) << text;
  }
}

TEST_F(TransportTest, StopsBeyondTheLargestSize) {
  const auto error =
      test::thrown([&] { transport_.download({.url = put("a", "text"), .file = "a", .max_size = 3}, to()); });
  EXPECT_EQ(error.kind(), ErrorKind::unreachable);
  EXPECT_TRUE(is_empty());
}

TEST_F(TransportTest, AMissingFileLeavesNothing) {
  const auto url = Url::from_path((root_ / "none").string());
  EXPECT_EQ(test::thrown([&] { transport_.download({.url = url, .file = "a"}, to()); }).kind(),
            ErrorKind::unreachable);
  EXPECT_TRUE(is_empty());
}

// For as long as it lives no file of this process can grow beyond `bytes`.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    EXPECT_EQ(::getrlimit(RLIMIT_FSIZE, &before_), 0);
    const rlimit limit{bytes, before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  }
  ~FileSizeLimit() {
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &before_), 0);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  void (*handler_)(int);
  rlimit before_{};
};

TEST_F(TransportTest, NoRoomIsSaidAndLeavesNothing) {
  const auto url = put("a", std::string(100'000, 'x'));
  const FileSizeLimit limit(50'000);
  const auto error = test::thrown([&] { transport_.download({.url = url, .file = "a"}, to()); });
  EXPECT_EQ(error.kind(), ErrorKind::noroom);
  EXPECT_NE(error.text().find("a.part"), std::string::npos) << error.text();
  EXPECT_TRUE(is_empty());
}

TEST_F(TransportTest, OfflineOpensNoSocket) {
  SilentHost host;
  host.listen();
  options_.offline = true;
  Transport offline(options_, reporter_, {});
  EXPECT_EQ(test::thrown([&] { offline.try_get(host.url(), 4); }).kind(), ErrorKind::unreachable);
  const auto error = test::thrown([&] { offline.download({.url = host.url(), .file = "a"}, to()); });
  EXPECT_NE(error.text().find("offline"), std::string::npos) << error.text();
  EXPECT_EQ(offline.get(put("a", "text"), 4), "text");
}

TEST_F(TransportTest, OfflineTakesWhatIsCompleteAlready) {
  options_.offline = true;
  Transport offline(options_, reporter_, {});
  std::ofstream(root_ / "to" / "a.part") << "text";
  const auto url = Url::parse("http://127.0.0.1:1/a");
  EXPECT_EQ(offline.download({.url = url, .file = "a", .size = 4, .sha256 = digest::hash("text")}, to()).size,
            4u);
}

TEST_F(TransportTest, ARefusedConnectionIsTriedTwice) {
  const SilentHost host;  // bound, but nobody listens
  options_.retry.first_delay = 1ms;
  Transport transport(options_, reporter_, {});
  const auto error = test::thrown([&] { transport.get(host.url(), 4); });
  EXPECT_EQ(error.kind(), ErrorKind::unreachable);
  EXPECT_NE(error.text().find("(2 attempts)"), std::string::npos) << error.text();
}

TEST_F(TransportTest, ASilentServerIsGivenUp) {
  SilentHost host;
  host.listen();
  options_.stall_timeout = 1s;
  options_.retry.attempts = 1;
  Transport transport(options_, reporter_, {});
  const auto error = test::thrown([&] { transport.get(host.url(), 4); });
  EXPECT_EQ(error.kind(), ErrorKind::unreachable);
  EXPECT_NE(error.text().find("too slow"), std::string::npos) << error.text();
}

TEST_F(TransportTest, AStopEndsATransferAtOnce) {
  SilentHost host;
  host.listen();
  std::jthread user([&] {
    const auto connection = host.accept();
    stop_.request_stop();
  });
  EXPECT_EQ(test::thrown([&] { transport_.get(host.url(), 4); }).kind(), ErrorKind::interrupted);
}

TEST_F(TransportTest, AStopEndsThePauseBetweenAttempts) {
  class StopAtDetail final : public Reporter {
   public:
    explicit StopAtDetail(std::stop_source& stop) : stop_(stop) {}
    void on(const Event& event) override {
      if (std::holds_alternative<Detailed>(event)) stop_.request_stop();
    }

   private:
    std::stop_source& stop_;
  } reporter(stop_);
  const SilentHost host;
  options_.retry.first_delay = options_.retry.longest_delay = 24h;
  Transport transport(options_, reporter, stop_.get_token());
  EXPECT_EQ(test::thrown([&] { transport.get(host.url(), 4); }).kind(), ErrorKind::interrupted);
}

}  // namespace
}  // namespace gopack::transport
