#include "gopack/trim/report.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "gopack/tree/memory_tree.hpp"
#include "gopack/trim/filter.hpp"
#include "support/temp_dir.hpp"

namespace gopack::trim {
namespace {

using Json = nlohmann::ordered_json;

const ReportRule kKeep = {.action = Action::keep,
                          .rule = "pkg/tool/**",
                          .location = "mine.yaml:3",
                          .category = "tools",
                          .reason = "what builds start",
                          .capability = "build"};
const ReportRule kDrop = {.action = Action::drop,
                          .rule = "doc/",
                          .location = "mine.yaml:9",
                          .category = "documentation",
                          .reason = "texts",
                          .capability = {}};

Report sample() {
  return {.release = "go1.26.8",
          .platforms = {"linux/amd64", "windows/amd64"},
          .profile = "mine",
          .id = "v_0123456789abcdef",
          .rules = {kKeep, kDrop},
          .files = {}};
}

// The text of the element that holds the data, as a browser takes it: to the first "</script".
std::string data_text(const std::string& page) {
  const std::string start = R"(<script type="application/json" id="report">)";
  const auto from = page.find(start) + start.size();
  return page.substr(from, page.find("</script", from) - from);
}

Json data_of(const Report& report) {
  return Json::parse(data_text(render_report({report}))).at(0);
}

TEST(Report, SaysWhatItShows) {
  const auto data = data_of(sample());
  EXPECT_EQ(data["release"], "go1.26.8");
  EXPECT_EQ(data["platforms"], Json({"linux/amd64", "windows/amd64"}));
  EXPECT_EQ(data["profile"], "mine");
  EXPECT_EQ(data["id"], "v_0123456789abcdef");
  EXPECT_EQ(data["directories"], Json::array());
  EXPECT_EQ(data["rules"][0].dump(),
            R"({"keep":true,"rule":"pkg/tool/**","location":"mine.yaml:3",)"
            R"("category":"tools","reason":"what builds start","capability":"build"})");
  EXPECT_EQ(data["rules"][1].dump(), R"({"keep":false,"rule":"doc/","location":"mine.yaml:9",)"
                                     R"("category":"documentation","reason":"texts","capability":""})");
}

TEST(Report, NamesEachDirectoryOnceAndItsFilesInOrder) {
  auto report = sample();
  report.files = {{"src/net/http/server.go", 300, 0},
                  {"VERSION", 7, 0},
                  {"src/net/ip.go", 20, 0},
                  {"doc/spec.html", 5'000'000'000, 1},
                  {"src/net/dial.go", 0, 1}};
  EXPECT_EQ(data_of(report)["directories"].dump(),
            R"([["",["VERSION",7,0]],["doc",["spec.html",5000000000,1]],)"
            R"(["src/net",["dial.go",0,1,"ip.go",20,0]],["src/net/http",["server.go",300,0]]])");
  auto reversed = report;
  std::reverse(reversed.files.begin(), reversed.files.end());
  EXPECT_EQ(render_report({report}), render_report({reversed}));
}

TEST(Report, LetsNoTextEndTheScriptOrChangeHowItIsRead) {
  const std::vector<std::string> texts = {"</script><script>alert(1)</script>",
                                          "<!-- <script>",
                                          "--> ]]> &lt; &amp;",
                                          "\u2028 \u2029 \u202e \u00e4 \U0001f600",
                                          "\" ' ` \\ ${x} \n \t \x01",
                                          "@REPORT@ @STYLE@ @SCRIPT@"};
  for (const auto& text : texts) {
    auto report = sample();
    report.release = report.profile = report.id = report.platforms[0] = text;
    report.rules[1] = {Action::drop, text, text, text, text, text};
    report.files = {{text + "/" + text, 1, 1}};
    const auto page = render_report({report});
    const auto script = data_text(page);
    EXPECT_EQ(script.find('<'), std::string::npos) << text;
    EXPECT_TRUE(std::all_of(script.begin(), script.end(), [](char c) { return c >= ' ' && c <= '~'; }))
        << text;
    const auto data = Json::parse(script).at(0);
    EXPECT_EQ(data["release"], text);
    EXPECT_EQ(data["rules"][1]["reason"], text);
    const auto& [directory, row] = std::pair(data["directories"][0][0], data["directories"][0][1]);
    const auto path = directory.get<std::string>() + "/" + row[0].get<std::string>();
    EXPECT_EQ(path, report.files[0].path);
    // Around the data the page is the same whatever it holds.
    const auto empty = render_report({sample()});
    EXPECT_EQ(page.size() - script.size(), empty.size() - data_text(empty).size()) << text;
  }
}

TEST(Report, ShowsMalformedTextAsReplacementCharacters) {
  auto report = sample();
  report.files = {{"src/a\xff\xc3", 1, 0}};
  EXPECT_EQ(data_of(report)["directories"][0][1][0], "a\ufffd\ufffd");
}

TEST(Report, RefusesAFileWithoutItsRule) {
  auto report = sample();
  report.files = {{"a", 1, 2}};
  EXPECT_THROW(render_report({report}), std::out_of_range);
}

TEST(Report, StandsAlone) {
  const auto page = render_report({sample()});
  for (const auto* outside : {"://", "src=", "@import", "url(", "fetch(", "<link rel=\"stylesheet"})
    EXPECT_EQ(page.find(outside), std::string::npos) << outside;
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
}

TEST(Report, OfAWholeReleaseIsSmall) {
  auto report = sample();
  for (std::size_t i = 0; i < 15'000; ++i) {
    const auto directory = "src/cmd/vendor/example/package" + std::to_string(i / 10);
    report.files.push_back({directory + "/source_file_" + std::to_string(i) + "_test.go", 1000 + i, i % 2});
  }
  EXPECT_LT(render_report({report}).size(), 1'000'000U);
}

TEST(ReportCollector, CollectsWhatAFilterDecides) {
  const test::TempDir dir;
  const auto file = dir.write("p.yaml",
                              "name: p\nrules:\n  - {drop: doc/, category: documentation, reason: r}\n"
                              "  - {keep: doc/LICENSE, category: legal, reason: s}\n");
  const auto profile = Profile::load(file, release::Version::try_parse("1.22.1").value());
  tree::MemoryTree kept;
  Filter filter(profile, std::nullopt, kept);
  auto head = sample();
  head.files = {{"left out", 1, 0}};
  ReportCollector collector(head);
  filter.on_decision([&](const tree::Entry& entry, const Rule* rule) { collector.add(entry, rule); });
  for (const std::string path : {"doc/a", "bin/go", "doc/LICENSE", "doc/b", "VERSION", "doc/a"}) {
    MemorySource source("12345");
    filter.add({tree::RelPath(path), false, 5}, source);
  }
  const auto report = std::move(collector).take();
  EXPECT_EQ(report.release, "go1.26.8");
  EXPECT_EQ(report.id, "v_0123456789abcdef");
  ASSERT_EQ(report.rules.size(), 3U);
  std::vector<std::string> lines;
  for (const auto& [path, bytes, index] : report.files) {
    const auto& rule = report.rules[index];
    lines.push_back((rule.action == Action::keep ? "keep " : "drop ") + path + " " + std::to_string(bytes) +
                    " " + rule.category + " " + rule.rule + " " + rule.reason);
  }
  EXPECT_EQ(lines, (std::vector<std::string>{
                       "drop doc/a 5 documentation doc/ r", "keep bin/go 5 sdk  no rule drops it",
                       "keep doc/LICENSE 5 legal doc/LICENSE s", "drop doc/b 5 documentation doc/ r",
                       "keep VERSION 5 sdk  no rule drops it"}));
  EXPECT_TRUE(report.rules[0].location.ends_with("p.yaml:3")) << report.rules[0].location;
  EXPECT_EQ(report.rules[1].location, "");
}

}  // namespace
}  // namespace gopack::trim
