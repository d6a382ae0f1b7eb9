#include "environment.hpp"

#include <gtest/gtest.h>

#include <map>

namespace gopack::launcher {
namespace {

const Host kLinux{.os = "linux", .architectures = {"amd64"}};
const Host kWindows{.os = "windows",
                    .architectures = {"amd64"},
                    .separator = '\\',
                    .list_separator = ';',
                    .suffix = ".exe",
                    .settings = SettingsFormat::ini,
                    .links = false};

std::map<std::string, std::string> applied(const std::vector<Change>& changes) {
  std::map<std::string, std::string> environment = {{"GOFLAGS", "inherited"}};
  for (const auto& [name, value] : changes) {
    if (value) environment[name] = *value;
    if (!value) environment.erase(name);
  }
  return environment;
}

TEST(Environment, HoldsTheTableOfTheManual) {
  EXPECT_EQ(applied(binding({"/b/v_1", "/b/v_1/bin", "/d", false}, {}, "/usr/bin", kLinux)),
            (std::map<std::string, std::string>{{"GOROOT", "/b/v_1"},
                                                {"GOPATH", "/d/gopath"},
                                                {"GOMODCACHE", "/d/gopath/pkg/mod"},
                                                {"GOCACHE", "/d/gopath/cache"},
                                                {"GOENV", "/d/gopath/go.env"},
                                                {"GOFLAGS", "inherited"},
                                                {"TEST_TELEMETRY_DIR", "/d/telemetry"},
                                                {"GOTOOLCHAIN", "local"},
                                                {"CGO_ENABLED", "0"},
                                                {"PATH", "/b/v_1/bin:/d/gopath/bin:/usr/bin"}}));
  const auto windows =
      applied(binding({R"(E:\v_1)", R"(E:\v_1\bin)", R"(E:\)", true}, {}, R"(C:\Windows)", kWindows));
  EXPECT_EQ(windows.at("GOMODCACHE"), R"(E:\gopath\pkg\mod)");
  EXPECT_EQ(windows.at("PATH"), R"(E:\v_1\bin;E:\gopath\bin;C:\Windows)");
  EXPECT_FALSE(windows.contains("CGO_ENABLED"));
}

TEST(Environment, TakesSettingsButForWhatIsBound) {
  const Settings settings{
      .data_dir = {},
      .variables = {{"GOTOOLCHAIN", "auto"}, {"GOFLAGS", "-x"}, {"GOPATH", "/x"}, {"A", "b"}}};
  const auto environment = applied(binding({"/r", "/r/bin", "/d", true}, settings, "", kLinux));
  EXPECT_EQ(environment.at("GOTOOLCHAIN"), "auto");
  EXPECT_EQ(environment.at("GOFLAGS"), "-x");
  EXPECT_EQ(environment.at("A"), "b");
  EXPECT_EQ(environment.at("GOPATH"), "/d/gopath");
  EXPECT_EQ(environment.at("PATH"), "/r/bin:/d/gopath/bin");
}

TEST(Environment, NamesWhatTheCallerAsksForAndDoesNotGet) {
  const Settings settings{.data_dir = {},
                          .variables = {{"GOTOOLCHAIN", "go1.2.1"}, {"GOTOOLCHAIN", "go1.2.3"}}};
  const auto lines = [&](const std::string& toolchain, bool has_cgo) {
    const std::map<std::string, std::string> asked{{"GOTOOLCHAIN", toolchain}, {"CGO_ENABLED", "1"}};
    return ignored(
        {"/r", "/r/bin", "/d", has_cgo}, settings, "go1.26.10",
        [&](const std::string& name) { return std::optional(asked.at(name)); }, kLinux);
  };
  for (const char* met :
       {"", "auto", "path", "local", "local+auto", "local+path", "go1.26.10", "go1.26.10+auto", "go1.2.3"})
    EXPECT_EQ(lines(met, true).size(), 0U) << met;
  for (const char* other : {"go1.2.1", "go1.26.1", "default"})
    EXPECT_EQ(lines(other, true).size(), 1U) << other;
  EXPECT_EQ(lines("auto", false).size(), 1U);
}

TEST(Environment, DoesNotLetThePathGrow) {
  const std::string once = "/r/bin:/d/gopath/bin:/usr/bin";
  EXPECT_EQ(applied(binding({"/r", "/r/bin", "/d", true}, {}, once, kLinux)).at("PATH"), once);
}

TEST(Paths, AreThoseOfTheHost) {
  EXPECT_EQ(kLinux.parent("/a/b/go"), "/a/b");
  EXPECT_EQ(kWindows.parent(R"(E:\go.exe)"), R"(E:\)");
  EXPECT_EQ(kLinux.parent("/go"), "/");
  EXPECT_EQ(kWindows.join(R"(E:\)", "shared/gopath"), R"(E:\shared\gopath)");
  EXPECT_EQ(kLinux.join("/", "shared"), "/shared");
  for (const char* path : {"/a", "//x"}) EXPECT_TRUE(kLinux.is_absolute(path)) << path;
  for (const char* path : {"a", "", "E:\\a"}) EXPECT_FALSE(kLinux.is_absolute(path)) << path;
  for (const char* path : {"E:\\a", "e:/a", "\\\\server\\share", "\\a", "/a"})
    EXPECT_TRUE(kWindows.is_absolute(path));
  for (const char* path : {"a", "", "a\\b"}) EXPECT_FALSE(kWindows.is_absolute(path)) << path;
}

}  // namespace
}  // namespace gopack::launcher
