#include "gopack/source/go_environment.hpp"

#include <gtest/gtest.h>

#include "proxies.hpp"
#include "support/temp_dir.hpp"

namespace gopack::source {
namespace {

std::string shown(const std::string& list) {
  std::string text;
  for (const auto& entry : parse_goproxy(list))
    text += entry.url + (entry.fall_back_on_any_error ? "|" : ",");
  return text;
}

TEST(Goproxy, IsAListWithTwoSeparators) {
  EXPECT_EQ(shown(""), "");
  EXPECT_EQ(shown("https://a.example.org"), "https://a.example.org,");
  EXPECT_EQ(shown("https://a.example.org,direct"), "https://a.example.org,direct,");
  EXPECT_EQ(shown(" https://a.example.org | file:///b ,, off|"), "https://a.example.org|file:///b,off|");
  EXPECT_EQ(shown("a.example.org/x"), "https://a.example.org/x,");
}

TEST(Goproxy, CanBeAskedUpToOffWithoutDirect) {
  const auto proxies = usable_proxies("https://a.example.org|direct,file:///b,off,https://c.example.org");
  ASSERT_EQ(proxies.size(), 2u);
  EXPECT_EQ(proxies[0].url.text(), "https://a.example.org/");
  EXPECT_TRUE(proxies[0].fall_back_on_any_error);
  EXPECT_EQ(proxies[1].url.text(), "file:///b");
  EXPECT_FALSE(proxies[1].fall_back_on_any_error);
  EXPECT_THROW(usable_proxies("ftp://user:secret@a.example.org"), Error);
}

// What each of three proxies does: '1' to '9' answers with that number, '-' has no such thing, '!' fails.
std::string ask(const std::string& separators, const std::string& behaviour) {
  std::vector<Proxy> proxies;
  for (const char separator : separators) {
    proxies.push_back({transport::Url::parse("https://a.example.org"), separator == '|'});
  }
  try {
    const auto answer = first_answer(proxies, [&](const Proxy& proxy) -> std::optional<char> {
      const char what = behaviour[static_cast<std::size_t>(&proxy - proxies.data())];
      if (what == '!') throw Error(ErrorKind::unreachable, "it fails");
      if (what == '#') throw Error(ErrorKind::integrity, "it lies");
      return what == '-' ? std::nullopt : std::optional(what);
    });
    return answer ? std::string(1, *answer) : "none";
  } catch (const Error& error) {
    return std::string(to_string(error.kind()));
  }
}

TEST(Goproxy, FallsBackAsTheSeparatorSays) {
  EXPECT_EQ(ask(",,,", "123"), "1");
  EXPECT_EQ(ask(",,,", "-23"), "2");
  EXPECT_EQ(ask(",,,", "---"), "none");
  EXPECT_EQ(ask(",,,", "!23"), "unreachable");
  EXPECT_EQ(ask("|,,", "!23"), "2");
  EXPECT_EQ(ask("|,,", "!-3"), "3");
  EXPECT_EQ(ask("|,,", "!!3"), "unreachable");
  EXPECT_EQ(ask("||,", "!--"), "unreachable");  // nobody has it, and one could not say
  EXPECT_EQ(ask("||,", "#23"), "integrity");
  EXPECT_EQ(ask("", ""), "none");
}

TEST(ModulePatterns, MatchTheLeadingElementsOfAPath) {
  struct Case {
    const char* patterns;
    const char* path;
    bool expected;
  };
  const Case cases[] = {
      {"", "example.org/a", false},
      {"example.org", "example.org/a/b", true},
      {"example.org/", "example.org/a", true},
      {"example.org/a", "example.org/ab", false},
      {"example.org/a/b", "example.org/a", false},
      {"other.org,example.org", "example.org/a", true},
      {",,example.org", "example.org/a", true},
      {"*.example.org", "git.example.org/a", true},
      {"*.example.org", "example.org/a", false},
      {"*", "example.org/a", true},
      {"example.org/*/b", "example.org/a/b/c", true},
      {"example.org/*", "example.org", false},
      {"example.???", "example.org/a", true},
      {"example.??", "example.org/a", false},
      {"example.o[a-z]g", "example.org/a", true},
      {"example.o[^a-z]g", "example.org/a", false},
      {"example.o[xyr]g", "example.org/a", true},
      {"example.o[xy]g", "example.org/a", false},
      {"example.o[r", "example.org/a", false},
      {"example\\.org", "example.org/a", true},
      {"example.o\\[r]g", "example.o[r]g/a", true},
  };
  for (const auto& c : cases)
    EXPECT_EQ(matches_patterns(c.patterns, c.path), c.expected) << c.patterns << " " << c.path;
}

// A go command that answers as `script` says, alone in its directory.
class GoEnvironmentTest : public testing::Test {
 protected:
  Environment with_go(const std::string& script, Environment environment = {}) {
    const auto go = temp_.path() / "go";
    test::write_file(go, "#!/bin/sh\n" + script);
    std::filesystem::permissions(go, std::filesystem::perms::owner_all);
    environment["PATH"] = temp_.path().string();
    return environment;
  }
  static constexpr const char* kGo =
      "[ \"$GOTOOLCHAIN\" = local ] || exit 1\n"
      "[ \"$*\" = 'env GOPROXY GOSUMDB GONOSUMDB' ] || exit 1\n"
      "printf 'https://asked.example.org\\nasked.example.org\\n\\n'\n";

  test::TempDir temp_;
};

TEST_F(GoEnvironmentTest, IsWhatGoSays) {
  const auto asked = GoEnvironment::read(with_go(kGo));
  EXPECT_EQ(asked.goproxy, "https://asked.example.org");
  EXPECT_EQ(asked.gosumdb, "asked.example.org");
  EXPECT_EQ(asked.gonosumdb, "");
}

TEST_F(GoEnvironmentTest, IsTheEnvironmentFirst) {
  const auto mixed =
      GoEnvironment::read(with_go(kGo, {{"GOPROXY", "off"}, {"GOPRIVATE", "corp.example.org"}}));
  EXPECT_EQ(mixed.goproxy, "off");
  EXPECT_EQ(mixed.gosumdb, "asked.example.org");
  EXPECT_EQ(mixed.gonosumdb, "corp.example.org");
  const auto alone = GoEnvironment::read({{"GOSUMDB", "off"}, {"GONOSUMDB", "a"}, {"GOPRIVATE", "b"}});
  EXPECT_EQ(alone.goproxy, "");
  EXPECT_EQ(alone.gosumdb, "off");
  EXPECT_EQ(alone.gonosumdb, "a");
}

TEST_F(GoEnvironmentTest, DoesWithoutAGoThatFails) {
  EXPECT_EQ(GoEnvironment::read(with_go("echo garbage\nexit 1\n")).goproxy, "");
}

}  // namespace
}  // namespace gopack::source
