#include "gopack/trim/profile.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "gopack/base/error.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace gopack::trim {
namespace {

release::Version version(std::string_view text) {
  return release::Version::try_parse(text).value();
}

// The patterns that apply, with "+" for keep and "-" for drop.
std::vector<std::string> patterns(const Profile& profile) {
  std::vector<std::string> texts;
  for (const auto& rule : profile.rules()) {
    texts.push_back((rule.action == Action::keep ? "+" : "-") + rule.pattern.text());
  }
  return texts;
}

std::string decision(const Profile& profile, std::string_view path) {
  const auto* rule = profile.decide(path);
  if (rule == nullptr) return "no rule";
  return (rule->action == Action::keep ? "keep " : "drop ") + rule->category;
}

using Texts = std::vector<std::string>;

TEST(Profile, TheLastMatchingRuleDecides) {
  const test::TempDir dir;
  const auto file = dir.write("p.yaml", R"(name: p
rules:
  - {drop: "src/**", category: a, reason: r}
  - {keep: ["src/net/**", "src/os/**"], category: b, reason: r}
  - {drop: "src/net/x.go", category: c, reason: r}
)");
  const auto profile = Profile::load(file, version("1.22.1"));
  EXPECT_EQ(decision(profile, "bin/go"), "no rule");
  EXPECT_EQ(decision(profile, "src/fmt/x.go"), "drop a");
  EXPECT_EQ(decision(profile, "src/net/y.go"), "keep b");
  EXPECT_EQ(decision(profile, "src/net/x.go"), "drop c");
}

TEST(Profile, RulesKnowTheirLines) {
  const test::TempDir dir;
  const auto file = dir.write("p.yaml", R"(name: p
rules:
  - drop: a
    category: tests
    reason: why
  - drop:
      - b
      - c
    category: tests
    reason: why
)");
  const auto profile = Profile::load(file, version("1.22.1"));
  EXPECT_EQ(profile.decide("a")->location.text(), file + ":3");
  EXPECT_EQ(profile.decide("b")->location.text(), file + ":7");
  EXPECT_EQ(profile.decide("c")->location.text(), file + ":8");
  EXPECT_EQ(profile.decide("c")->reason, "why");
}

TEST(Profile, RulesOutsideTheirRangeAreLeftOut) {
  const test::TempDir dir;
  const auto file = dir.write("p.yaml", R"(name: p
rules:
  - {drop: old, category: c, reason: r, go: <1.20}
  - {drop: new, category: c, reason: r, go: ">=1.20"}
  - {drop: middle, category: c, reason: r, go: ">=1.19, <1.21.3"}
)");
  EXPECT_EQ(patterns(Profile::load(file, version("1.18.10"))), (Texts{"-old"}));
  EXPECT_EQ(patterns(Profile::load(file, version("1.19"))), (Texts{"-old", "-middle"}));
  EXPECT_EQ(patterns(Profile::load(file, version("1.20rc1"))), (Texts{"-new", "-middle"}));
  EXPECT_EQ(patterns(Profile::load(file, version("1.21.2"))), (Texts{"-new", "-middle"}));
  EXPECT_EQ(patterns(Profile::load(file, version("1.21.3"))), (Texts{"-new"}));
}

TEST(Profile, ParametersHaveTheFirstValueInRange) {
  const test::TempDir dir;
  const auto file = dir.write("p.yaml", R"(name: p
parameters:
  tools:
    - {go: "<1.20", value: asm}
    - {go: "<1.22", value: [asm, cgo]}
    - value: []
  os:
    - value: [linux, windows]
rules:
  - {keep: "pkg/${os}_x/${tools}{,.exe}", category: c, reason: r}
  - {keep: "$HOME/${os}", category: c, reason: r}
)");
  EXPECT_EQ(patterns(Profile::load(file, version("1.19.1"))),
            (Texts{"+pkg/{linux,windows}_x/asm{,.exe}", "+$HOME/{linux,windows}"}));
  const auto profile = Profile::load(file, version("1.21.0"));
  EXPECT_EQ(patterns(profile), (Texts{"+pkg/{linux,windows}_x/{asm,cgo}{,.exe}", "+$HOME/{linux,windows}"}));
  EXPECT_EQ(decision(profile, "pkg/windows_x/cgo.exe"), "keep c");
  // No value at all: the pattern stands for no path.
  EXPECT_EQ(patterns(Profile::load(file, version("1.22.0"))), (Texts{"+$HOME/{linux,windows}"}));
}

TEST(Profile, ParentsComeFirstAndChildrenMayChangeTheirParameters) {
  const test::TempDir dir;
  dir.write("base.yaml", R"(name: base
parameters:
  tools: [value: [asm]]
rules:
  - {drop: "base/${tools}", category: c, reason: r}
)");
  dir.write("sub/middle.yml",
            "name: middle\nextends: ../base.yaml\nrules: [{drop: middle, category: c, reason: r}]\n");
  const auto file = dir.write("sub/child.yaml", R"(name: child
description: the child
extends: middle.yml
parameters:
  tools: [value: [vet]]
rules:
  - {keep: middle, category: d, reason: r}
)");
  const auto profile = Profile::load(file, version("1.22.1"));
  EXPECT_EQ(profile.name(), "child");
  EXPECT_EQ(profile.description(), "the child");
  EXPECT_EQ(patterns(profile), (Texts{"-base/vet", "-middle", "+middle"}));
  EXPECT_EQ(decision(profile, "middle"), "keep d");
  EXPECT_TRUE(profile.rules().front().location.text().ends_with("base.yaml:5"));
}

TEST(Profile, AnOwnProfileCanExtendABuiltInOne) {
  const test::TempDir dir;
  const auto file = dir.write("mine.yaml", R"(name: mine
extends: minimal
rules: [{keep: misc/wasm/, category: extras, reason: we build for browsers}]
)");
  const auto own = Profile::load(file, version("1.23.1"));
  const auto minimal = Profile::load("minimal", version("1.23.1"));
  EXPECT_EQ(own.rules().size(), minimal.rules().size() + 1);
  EXPECT_EQ(decision(own, "misc/wasm/wasm_exec.js"), "keep extras");
  EXPECT_EQ(decision(minimal, "misc/wasm/wasm_exec.js"), "drop wasm");
  EXPECT_EQ(own.decide("src/fmt/print_test.go")->location.file, "capabilities.yaml");
}

TEST(Profile, TheDigestIsThatOfActionsAndPatterns) {
  const test::TempDir dir;
  const auto digest = [&](const std::string& rules) {
    return Profile::load(dir.write("p.yaml", "name: p\nrules: [" + rules + "]\n"), version("1.22.1"))
        .sha256();
  };
  const auto one = digest("{drop: a, category: c, reason: r}, {keep: b, category: c, reason: r}");
  EXPECT_EQ(
      one,
      digest("{drop: [a], category: other, reason: words}, {keep: b, category: c, reason: r, go: '>1.20'}"));
  EXPECT_NE(one, digest("{keep: b, category: c, reason: r}, {drop: a, category: c, reason: r}"));
  EXPECT_NE(one, digest("{keep: a, category: c, reason: r}, {keep: b, category: c, reason: r}"));
  EXPECT_EQ(one, digest::hash("drop a\nkeep b\n"));
}

TEST(Profile, TheTextIsGivenAsItIs) {
  const test::TempDir dir;
  EXPECT_EQ(profile_text(dir.write("p.yaml", "name: p # mine\n")), "name: p # mine\n");
  EXPECT_EQ(profile_text("full").substr(0, 11), "name: full\n");
}

TEST(Profile, AnUnknownOneIsRefused) {
  for (const auto* name : {"tiny", "", "full.yml", "/nowhere/p.yaml", "/dev/zero"}) {
    try {
      Profile::load(name, version("1.22.1"));
      ADD_FAILURE() << "loaded: " << name;
    } catch (const Error& e) {
      EXPECT_EQ(e.kind(), ErrorKind::usage) << name;
      EXPECT_NE(e.text().find(name), std::string::npos) << e.text();
    }
  }
}

TEST(Profile, CapabilitiesKeepWhatTheyNeedAndDropTheRest) {
  const test::TempDir dir;
  const auto file = dir.write("p.yaml", "name: p\ncapabilities: [race]\n");
  const auto profile = Profile::load(file, version("1.22.1"));
  EXPECT_EQ(profile.capabilities(), (Texts{"build", "cgo", "race"}));  // what race needs, too
  EXPECT_EQ(decision(profile, "pkg/tool/linux_amd64/compile"), "keep tools");
  EXPECT_EQ(decision(profile, "pkg/tool/linux_amd64/cgo"), "keep cgo");
  EXPECT_EQ(decision(profile, "src/runtime/race/race_linux.syso"), "keep race detector");
  EXPECT_EQ(decision(profile, "pkg/tool/linux_amd64/vet"), "drop vet");
  EXPECT_EQ(decision(profile, "src/fmt/print_test.go"), "drop tests");
  EXPECT_EQ(decision(profile, "src/fmt/print.go"), "no rule");
  EXPECT_EQ(profile.need("pkg/tool/linux_amd64/vet")->capabilities, "vet");
  EXPECT_EQ(profile.declaration("race"), file + ":2");
  EXPECT_EQ(profile.declaration("cgo"), "");
}

TEST(Profile, CapabilitiesFollowTheRelease) {
  const auto at = [](std::string_view name, std::string_view release, std::string_view path) {
    return decision(Profile::load(name, version(release)), path);
  };
  EXPECT_EQ(at("minimal", "1.18.10", "pkg/linux_amd64/net.a"), "keep cgo");
  EXPECT_EQ(at("build-only", "1.18.10", "pkg/linux_amd64/net.a"), "drop cgo");
  EXPECT_EQ(at("developer", "1.24.1", "src/cmd/nm/nm.go"), "drop command sources");
  EXPECT_EQ(at("developer", "1.25.1", "src/cmd/nm/nm.go"), "keep command sources");
  EXPECT_EQ(at("minimal+cover", "1.25.1", "src/cmd/covdata/dump.go"), "keep coverage");
}

TEST(Profile, CapabilitiesAreAddedToTheName) {
  const auto profile = Profile::load("minimal+race+cover", version("1.22.1"));
  EXPECT_EQ(profile.name(), "minimal+race+cover");
  EXPECT_EQ(decision(profile, "pkg/tool/linux_amd64/cover"), "keep coverage");
  EXPECT_NE(profile.sha256(), Profile::load("minimal", version("1.22.1")).sha256());
  const test::TempDir dir;
  const auto file = dir.write("p.yaml", "name: mine\ncapabilities: [build]\n");
  EXPECT_EQ(Profile::load(file + "+vet", version("1.22.1")).name(), "mine+vet");
  for (const auto& [name, reason] : {std::pair{"minimal+rice", "there is no capability \"rice\""},
                                     {"minimal+", "there is no capability \"\""},
                                     {"standard+race", "cannot add capabilities to standard"}}) {
    const auto error = test::thrown([&, name = name] { Profile::load(name, version("1.22.1")); });
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    EXPECT_NE(error.text().find(reason), std::string::npos) << error.text();
  }
}

TEST(Profile, TargetsAreTheHostsAndWhatIsDeclaredOrAskedFor) {
  const std::vector<release::Platform> host{{"linux", "amd64"}};
  const auto text = [&](std::string_view name, const Texts& instead) {
    const auto targets = Profile::load(name, version("1.22.1")).build_targets(host, instead);
    return targets ? targets->text() : "none";
  };
  EXPECT_EQ(text("minimal", {}), "linux/amd64");
  EXPECT_EQ(text("minimal", {"windows/amd64"}), "linux/amd64, windows/amd64");
  EXPECT_EQ(text("minimal", {"all"}), "all");
  EXPECT_EQ(text("minimal+wasm", {}), "js/wasm, linux/amd64");
  EXPECT_EQ(text("full", {}), "none");
  EXPECT_EQ(text("full", {"host"}), "linux/amd64");
  EXPECT_EQ(test::thrown([&] { text("minimal", {"linux"}); }).kind(), ErrorKind::usage);
}

TEST(Profile, AChildAddsCapabilitiesAndReplacesTargets) {
  const test::TempDir dir;
  dir.write("parent.yaml", "name: parent\ncapabilities: [build]\ntargets: [linux/arm64]\n");
  const auto file =
      dir.write("p.yaml", "name: p\nextends: ./parent.yaml\ncapabilities: fmt\ntargets: windows/amd64\n");
  const auto profile = Profile::load(file, version("1.22.1"));
  EXPECT_EQ(profile.capabilities(), (Texts{"build", "fmt"}));
  EXPECT_EQ(profile.build_targets({}, {})->text(), "windows/amd64");
}

TEST(Capabilities, TheTableIsWhole) {
  ASSERT_GT(known_capabilities().size(), 12U);
  for (const auto& [name, description] : known_capabilities()) {
    EXPECT_FALSE(description.empty()) << name;
    for (const char* release : {"1.18.10", "1.23.12", "1.27.0"}) {
      const auto profile = Profile::load("build-only+" + name, version(release));
      for (const auto& rule : profile.rules()) EXPECT_FALSE(rule.reason.empty()) << rule.pattern.text();
    }
  }
}

}  // namespace
}  // namespace gopack::trim
