#include "gopack/bundle/environment.hpp"

#include <gtest/gtest.h>

#include "support/thrown.hpp"

namespace gopack::bundle {
namespace {

using release::Platform;

const Platform kLinux{"linux", "amd64"};
const Platform kDarwin{"darwin", "arm64"};
const Platform kWindows{"windows", "amd64"};

std::string value(const Binding& binding, std::string_view name) {
  for (const auto& variable : binding.set) {
    if (variable.name == name) return variable.value;
  }
  return "(not set)";
}

TEST(BindEnvironment, KeepsEverythingThatGoWritesInTheDataDirectory) {
  const auto binding = bind_environment("/stick/v_1", "/data", {kLinux}, kLinux);
  EXPECT_EQ(value(binding, "GOROOT"), "/stick/v_1");
  EXPECT_EQ(value(binding, "GOTOOLCHAIN"), "local");
  for (const char* name : {"GOPATH", "GOMODCACHE", "GOCACHE", "GOENV"}) {
    EXPECT_TRUE(value(binding, name).starts_with("/data/gopath")) << name;
  }
  EXPECT_EQ(value(binding, "TEST_TELEMETRY_DIR"), "/data/telemetry");
  EXPECT_EQ(binding.path, (std::vector<std::filesystem::path>{"/stick/v_1/bin", "/data/gopath/bin"}));
  EXPECT_EQ(bind_environment("/t", "/d", {kDarwin, kLinux}, kLinux).path.front(), "/t/bin/linux_amd64");
}

TEST(BindEnvironment, RefusesATreeForOtherPlatforms) {
  const auto error = test::thrown([] { bind_environment("/t", "/d", {kDarwin, kWindows}, kLinux); });
  EXPECT_EQ(error.kind(), ErrorKind::failed);
  EXPECT_EQ(error.text(), "/t has no Go for linux/amd64, only for darwin/arm64, windows/amd64");
}

TEST(Binding, AppliesOverWhatIsInherited) {
  const auto binding = bind_environment("/t", "/d", {kLinux}, kLinux);
  const auto bound = binding.apply(
      {{"GOROOT", "/old"}, {"GOFLAGS", "-mod=mod"}, {"HOME", "/home/me"}, {"PATH", "/usr/bin"}});
  EXPECT_EQ(bound.at("GOROOT"), "/t");
  EXPECT_EQ(bound.at("HOME"), "/home/me");
  EXPECT_EQ(bound.at("GOFLAGS"), "-mod=mod");
  EXPECT_EQ(bound.at("PATH"), "/t/bin:/d/gopath/bin:/usr/bin");
  // An empty part of PATH would be the working directory.
  EXPECT_EQ(binding.apply({}).at("PATH"), "/t/bin:/d/gopath/bin");
}

TEST(Ignored, NamesWhatTheCallerAsksForAndDoesNotGet) {
  Binding whole, without_cgo;
  without_cgo.set = {{"CGO_ENABLED", "0"}};
  for (const char* met :
       {"", "auto", "path", "local", "local+auto", "local+path", "go1.22.12", "go1.22.12+auto"})
    EXPECT_TRUE(ignored(whole, {{"GOTOOLCHAIN", met}, {"CGO_ENABLED", "1"}}, "go1.22.12").empty()) << met;
  EXPECT_TRUE(ignored(without_cgo, {{"CGO_ENABLED", "0"}}, "go1.22.12").empty());
  EXPECT_EQ(
      ignored(without_cgo, {{"GOTOOLCHAIN", "go1.22.1+auto"}, {"CGO_ENABLED", "1"}}, "go1.22.12"),
      (std::vector<std::string>{
          "GOTOOLCHAIN=go1.22.1+auto is ignored, go1.22.12 runs: name the tree of another release",
          "CGO_ENABLED=1 is ignored, this Go has no cgo: lay it out with a profile that has it, such as "
          "minimal"}));
}

TEST(ParseShell, KnowsTheShellsByTheirNames) {
  EXPECT_EQ(parse_shell("sh"), Shell::sh);
  EXPECT_EQ(parse_shell("bash"), Shell::sh);
  EXPECT_EQ(parse_shell("fish"), Shell::fish);
  EXPECT_EQ(parse_shell("pwsh"), Shell::powershell);
  EXPECT_EQ(parse_shell("cmd"), Shell::cmd);
  EXPECT_EQ(parse_shell("tcsh"), std::nullopt);
}

// What a real shell makes of the script: GOROOT and PATH, each ended by a "|" on a line of its own.
std::string evaluate(const Binding& binding, const std::string& inherited_path) {
  const auto script = to_script(binding, Shell::sh) + R"(printf '%s|\n' "$GOROOT" "$PATH")";
  return run_process({"/bin/sh", "-eu", "-c", script}, {{"PATH", inherited_path}}).output;
}

TEST(ToScript, NoPathBecomesACommandInSh) {
  for (const std::string hostile :
       {"/a b/$(echo gone)`echo gone`", "/it's \"quoted\"", "/new\nline", "/tail\n", "/\\n;exit&|<>*?~!#",
        "/$HOME${PATH}", "/'; exit 1; '", "/Ä 日"}) {
    const auto binding = bind_environment(hostile, hostile + "/d", {kLinux}, kLinux);
    const auto path = hostile + "/bin:" + hostile + "/d/gopath/bin";
    EXPECT_EQ(evaluate(binding, "/usr/bin"), hostile + "|\n" + path + ":/usr/bin|\n");
    EXPECT_EQ(evaluate(binding, ""), hostile + "|\n" + path + "|\n");
    for (const auto* bound : {"", ":/usr/bin"}) {  // already: it stays as it is
      EXPECT_EQ(evaluate(binding, path + bound), hostile + "|\n" + path + bound + "|\n");
      EXPECT_EQ(binding.apply({{"PATH", path + bound}}).at("PATH"), path + bound);
    }
  }
}

TEST(ToScript, ATreeThatWasBoundBeforeMakesRoomInPath) {
  const std::string first = "/b/v_0123456789abcdef";
  const auto bound = [](const std::string& tree, const std::string& path) {
    return Environment{{"GOROOT", tree}, {"GOPATH", "/b/gopath"}, {"PATH", path}};
  };
  Binding binding;
  binding.path = {"/c/bin", "/c/gopath/bin"};
  for (const auto& bin : {first + "/bin", first + "/bin/linux_amd64"}) {
    const auto environment = bound(first, "/own:" + bin + ":/b/gopath/bin:/usr/bin");
    EXPECT_EQ(binding.apply(environment).at("PATH"), "/c/bin:/c/gopath/bin:/own:/usr/bin");
    EXPECT_EQ(to_script(binding, Shell::sh, environment),
              "export PATH='/c/bin':'/c/gopath/bin':'/own':'/usr/bin'\n");
    EXPECT_EQ(to_script(binding, Shell::fish, environment),
              "set -gx PATH '/c/bin' '/c/gopath/bin' '/own' '/usr/bin'\n");
  }
  EXPECT_EQ(binding.apply(bound(first, first + "/bin:/b/gopath/bin")).at("PATH"), "/c/bin:/c/gopath/bin");
  for (const auto& [tree, path] :
       {std::pair<std::string, std::string>{"/usr/local/go", "/usr/local/go/bin:/b/gopath/bin:/usr/bin"},
        {first, first + "/bin:/usr/bin"},
        {first, "/usr/bin"}}) {
    EXPECT_EQ(binding.apply(bound(tree, path)).at("PATH"), "/c/bin:/c/gopath/bin:" + path);
    EXPECT_TRUE(to_script(binding, Shell::fish, bound(tree, path)).ends_with(" $PATH\n"));
  }
}

TEST(ToScript, QuotesInTheWayOfEachShell) {
  Binding binding;
  binding.set = {{"GOROOT", R"(a'b\c%d)"}};
  binding.path = {"p'1", "p2"};
  EXPECT_EQ(to_script(binding, Shell::fish), R"(set -gx GOROOT 'a\'b\\c%d'
set -gx PATH 'p\'1' 'p2' $PATH
)");
  EXPECT_EQ(to_script(binding, Shell::powershell), R"($env:GOROOT = 'a''b\c%d'
$env:PATH = 'p''1' + ';' + 'p2' + ';' + $env:PATH
)");
  EXPECT_EQ(to_script(binding, Shell::cmd), R"(set "GOROOT=a'b\c%%d"
set "PATH=p'1;p2;%PATH%"
)");
}

}  // namespace
}  // namespace gopack::bundle
