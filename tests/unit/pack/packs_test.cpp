#include "gopack/pack/packs.hpp"

#include <gtest/gtest.h>

#include "gopack/base/error.hpp"
#include "gopack/pack/offer.hpp"
#include "gopack/pack/trust.hpp"

namespace gopack::pack {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;

std::vector<std::size_t> plan(const std::vector<std::pair<std::string, std::uint64_t>>& files) {
  std::vector<tree::ManifestFile> list;
  for (const auto& [path, size] : files) list.push_back({tree::RelPath(path), false, size, {}});
  return plan_packs(list);
}

TEST(PlanPacks, EndsAtDirectoriesOfTheTopAndWhereItIsFull) {
  EXPECT_EQ(plan({}), std::vector<std::size_t>());
  EXPECT_EQ(plan({{"VERSION", 10}}), (std::vector<std::size_t>{1}));
  EXPECT_EQ(plan({{"bin/a", 1}, {"bin/b", 1}, {"src/a", 1}, {"src/b/c", 1}}),
            (std::vector<std::size_t>{2, 2}));
  EXPECT_EQ(plan({{"src/a", 8 * kMiB}, {"src/b", 8 * kMiB}, {"src/c", 1}}), (std::vector<std::size_t>{2, 1}));
  EXPECT_EQ(plan({{"src/a", 1}, {"src/b", 40 * kMiB}, {"src/c", 1}}), (std::vector<std::size_t>{1, 1, 1}));
  EXPECT_EQ(plan({{"src/a", 40 * kMiB}, {"src/b", 0}}), (std::vector<std::size_t>{1, 1}));
}

TEST(Text, ComesBack) {
  const std::string base(100'000, 'a');
  for (const auto& text : {std::string(), std::string("x"), base + "b" + base}) {
    EXPECT_EQ(decompress_text(compress_text(text), text.size()), text);
    EXPECT_EQ(decompress_text(compress_text(text, base), text.size(), base), text);
  }
  const auto packed = compress_text(base);
  EXPECT_THROW(decompress_text(packed, base.size() - 1), Error);
  EXPECT_THROW(decompress_text(packed + "x", base.size()), Error);
  EXPECT_THROW(decompress_text(packed.substr(1), base.size()), Error);
  for (std::size_t i = 0; i < packed.size(); ++i)
    EXPECT_THROW(decompress_text(packed.substr(0, i), base.size()), Error) << i;
}

tree::StoreId id(char digit) {
  return tree::StoreId("v_" + std::string(16, digit));
}

TEST(Offers, TheSmallestDeltaFromWhatIsThere) {
  Offers offers;
  offers.deltas = {{id('1'), id('9'), {}, 400},
                   {id('2'), id('9'), {}, 300},
                   {id('3'), id('9'), {}, 600},
                   {id('1'), id('8'), {}, 1}};
  EXPECT_EQ(offers.find_delta({id('1'), id('2')}, id('9'), 1000), &offers.deltas[1]);
  EXPECT_EQ(offers.find_delta({id('1')}, id('9'), 1000), &offers.deltas[0]);
  EXPECT_EQ(offers.find_delta({id('3')}, id('9'), 1000), nullptr);  // more than half
  EXPECT_EQ(offers.find_delta({id('4')}, id('9'), 1000), nullptr);
  EXPECT_EQ(offers.find_delta({id('1')}, id('7'), 1000), nullptr);
}

TEST(Offers, AreReadFromAnIndex) {
  tree::Manifest manifest;
  manifest.release = "go1.26.1";
  manifest.profile = "minimal";
  manifest.platforms = {"darwin/arm64", "linux/amd64"};
  Descriptor tree{media_type::kImageManifest, digest::hash("x"), 3, media_type::kTree,
                  annotate(manifest, 70, 1'700'000'000)};
  Descriptor foreign{media_type::kImageManifest, digest::hash("y"), 3, "application/vnd.example", {}};
  const auto offers = read_offers(index_to_json({foreign, tree}));
  ASSERT_EQ(offers.trees.size(), 1U);
  EXPECT_EQ(offers.trees[0].artifact, tree);
  EXPECT_EQ(offers.trees[0].id, manifest.id());
  EXPECT_EQ(offers.trees[0].head.platforms, manifest.platforms);
  EXPECT_EQ(offers.trees[0].bytes, 70U);
  EXPECT_EQ(tree.annotations.at("org.opencontainers.image.created"), "2023-11-14T22:13:20Z");
  for (const auto* key : {"vnd.gopack.tree", "vnd.gopack.release", "vnd.gopack.profile",
                          "vnd.gopack.platforms", "vnd.gopack.bytes"}) {
    auto lacking = tree;
    lacking.annotations.erase(key);
    EXPECT_THROW(read_offers(index_to_json({lacking})), Error) << key;
    lacking.annotations[key] = "";
    const bool is_checked = std::string(key).ends_with("tree") || std::string(key).ends_with("bytes");
    if (is_checked) {
      EXPECT_THROW(read_offers(index_to_json({lacking})), Error) << key;
    }
  }
  for (const auto* text : {"", "[]", "{}", "{\"schemaVersion\":2}", "{\"schemaVersion\":1,\"manifests\":[]}"})
    EXPECT_THROW(read_offers(text), Error) << text;
}

TEST(Trust, SaysWhatIsMissing) {
  const auto key = digest::SecretKey::generate();
  const auto signature = key.sign_text("text", "comment");
  const auto fault = [](const std::vector<std::string>& found, const Trust& trust) {
    try {
      return "taken: " + require_trusted("text", found, trust);
    } catch (const Error& error) {
      return error.text();
    }
  };
  const std::vector keys{key.public_key()};
  const auto foreign = digest::SecretKey::generate().sign_text("text", "foreign");
  const auto of_another = key.sign_text("another", "");
  EXPECT_EQ(fault({signature}, {keys, false}), "taken: comment");
  EXPECT_EQ(fault({signature, foreign}, {keys, false}), "taken: comment");
  EXPECT_EQ(fault({foreign, of_another, signature}, {keys, false}), "taken: comment");
  EXPECT_EQ(fault({}, {keys, false}), "it is not signed");
  EXPECT_EQ(fault({}, {}), "it is not signed");
  EXPECT_EQ(fault({signature}, {}), "it is signed, and no key is trusted");
  EXPECT_EQ(fault({}, {keys, true}), "taken: ");
  EXPECT_EQ(fault({signature}, {{}, true}), "taken: ");
  EXPECT_NE(fault({of_another}, {keys, true}).find("does not hold"), std::string::npos);
  EXPECT_NE(fault({foreign}, {keys, true}).find("not trusted"), std::string::npos);
}

}  // namespace
}  // namespace gopack::pack
