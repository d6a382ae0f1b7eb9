#include <gtest/gtest.h>

#include <algorithm>

#include "gopack/base/error.hpp"
#include "gopack/trim/profile.hpp"
#include "support/temp_dir.hpp"

namespace gopack::trim {
namespace {

release::Version parsed(std::string_view text) {
  return release::Version::try_parse(text).value();
}

// What check_profile says of a file with this text, without the directory of the file.
std::vector<std::string> mistakes(const test::TempDir& dir, std::string_view text) {
  auto lines = check_profile(dir.write("p.yaml", text));
  const auto directory = dir.path().string() + "/";
  for (auto& line : lines) {
    for (auto at = line.find(directory); at != std::string::npos; at = line.find(directory))
      line.erase(at, directory.size());
  }
  return lines;
}

using Texts = std::vector<std::string>;

struct MistakeCase {
  const char* text;
  Texts expected;
};

void check(const std::vector<MistakeCase>& cases) {
  const test::TempDir dir;
  for (const auto& [text, expected] : cases) EXPECT_EQ(mistakes(dir, text), expected) << text;
}

TEST(ProfileMistakes, Structure) {
  const std::string keys =
      " (did you mean \"rules\"? a profile can hold: name, description, extends, capabilities, targets, "
      "parameters, rules)";
  check({
      {"name: p\n", {}},
      {"", {"p.yaml:1:1: the file is empty (a profile needs at least a name)"}},
      {"# nothing\n", {"p.yaml:1:1: the file is empty (a profile needs at least a name)"}},
      {"~\n", {"p.yaml:1:1: a profile must be a map, not nothing"}},
      {"- a\n", {"p.yaml:1:1: a profile must be a map, not a list"}},
      {"name: p\nRules: []\n", {"p.yaml:2:1: unknown key \"Rules\"" + keys}},
      {"name: p\n[a]: b\n", {"p.yaml:2:1: a key must be a text, not a list"}},
      {"description: d\n", {"p.yaml:1:1: \"name\" is missing"}},
      {"name: p\nname: q\n", {"p.yaml:2:1: \"name\" is given twice"}},
      {"name:\n", {"p.yaml:1:1: \"name\" must be a text, not nothing"}},
      {"name: ''\n", {"p.yaml:1:7: \"name\" is empty"}},
      {"name: a b\n",
       {"p.yaml:1:7: \"name\" cannot be \"a b\" (use letters, digits and the characters _ - . +)"}},
      {"name: p\ndescription: \"a\\tb\"\n",
       {"p.yaml:2:14: \"description\" must be one line without control characters"}},
      {"name: p\nrules: {a: b}\n", {"p.yaml:2:8: \"rules\" must be a list, not a map"}},
  });
}

TEST(ProfileMistakes, Rules) {
  const std::string keys = " (did you mean \"category\"? a rule can hold: drop, keep, category, reason, go)";
  const std::string range = " (write comparisons, e.g. \"<1.20\" or \">=1.21,<1.25\")";
  check({
      {"name: p\nrules:\n  - a\n", {"p.yaml:3:5: a rule must be a map, not a text"}},
      {"name: p\nrules:\n  - drop: a\n    category: c\n", {"p.yaml:3:5: \"reason\" is missing"}},
      {"name: p\nrules:\n  - drop: a\n",
       {"p.yaml:3:5: \"category\" is missing", "p.yaml:3:5: \"reason\" is missing"}},
      {"name: p\nrules:\n  - {category: c, reason: r}\n",
       {"p.yaml:3:5: a rule needs either \"drop\" or \"keep\""}},
      {"name: p\nrules:\n  - {drop: a, keep: b, category: c, reason: r}\n",
       {"p.yaml:3:5: a rule needs either \"drop\" or \"keep\""}},
      {"name: p\nrules:\n  - {drop: a, catgory: c, category: c, reason: r}\n",
       {"p.yaml:3:15: unknown key \"catgory\"" + keys}},
      {"name: p\nrules:\n  - {drop: a, category: [c], reason: r}\n",
       {"p.yaml:3:25: \"category\" must be a text, not a list"}},
      {"name: p\nrules:\n  - {drop: [], category: c, reason: r}\n",
       {"p.yaml:3:12: the list of patterns is empty"}},
      {"name: p\nrules:\n  - {drop: [a, [b]], category: c, reason: r}\n",
       {"p.yaml:3:16: a pattern must be a text, not a list"}},
      {"name: p\nrules:\n  - {drop: {a: b}, category: c, reason: r}\n",
       {"p.yaml:3:12: a pattern must be a text or a list of texts, not a map"}},
      // versions are text: 1.20 is not the number 1.2
      {"name: p\nrules:\n  - {drop: a, category: c, reason: r, go: 1.20}\n",
       {"p.yaml:3:43: \"1.20\" is not a range of Go versions" + range}},
      {"name: p\nrules:\n  - {drop: a, category: c, reason: r, go: '>=1.20rc1'}\n",
       {"p.yaml:3:43: \">=1.20rc1\" is not a range of Go versions" + range}},
      {"name: p\nrules:\n  - {drop: a, category: c, reason: r, go: ['<1.20']}\n",
       {"p.yaml:3:43: \"go\" must be a text, not a list"}},
  });
}

TEST(ProfileMistakes, Patterns) {
  check({
      {"name: p\nrules:\n  - {drop: [ok, 'src/**x'], category: c, reason: r}\n",
       {"p.yaml:3:17: the pattern \"src/**x\" is malformed: \"**\" must be a whole component"}},
      {"name: p\nrules:\n  - {drop: 'a/${b}', category: c, reason: r}\n",
       {"p.yaml:3:12: the pattern \"a/${b}\" is malformed: there is no parameter \"b\""}},
      {"name: p\nrules:\n  - {drop: 'a/${b', category: c, reason: r}\n",
       {"p.yaml:3:12: the pattern \"a/${b\" is malformed: \"${\" is never closed"}},
      // also where the rule is for other releases than the one at hand
      {"name: p\nrules:\n  - {drop: '/a', category: c, reason: r, go: '<1.5'}\n",
       {"p.yaml:3:12: the pattern \"/a\" is malformed: patterns are relative to the tree and cannot start "
        "with \"/\""}},
  });
}

TEST(ProfileMistakes, Parameters) {
  const std::string last = "the last value of \"t\" must be one without \"go\", for all other releases";
  check({
      {"name: p\nparameters: [a]\n", {"p.yaml:2:13: \"parameters\" must be a map, not a list"}},
      {"name: p\nparameters:\n  t: a\n", {"p.yaml:3:6: parameter \"t\" must be a list, not a text"}},
      {"name: p\nparameters:\n  t: []\n", {"p.yaml:3:3: " + last}},
      {"name: p\nparameters:\n  t: [{go: '<1.20', value: a}]\n", {"p.yaml:3:3: " + last}},
      {"name: p\nparameters:\n  t: [{value: a}, {go: '<1.20', value: b}]\n",
       {"p.yaml:3:19: this value is never used: the one before it has no \"go\" range and holds for all "
        "releases",
        "p.yaml:3:3: " + last}},
      {"name: p\nparameters:\n  t: [{}]\n", {"p.yaml:3:7: \"value\" is missing"}},
      {"name: p\nparameters:\n  t: [{value: 'a/b'}]\n",
       {"p.yaml:3:15: a parameter's value cannot be \"a/b\" (use letters, digits and the characters _ - . "
        "+)"}},
      {"name: p\nparameters:\n  t: [{value: ..}]\n",
       {"p.yaml:3:15: a parameter's value cannot be \"..\" (use letters, digits and the characters _ - . "
        "+)"}},
      {"name: p\nparameters:\n  t: [{value: a}]\n  t: [{value: b}]\n", {"p.yaml:4:3: \"t\" is given twice"}},
  });
}

TEST(ProfileMistakes, Yaml) {
  const test::TempDir dir;
  const struct {
    std::string text;
    const char* place;
    const char* words;
  } cases[] = {
      {"name: p\nrules:\n\t- drop: a\n", "p.yaml:3:", "indent with blanks"},
      {"name: p\nrules:\n  - {drop: a, category: c, reason: r, go: >=1.20}\n", "p.yaml:3:", "quote texts"},
      {"name: p\nrules: [\n", "p.yaml:3:1: ", "not valid YAML"},
      {"name: &x p\n", "p.yaml:1:7: ", "anchors are not allowed"},
      {"name: *x\n", "p.yaml:1:7: ", "not valid YAML"},
      {"name: !!str p\n", "p.yaml:1:7: ", "tags are not allowed"},
      {"name: p\n---\nname: q\n", "p.yaml:2:1: ", "a second YAML document"},
      {std::string(17, '[') + std::string(17, ']'), "p.yaml:1:17: ", "nested more than 16 deep"},
      {std::string(100'000, '['), "p.yaml:1:", "nested more than 16 deep"},
  };
  for (const auto& [text, place, words] : cases) {
    const auto lines = mistakes(dir, text);
    ASSERT_EQ(lines.size(), 1U) << text.substr(0, 80);
    EXPECT_EQ(lines.front().substr(0, std::string_view(place).size()), place) << lines.front();
    EXPECT_NE(lines.front().find(words), std::string::npos) << lines.front();
  }
}

TEST(ProfileMistakes, AllOfThemAtOnce) {
  const test::TempDir dir;
  EXPECT_EQ(mistakes(dir,
                     "name: p\nrule: []\nrules:\n  - {drop: 'a[', category: c}\n  - {keep: '..', category: "
                     "c, reason: r}\n"),
            (Texts{"p.yaml:2:1: unknown key \"rule\" (did you mean \"rules\"? a profile can hold: name, "
                   "description, extends, capabilities, targets, parameters, rules)",
                   "p.yaml:4:5: \"reason\" is missing",
                   "p.yaml:4:12: the pattern \"a[\" is malformed: \"[\" is never closed",
                   "p.yaml:5:12: the pattern \"..\" is malformed: a component is \"..\""}));
}

TEST(ProfileMistakes, ThingsInParentsAreReportedThere) {
  const test::TempDir dir;
  dir.write("base.yaml", "name: base\nfoo: bar\n");
  const auto lines = mistakes(dir, "name: p\nextends: ./base.yaml\n");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines.front().substr(0, 34), "./base.yaml:2:1: unknown key \"foo\"");
}

TEST(ProfileMistakes, Extends) {
  const test::TempDir dir;
  EXPECT_EQ(mistakes(dir, "name: p\nextends: tiny\n"),
            (Texts{"p.yaml:2:10: there is no profile \"tiny\" (built-in profiles: build-only, developer, "
                   "full, minimal, standard; "
                   "the path of a "
                   "file needs a \"/\" or ends in .yaml)"}));
  EXPECT_EQ(mistakes(dir, "name: p\nextends: gone.yaml\n"),
            (Texts{"p.yaml:2:10: there is no profile file gone.yaml"}));
  EXPECT_EQ(mistakes(dir, "name: p\nextends: p.yaml\n"),
            (Texts{"p.yaml:2:10: p.yaml extends itself, by way of this line"}));
  dir.write("q.yaml", "name: q\n\nextends: sub/../p.yaml\n");
  dir.write("sub/x", "");
  EXPECT_EQ(mistakes(dir, "name: p\nextends: q.yaml\n"),
            (Texts{"q.yaml:3:10: sub/../p.yaml extends itself, by way of this line"}));
}

TEST(ProfileMistakes, BigFilesAreRefusedUnread) {
  const test::TempDir dir;
  const auto big = dir.write("big.yaml", "name: p\n#" + std::string(1024 * 1024, 'x'));
  EXPECT_THROW(check_profile(big), Error);
  EXPECT_EQ(mistakes(dir, "name: p\nextends: big.yaml\n"),
            (Texts{"p.yaml:2:10: the profile big.yaml is larger than 1 MiB"}));
  std::string rules = "name: p\nrules:\n";
  for (int i = 0; i <= 10'000; ++i) rules += "- a\n";
  EXPECT_EQ(mistakes(dir, rules), (Texts{"p.yaml:3:1: there are more than 10000 rules"}));
}

TEST(ProfileMistakes, ControlCharactersNeverReachTheTerminal) {
  const test::TempDir dir;
  const auto lines = mistakes(dir, "name: p\n\"a\\e[2Jb\": c\n");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines.front().find('\x1B'), std::string::npos);
  EXPECT_NE(lines.front().find("\\x1b[2J"), std::string::npos) << lines.front();
}

TEST(ProfileMistakes, UnknownCapabilitiesAndTargetsAreNamedWithTheirPlace) {
  const test::TempDir dir;
  const auto lines = mistakes(dir, "name: p\ncapabilities: [build, rice]\ntargets:\n  - linux\n");
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_TRUE(
      lines[0].starts_with("p.yaml:4:5: \"linux\" is not a target (did you mean linux/386 or linux/amd64"))
      << lines[0];
  EXPECT_TRUE(lines[1].starts_with(
      "p.yaml:2:23: there is no capability \"rice\" (did you mean \"race\"? one of build, cross"))
      << lines[1];
}

TEST(ProfileMistakes, LoadingStopsAtTheFirst) {
  const test::TempDir dir;
  const auto file =
      dir.write("p.yaml", "name: p\nrules:\n  - {drop: a, category: c}\n  - {drop: a, reason: r}\n");
  try {
    Profile::load(file, parsed("1.22.1"));
    FAIL() << "loaded";
  } catch (const Error& e) {
    EXPECT_EQ(e.kind(), ErrorKind::usage);
    EXPECT_EQ(e.text(), file + ":3:5: \"reason\" is missing");
    EXPECT_EQ(e.hint(), "gopack profile check lists this and 1 more");
  }
}

}  // namespace
}  // namespace gopack::trim
