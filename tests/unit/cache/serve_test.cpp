#include "gopack/cache/serve.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <future>
#include <sstream>

#include "cache_fixture.hpp"
#include "gopack/base/error.hpp"
#include "gopack/digest/base64.hpp"
#include "support/thrown.hpp"

namespace gopack::cache {
namespace {

std::string base64(std::string_view text) {
  return digest::base64_encode(std::span(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}
std::string base64(const digest::Sha256& id) {
  return digest::base64_encode(id.bytes());
}

// What the go command writes.
std::string get(int id, std::string_view action) {
  return fmt::format(R"({{"ID":{},"Command":"get","ActionID":"{}"}})"
                     "\n\n",
                     id, base64(digest::hash(action)));
}
std::string put(int id, std::string_view action, std::string_view body, std::string_view output_of) {
  const auto line =
      fmt::format(R"({{"ID":{},"Command":"put","ActionID":"{}","OutputID":"{}","BodySize":{}}})"
                  "\n\n",
                  id, base64(digest::hash(action)), base64(digest::hash(output_of)), body.size());
  return body.empty() ? line : line + "\"" + base64(body) + "\"\n";
}
std::string put(int id, std::string_view action, std::string_view body) {
  return put(id, action, body, body);
}
const std::string kClose = "{\"ID\":99,\"Command\":\"close\"}\n\n";

class Warnings final : public Reporter {
 public:
  void on(const Event& event) override {
    if (const auto* warned = std::get_if<Warned>(&event)) texts.emplace_back(warned->text);
  }
  std::vector<std::string> texts;
};

// A go command: one that asks and waits for the answer.
class Client {
 public:
  Client(const ServeOptions& options, Reporter& reporter) {
    int to[2];
    int from[2];
    if (::pipe(to) != 0 || ::pipe(from) != 0) throw std::runtime_error("no pipe");
    requests_ = File(Descriptor(to[1]), "requests");
    answers_ = Descriptor(from[0]);
    server_ = std::async(std::launch::async, [options, in_end = to[0], out_end = from[1], &reporter] {
      File in(Descriptor(in_end), "requests");
      return serve(options, in, File(Descriptor(out_end), "answers"), reporter, {});
    });
    next_line();
  }

  // For a request that has one answer.
  std::string ask(std::string_view request) {
    requests_->write(as_bytes(request));
    return next_line();
  }
  // Whether no thread was left hanging.
  bool close() {
    EXPECT_EQ(ask(kClose), "{\"ID\":99}");
    return server_.get();
  }

 private:
  std::string next_line() {
    std::string line;
    for (char letter = 0; ::read(answers_.get(), &letter, 1) == 1 && letter != '\n';) line += letter;
    return line;
  }

  std::optional<File> requests_;
  Descriptor answers_;
  std::future<bool> server_;
};

class ServeTest : public testing::Test {
 protected:
  ServeTest() { options_.local = temp_.path() / "local"; }

  // The answers to a session without a share, or one that nothing is asked of.
  std::string run(std::string_view requests) {
    auto in = test::scratch_file(requests, "requests");
    const auto name = temp_.path() / "answers";
    EXPECT_TRUE(serve(options_, in, Dir::open(temp_.path()).create_file("answers"), warnings_, {}));
    const auto text = test::read_file(name);
    std::filesystem::remove(name);
    return text;
  }
  std::filesystem::path make_layer(const std::string& name) {
    return Dir::ensure(temp_.path() / name).path();
  }

  test::TempDir temp_;
  ServeOptions options_;
  Warnings warnings_;
};

TEST_F(ServeTest, SpeaksTheProtocol) {
  const auto text = run(get(1, "a") + put(2, "a", "body") + get(3, "a") + put(4, "empty", "") + kClose);
  const auto body = Layer(options_.local).find_body(test::entry_of("a", "body")).value().string();
  std::istringstream lines(text);
  std::string line;
  for (const std::string& expected :
       {std::string(R"({"ID":0,"KnownCommands":["get","put","close"]})"),
        std::string(R"({"ID":1,"Miss":true})"), R"({"DiskPath":")" + body + R"(","ID":2})",
        R"({"DiskPath":")" + body + R"(","ID":3,"OutputID":")" + base64(digest::hash("body")) +
            R"(","Size":4,"Time":")"}) {
    std::getline(lines, line);
    EXPECT_EQ(line.substr(0, expected.size()), expected);
  }
  EXPECT_TRUE(text.ends_with("{\"ID\":99}\n")) << text;
}

TEST_F(ServeTest, StreamsBodiesOfAnySize) {
  std::string requests;
  std::vector<std::string> bodies;
  for (const std::size_t size : {1, 2, 3, 49'000, 49'151, 49'152, 65'536, 3'000'001}) {
    bodies.emplace_back(size, static_cast<char>('a' + size % 26));
    requests += put(static_cast<int>(bodies.size()), bodies.back().substr(0, 9) + std::to_string(size),
                    bodies.back());
  }
  const auto text = run(requests + kClose);
  EXPECT_EQ(text.find("Err"), std::string::npos) << text;
  const Layer local(options_.local);
  for (const auto& body : bodies) {
    const auto entry = test::entry_of("", body);
    EXPECT_EQ(test::read_file(local.find_body(entry).value()), body);
  }
}

TEST_F(ServeTest, KeepsNothingThatIsNotItsId) {
  auto not_base64 = put(3, "c", "body");
  not_base64.replace(not_base64.rfind('"') - 4, 4, "!!!!");
  const auto text = run(put(1, "a", "body", "other") + put(2, "b", "good") + not_base64 +
                        "{\"ID\":4,\"Command\":\"new\"}\n" + kClose);
  for (const char* answer :
       {R"(not what its id says","ID":1})", R"("ID":2})", R"(not base64","ID":3})", R"(here","ID":4})"}) {
    EXPECT_NE(text.find(answer), std::string::npos) << answer << "\n" << text;
  }
  const Layer local(options_.local);
  EXPECT_FALSE(local.find(digest::hash("a")));
  EXPECT_TRUE(local.find(digest::hash("b")));
  EXPECT_FALSE(local.find(digest::hash("c")));
}

TEST_F(ServeTest, RefusesWhatIsNoProtocol) {
  const auto id = base64(digest::hash("a"));
  for (const std::string& requests : {std::string("hello\n"), std::string("{\"ID\":1}\n"),
                                      std::string(R"({"ID":1,"Command":"get","ActionID":"AAAA"})"),
                                      R"({"ID":1,"Command":"put","ActionID":")" + id + R"(","OutputID":")" +
                                          id + "\",\"BodySize\":3}\n\nZm9v",
                                      R"({"ID":1,"Command":"put","ActionID":")" + id + R"(","OutputID":")" +
                                          id + "\",\"BodySize\":3}\n\n\"Zm",
                                      std::string(70'000, ' ')}) {
    EXPECT_EQ(test::thrown([&] { run(requests); }).kind(), ErrorKind::failed) << requests.substr(0, 99);
    std::filesystem::remove(temp_.path() / "answers");
  }
}

TEST_F(ServeTest, EndsWhenTheGoCommandIsGone) {
  EXPECT_EQ(run(get(1, "a")),
            "{\"ID\":0,\"KnownCommands\":[\"get\",\"put\",\"close\"]}\n{\"ID\":1,\"Miss\":true}\n");
}

TEST_F(ServeTest, ReadsBasesAndLeavesThemAlone) {
  options_.bases = {make_layer("first"), make_layer("second")};
  const auto entry = test::put(Layer(options_.bases[1]), "a", "body");
  const auto body = Layer(options_.bases[1]).find_body(entry).value();
  const auto old = std::filesystem::last_write_time(body) - std::chrono::hours(99);
  std::filesystem::last_write_time(body, old);
  const auto text = run(get(1, "a") + get(2, "b") + kClose);
  EXPECT_NE(text.find(body.string()), std::string::npos);
  EXPECT_NE(text.find("2023-11-14T22:13:20.000000000Z"), std::string::npos) << text;
  EXPECT_EQ(std::filesystem::last_write_time(body), old);
  EXPECT_FALSE(Layer(options_.local).find(entry.action));
}

TEST_F(ServeTest, FetchesFromTheShareAndKeepsIt) {
  options_.share = make_layer("share");
  const auto entry = test::put(Layer(*options_.share), "a", "body");
  Client client(options_, warnings_);
  const Layer local(options_.local);
  EXPECT_EQ(client.ask(get(1, "b")), R"({"ID":1,"Miss":true})");
  const auto answer = client.ask(get(2, "a"));
  const auto body = local.find_body(entry);
  ASSERT_TRUE(body) << answer;
  EXPECT_NE(answer.find(body->string()), std::string::npos) << answer;
  EXPECT_EQ(to_text(local.find(entry.action).value()), to_text(entry));
  EXPECT_TRUE(client.close());
}

TEST_F(ServeTest, PushesWhatWasPutBeforeItCloses) {
  options_.share = make_layer("share");
  options_.wait = true;
  std::string requests;
  for (int i = 1; i <= 300; ++i) requests += put(i, std::to_string(i), "body" + std::to_string(i));
  run(requests + put(301, "same body", "body1") + kClose);
  const Layer share(*options_.share);
  for (int i = 1; i <= 300; ++i) {
    const auto found = share.find(digest::hash(std::to_string(i)));
    ASSERT_TRUE(found && share.find_body(*found)) << i;
  }
  EXPECT_TRUE(share.find(digest::hash("same body")));
  EXPECT_TRUE(warnings_.texts.empty());
}

TEST_F(ServeTest, UsesNothingDamagedAndPutsItRight) {
  options_.share = make_layer("share");
  const Layer share(*options_.share);
  const auto wrong = test::put(share, "a", "body");
  const auto cut = test::put(share, "b", "another");
  test::write_file(share.find_body(wrong).value(), "bodY");
  test::write_file(share.find_body(cut).value(), "ano");
  Client client(options_, warnings_);
  EXPECT_EQ(client.ask(get(1, "a")), R"({"ID":1,"Miss":true})");
  EXPECT_EQ(client.ask(get(2, "b")), R"({"ID":2,"Miss":true})");
  EXPECT_FALSE(Layer(options_.local).find(wrong.action));
  EXPECT_EQ(warnings_.texts.size(), 2u);
  client.ask(put(3, "a", "body"));
  client.ask(put(4, "b", "another"));
  EXPECT_TRUE(client.close());
  EXPECT_EQ(test::read_file(share.find_body(wrong).value()), "body");
  EXPECT_EQ(test::read_file(share.find_body(cut).value()), "another");
}

TEST_F(ServeTest, GoesOnWithoutAShareThatIsNotThere) {
  options_.share = temp_.path() / "away";
  Client client(options_, warnings_);
  EXPECT_EQ(client.ask(get(1, "a")), R"({"ID":1,"Miss":true})");
  EXPECT_EQ(client.ask(put(2, "b", "body")).find("Err"), std::string::npos);
  EXPECT_TRUE(client.close());
  EXPECT_TRUE(Layer(options_.local).find(digest::hash("b")));
  ASSERT_EQ(warnings_.texts.size(), 1u);
  EXPECT_NE(warnings_.texts[0].find("going on without the share"), std::string::npos);
}

}  // namespace
}  // namespace gopack::cache
