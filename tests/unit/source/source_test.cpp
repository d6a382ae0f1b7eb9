#include "gopack/source/source.hpp"

#include <gtest/gtest.h>

#include <map>

#include "gopack/base/error.hpp"
#include "index_source.hpp"
#include "support/temp_dir.hpp"

namespace gopack::source {
namespace {

using test::write_file;

const std::string kHex(64, 'a');
const std::string kOtherHex(64, 'b');
constexpr const char* kTarGz = "go1.22.5.linux-amd64.tar.gz";
constexpr const char* kZip = "go1.22.5.windows-amd64.zip";

class SourceTest : public testing::Test {
 protected:
  std::map<std::string, Offer> list(Source& source) {
    std::map<std::string, Offer> offers;
    for (auto& offer : source.list()) offers.emplace(offer.file.filename, offer);
    return offers;
  }
  std::map<std::string, Offer> list(const std::string& name) {
    return list(*make_source(name, transport_, go_));
  }
  ErrorKind failure(const std::string& name) {
    try {
      list(name);
    } catch (const Error& error) {
      return error.kind();
    }
    ADD_FAILURE() << name << " was listed";
    return ErrorKind::failed;
  }
  transport::Url url(const std::string& path) const {
    return transport::Url::from_path((temp_.path() / path).string());
  }

  test::TempDir temp_;
  GoEnvironment go_;
  SilentReporter reporter_;
  transport::Transport transport_{{}, reporter_, {}};
};

TEST_F(SourceTest, IsMadeFromItsName) {
  const auto name_of = [&](const std::string& name) { return make_source(name, transport_, go_)->name(); };
  EXPECT_EQ(name_of("official"), "official");
  EXPECT_EQ(name_of("goproxy"), "goproxy");
  EXPECT_EQ(name_of("goproxy+https://user:secret@proxy.example.org/x"),
            "goproxy+https://proxy.example.org/x");
  EXPECT_EQ(name_of("https://user:secret@mirror.example.org/go/"), "https://mirror.example.org/go/");
  EXPECT_EQ(name_of(temp_.path().string()), temp_.path().string());
  EXPECT_EQ(name_of(url("a b").secret()), (temp_.path() / "a b").string());
  EXPECT_EQ(name_of("/no/such/directory"), "/no/such/directory");
  for (const auto* const wrong : {"oficial", "ftp://mirror.example.org", "goproxy+", "goproxy+nonsense:/"}) {
    EXPECT_THROW(name_of(wrong), Error) << wrong;
  }
}

TEST_F(SourceTest, DirectoryOffersArchivesByName) {
  write_file(temp_.path() / kTarGz, "12345");
  write_file(temp_.path() / kZip, "");
  write_file(temp_.path() / "go1.22.5.src.tar.gz", "");
  write_file(temp_.path() / "go1.22.5.linux-amd64.tar.gz.asc", "");
  write_file(temp_.path() / "notes.txt", "");
  std::filesystem::create_directory(temp_.path() / "go1.22.5.linux-arm64.tar.gz");
  const auto offers = list(temp_.path().string());
  ASSERT_EQ(offers.size(), 2u);
  const auto& offer = offers.at(kTarGz);
  EXPECT_EQ(offer.file.size, 5u);
  EXPECT_EQ(offer.file.version.name(), "go1.22.5");
  EXPECT_EQ(offer.file.platform.text(), "linux/amd64");
  EXPECT_FALSE(offer.file.sha256);
  EXPECT_FALSE(offer.is_module);
  EXPECT_EQ(offer.urls, std::vector{url(kTarGz)});
  EXPECT_EQ(offer.verified_by, "");
}

TEST_F(SourceTest, DirectoryTakesDigestsFromTheIndexThenFromTheSums) {
  for (const auto* const name : {kTarGz, kZip, "go1.22.4.linux-amd64.tar.gz"})
    write_file(temp_.path() / name, "");
  write_file(temp_.path() / "index-of-today.json",
             R"([{"version":"go1.22.5","stable":true,"files":[{"filename":")" + std::string(kTarGz) +
                 R"(","os":"linux","arch":"amd64","version":"go1.22.5","sha256":")" + kHex +
                 R"(","size":0,"kind":"archive"}]}])");
  std::filesystem::create_symlink("index-of-today.json", temp_.path() / "index.json");
  write_file(temp_.path() / "SHA256SUMS", kOtherHex + "  " + kTarGz + "\n" + kOtherHex + " *" + kZip + "\n");
  const auto offers = list(temp_.path().string());
  EXPECT_EQ(offers.at(kTarGz).file.sha256, digest::Sha256::try_parse(kHex));
  EXPECT_EQ(offers.at(kTarGz).verified_by, "release index");
  EXPECT_EQ(offers.at(kZip).file.sha256, digest::Sha256::try_parse(kOtherHex));
  EXPECT_EQ(offers.at(kZip).verified_by, "SHA256SUMS");
  EXPECT_FALSE(offers.at("go1.22.4.linux-amd64.tar.gz").file.sha256);
}

TEST_F(SourceTest, PinsByTheFileBesideTheArchive) {
  const auto source = make_source(temp_.path().string(), transport_, go_);
  const auto pinned = [&](std::optional<std::string> body) {
    write_file(temp_.path() / kTarGz, "");
    if (body) write_file(temp_.path() / (std::string(kTarGz) + ".sha256"), *body);
    auto offer = source->list().at(0);
    source->pin(offer);
    EXPECT_EQ(offer.verified_by.empty(), !offer.file.sha256);
    return offer.file.sha256;
  };
  EXPECT_EQ(pinned({}), std::nullopt);
  EXPECT_EQ(pinned(kHex), digest::Sha256::try_parse(kHex));
  EXPECT_EQ(pinned(kHex + "  " + kTarGz + "\n"), digest::Sha256::try_parse(kHex));
  EXPECT_EQ(pinned("<!DOCTYPE html><html>" + kHex + "</html>"), std::nullopt);
}

TEST_F(SourceTest, PinLeavesADigestAlone) {
  write_file(temp_.path() / kTarGz, "");
  write_file(temp_.path() / "SHA256SUMS", kHex + "  " + kTarGz + "\n");
  write_file(temp_.path() / (std::string(kTarGz) + ".sha256"), kOtherHex);
  const auto source = make_source(temp_.path().string(), transport_, go_);
  auto offer = source->list().at(0);
  source->pin(offer);
  EXPECT_EQ(offer.file.sha256, digest::Sha256::try_parse(kHex));
  EXPECT_EQ(offer.verified_by, "SHA256SUMS");
}

TEST_F(SourceTest, DirectoryThatIsNotThereIsUnreachable) {
  EXPECT_EQ(failure((temp_.path() / "none").string()), ErrorKind::unreachable);
  EXPECT_EQ(failure(url("none").secret()), ErrorKind::unreachable);
}

TEST_F(SourceTest, SiteIsListedByItsIndexOrByItsPage) {
  write_file(temp_.path() / "index.json",
             R"([{"version":"go1.22.5","files":[{"filename":"go1.22.5.linux-amd64.tar.gz",
      "os":"linux","arch":"amd64","sha256":")" +
                 kHex + R"(","size":7,"kind":"archive"}]}])");
  write_file(temp_.path() / "page",
             std::string("<html><a href=\"/go/") + kZip + "\">" + kZip + "</a>" +
                 "<a href=\"go1.22.5.linux-amd64.tar.gz.sha256\">go1.22.5.linux-am..&gt;</a>");
  write_file(temp_.path() / "login", "<html>Please log in</html>");
  const auto site = [&](std::vector<transport::Url> indexes) {
    IndexSource source({"a mirror", std::move(indexes), url("archives")}, transport_);
    return list(source);
  };
  const auto indexed = site({url("none"), url("index.json")});
  ASSERT_EQ(indexed.size(), 1u);
  EXPECT_EQ(indexed.at(kTarGz).urls, std::vector{url("archives/go1.22.5.linux-amd64.tar.gz")});
  EXPECT_EQ(indexed.at(kTarGz).verified_by, "release index");
  EXPECT_EQ(indexed.at(kTarGz).source, "a mirror");
  const auto named = site({url("login"), url("page")});
  ASSERT_EQ(named.size(), 1u);
  EXPECT_EQ(named.at(kZip).verified_by, "");
  EXPECT_THROW(site({url("login"), url("none")}), Error);
  EXPECT_EQ(mirror_site(transport::Url::parse("https://mirror.example.org/go")).indexes.back().secret(),
            "https://mirror.example.org/go/?mode=json&include=all");
}

TEST_F(SourceTest, GoproxyOffersTheModulesOfATree) {
  const auto versions = temp_.path() / "proxy/golang.org/toolchain/@v";
  write_file(versions / "list", "v0.0.1-go1.21.0.linux-amd64\n");  // without its zip
  write_file(versions / "v0.0.1-go1.22.5.linux-arm.zip", "1234567");
  write_file(versions / "v0.0.1-go1.22.5.linux-arm.mod", "");
  const auto proxy = url("proxy").secret();
  for (const auto& name : {"goproxy+" + proxy, std::string("goproxy")}) {
    go_.goproxy = url("empty").secret() + "|direct," + proxy +
                  ",https://later.example.org,off,https://never.example.org";
    const auto offers = list(name);
    ASSERT_EQ(offers.size(), 1u);
    const auto& offer = offers.at("v0.0.1-go1.22.5.linux-arm.zip");
    EXPECT_TRUE(offer.is_module);
    EXPECT_EQ(offer.file.size, 7u);
    EXPECT_EQ(offer.file.platform.text(), "linux/arm");
    EXPECT_EQ(offer.source, url("proxy").text());
    EXPECT_EQ(offer.urls.front(), url("proxy/golang.org/toolchain/@v/v0.0.1-go1.22.5.linux-arm.zip"));
    EXPECT_EQ(offer.urls.size(), name == "goproxy" ? 2u : 1u);
  }
}

TEST_F(SourceTest, GoproxyWithoutAProxyIsUnreachable) {
  for (const auto* const list : {"", "off", "direct", "direct,off,https://never.example.org"}) {
    go_.goproxy = list;
    EXPECT_EQ(failure("goproxy"), ErrorKind::unreachable) << list;
  }
  go_.goproxy = url("empty").secret();
  EXPECT_EQ(failure("goproxy"), ErrorKind::unreachable);
}

}  // namespace
}  // namespace gopack::source
