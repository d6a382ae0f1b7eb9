#include "gopack/bundle/go_env.hpp"

#include <gtest/gtest.h>

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
  for (const std::string name : {"GOROOT", "GOPATH", "GOMODCACHE", "GOCACHE", "GOENV", "GOTOOLCHAIN"}) {
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

TEST(MendedGoEnv, TakesOutWhatEditorsOfWindowsAdd) {
  EXPECT_EQ(mended_go_env("\xEF\xBB\xBFGOPROXY=off\r\n\r\n# x\nGOPRIVATE=a\rb\r\r\nGOVCS=c\r", "f"),
            "GOPROXY=off\n\n# x\nGOPRIVATE=a\rb\nGOVCS=c");
  EXPECT_EQ(mended_go_env("\r\n", "f"), "\n");
  EXPECT_EQ(mended_go_env("\xEF\xBB\xBF", "f"), "");
  for (const char* good : {"", "\n", "GOPROXY=off", "GOPROXY=off\n", "# \xC3\xA9\nGOPROXY=off\n\n"})
    EXPECT_EQ(mended_go_env(good, "f"), std::nullopt) << good;
  for (const std::string utf16 : {"\xFF\xFEG", "\xFE\xFFG"}) {
    const auto error = test::thrown([&] { mended_go_env(utf16, "/d/go.env"); });
    EXPECT_EQ(error.text(), "cannot read /d/go.env: it is UTF-16, which Go does not read");
  }
}

TEST(FindSetting, CountsTheLastLineIfItHasAValue) {
  EXPECT_EQ(find_setting("GOPROXY=\nGOPROXY=off\n", "GOPROXY"), "off");
  EXPECT_FALSE(find_setting("GOPROXY=off\nGOPROXY=\n", "GOPROXY"));
  EXPECT_FALSE(find_setting("#GOPROXY=off\n GOPROXY=off\n", "GOPROXY"));
}

}  // namespace
}  // namespace gopack::bundle
