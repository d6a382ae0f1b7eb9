#include "gopack/bundle/go_env.hpp"

#include <gtest/gtest.h>

#include "mended_go_env.hpp"
#include "support/thrown.hpp"

namespace gopack::bundle {
namespace {

TEST(ParseGoSetting, TakesWhatGoTakes) {
  const auto setting = parse_go_setting("GOFLAGS=-mod=mod -tags=a,b");
  EXPECT_EQ(setting.name, "GOFLAGS");
  EXPECT_EQ(setting.value, "-mod=mod -tags=a,b");
  EXPECT_EQ(parse_go_setting("GOPROXY=").value, "");
}

TEST(ParseGoSetting, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {{"GOPRIVATE", "not of the form NAME=VALUE"},
                                                       {"", "not of the form NAME=VALUE"},
                                                       {"=x", "no such setting"},
                                                       {"GOPROXI=off", "no such setting"},
                                                       {"goproxy=off", "no such setting"},
                                                       {"GOVERSION=go1.1", "no such setting"},
                                                       {"GOFLAGS=-v\nGOROOT=/x", "has to be one line"},
                                                       {"GOFLAGS=-v\r", "has to be one line"},
                                                       {"GO111MODULE==on", "Go takes on, off and auto"},
                                                       {"GOOS=foo", "Go builds for no such system"},
                                                       {"GOARCH=foo", "Go builds for no such processor"},
                                                       {"GOFLAGS=bad", "flags begin with -"}};
  for (const auto& [word, reason] : cases) {
    const auto error = test::thrown([&] { parse_go_setting(word); });
    EXPECT_EQ(error.kind(), ErrorKind::usage) << word;
    EXPECT_NE(error.text().find(reason), std::string::npos) << error.text();
  }
}

TEST(ParseGoSetting, LeavesToTheLaunchersWhatTheyBind) {
  for (const std::string name :
       {"GOROOT", "GOPATH", "GOMODCACHE", "GOCACHE", "GOENV", "GOTOOLCHAIN", "TEST_TELEMETRY_DIR"}) {
    const auto error = test::thrown([&] { parse_go_setting(name + "=/x"); });
    EXPECT_NE(error.text().find("the launchers bind it"), std::string::npos) << error.text();
  }
}

TEST(WithSettings, ReplacesTheLineInForceAndKeepsAllOthers) {
  const std::string before =
      "# GOPROXY=comment\n#GOPROXY=off\nGOPROXY=old\n\nGOFLAGS=-v\nGOPROXY=direct\nmine";
  EXPECT_EQ(with_settings(before, {{"GOPROXY", "off"}, {"GOVCS", "git"}}),
            "# GOPROXY=comment\n#GOPROXY=off\nGOPROXY=old\n\nGOFLAGS=-v\nGOPROXY=off\nmine\nGOVCS=git\n");
  EXPECT_EQ(with_settings("", {{"GOVCS", "a"}, {"GOVCS", "b"}}), "GOVCS=b\n");
  EXPECT_EQ(with_settings("=\nGO=\n", {}), "=\nGO=\n");
}

TEST(MendedGoEnv, RefusesUtf16) {
  EXPECT_EQ(mended_go_env("GOPROXY=off\r\n", "f"), "GOPROXY=off\n");
  const auto error = test::thrown([&] { mended_go_env("\xFF\xFEG", "/d/go.env"); });
  EXPECT_EQ(error.text(), "/d/go.env is UTF-16, which Go does not read: save it as UTF-8");
}

}  // namespace
}  // namespace gopack::bundle
