#include "gopack/transport/url.hpp"

#include <gtest/gtest.h>

#include "gopack/base/error.hpp"

namespace gopack::transport {
namespace {

TEST(Url, AcceptsWhatCanBeFetched) {
  const std::pair<const char*, const char*> cases[] = {
      {"https://go.example/dl", "https://go.example/dl"},
      {"HTTP://host.example", "http://host.example/"},
      {"http://host.example:8080/a#fragment", "http://host.example:8080/a"},
      {"http://[::1]:80/x", "http://[::1]:80/x"},
      {"https://host.example/?mode=json&include=all", "https://host.example/?mode=json&include=all"},
      {"http://host.example/a b", "http://host.example/a%20b"},
      {"file:///srv/go", "file:///srv/go"},
      {"file://localhost/srv/go", "file:///srv/go"},
      {"file:/srv/go", "file:///srv/go"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(Url::parse(text).secret(), expected) << text;
}

TEST(Url, RefusesEverythingElse) {
  for (const char* text :
       {"", "host.example/x", "/srv/go", "ftp://host.example/x", "//host.example", "http://ho st/",
        "http://us er@host.example/", "http://h:99999/", "file://elsewhere/x", "file:///a%00b",
        "http://host.example/a\nb", "javascript:alert(1)"}) {
    EXPECT_FALSE(Url::try_parse(text)) << text;
    EXPECT_THROW(Url::parse(text), Error) << text;
  }
}

TEST(Url, PrintsNoSecrets) {
  const auto url = Url::parse("https://me:hunter2@host.example/a/b.zip?token=hunter3");
  EXPECT_EQ(url.text(), "https://host.example/a/b.zip");
  EXPECT_NE(url.secret().find("hunter2"), std::string::npos);
}

TEST(Url, AMessageAboutTextThatIsNoUrlHasNoSecretsEither) {
  try {
    Url::parse("htps://me:hunter2@host.example/?token=hunter3");
    FAIL() << "it is no URL";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_EQ(error.text().find("hunter"), std::string::npos) << error.text();
    EXPECT_NE(error.text().find("host.example"), std::string::npos) << error.text();
  }
}

TEST(Url, PathsComeBackAsTheyWere) {
  for (const char* path : {"/srv/go", "/srv/a b/100%/x?y#z", "/srv/\xC3\x84", "/a/link/../b"}) {
    const auto url = Url::from_path(path);
    EXPECT_TRUE(url.is_file());
    EXPECT_EQ(url.file_path(), path);
  }
  EXPECT_EQ(Url::parse("file:///srv/a%20b").file_path(), "/srv/a b");
  EXPECT_EQ(Url::parse("file:///srv/a b").file_path(), "/srv/a b");
}

TEST(Url, GoesDeeper) {
  const auto base = Url::parse("https://me:pw@host.example/go?token=x");
  EXPECT_EQ((base / "a.zip").secret(), "https://me:pw@host.example/go/a.zip");
  EXPECT_EQ((base / "/a/b/").secret(), "https://me:pw@host.example/go/a/b/");
  EXPECT_EQ((Url::parse("https://host.example/") / "golang.org/!x/@v/v1+i.zip").secret(),
            "https://host.example/golang.org/!x/@v/v1+i.zip");
  EXPECT_EQ((base / "50% a?b").secret(), "https://me:pw@host.example/go/50%25%20a%3Fb");
  EXPECT_EQ((Url::from_path("/srv/a b") / "c d").file_path(), "/srv/a b/c d");
}

TEST(Url, DoesNotLeaveItself) {
  const auto base = Url::parse("https://host.example/go/");
  for (const char* segment : {"..", "../x", "a/../b", "a/..", "./a"})
    EXPECT_THROW(base / segment, Error) << segment;
  EXPECT_NO_THROW(base / "a..b");
}

TEST(Url, AQueryIsAddedTo) {
  EXPECT_EQ(Url::parse("https://host.example/a").and_query("b=c").secret(), "https://host.example/a?b=c");
  EXPECT_EQ(Url::parse("https://host.example/a?b=c").and_query("d=e").secret(),
            "https://host.example/a?b=c&d=e");
}

TEST(Url, HasOneQuery) {
  const auto url = Url::parse("https://host.example/dl/?a=b").with_query("mode=json&include=all");
  EXPECT_EQ(url.secret(), "https://host.example/dl/?mode=json&include=all");
}

}  // namespace
}  // namespace gopack::transport
