#include "gopack/pack/oci.hpp"

#include <gtest/gtest.h>

#include "gopack/pack/offer.hpp"

namespace gopack::pack {
namespace {

Descriptor named(const char* type, const char* ref, std::string_view content) {
  return {media_type::kImageManifest,
          digest::hash(content),
          content.size(),
          type,
          {{"org.opencontainers.image.ref.name", ref}}};
}

TEST(Oci, AManifestIsDescribedAsItsIndexNamesIt) {
  const Artifact artifact{media_type::kTree, {empty_config()}, {{"a", "b"}}};
  const auto text = artifact.to_json();
  const auto found = describe_manifest(text, "v_1");
  EXPECT_EQ(found.sha256, digest::hash(text));
  EXPECT_EQ(found.size, text.size());
  EXPECT_EQ(found.artifact_type, media_type::kTree);
  EXPECT_EQ(ref_of(found), "v_1");
  EXPECT_EQ(found.annotations.at("a"), "b");
  EXPECT_EQ(index_from_json(index_to_json({found})), std::vector{found});
}

TEST(Oci, MergingReplacesByTypeAndRef) {
  std::vector manifests{named(media_type::kTree, "a", "1"), named(media_type::kTree, "b", "2")};
  merge_into(manifests, {named(media_type::kTree, "a", "3"), named(media_type::kDelta, "b", "4")});
  EXPECT_EQ(manifests, (std::vector{named(media_type::kTree, "b", "2"), named(media_type::kTree, "a", "3"),
                                    named(media_type::kDelta, "b", "4")}));
}

TEST(Oci, RefsAreKnown) {
  EXPECT_TRUE(is_ref("v_0123456789abcdef"));
  EXPECT_TRUE(is_ref("d-0123456789ab-cdef01234567"));
  for (const char* text : {"", "latest", "v_", "v_0123456789abcde", "v_0123456789abcdeg", "d-",
                           "d-0123456789ab", "d-0123456789ab_cdef01234567", "d-0123456789ab-cdef0123456g"}) {
    EXPECT_FALSE(is_ref(text)) << text;
  }
}

}  // namespace
}  // namespace gopack::pack
