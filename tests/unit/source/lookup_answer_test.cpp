#include "lookup_answer.hpp"

#include <gtest/gtest.h>

#include "gopack/base/error.hpp"

namespace gopack::source {
namespace {

constexpr const char* kHash = "h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM=";

TEST(LookupAnswer, HasANumberARecordAndANote) {
  const auto answer =
      parse_lookup_answer("17\nexample.org/a v1.0.0 h1:x\nsecond line\n\nthe note\n\nsignatures\n");
  EXPECT_EQ(answer.id, 17u);
  EXPECT_EQ(answer.record, "example.org/a v1.0.0 h1:x\nsecond line\n");
  EXPECT_EQ(answer.note, "the note\n\nsignatures\n");
}

TEST(LookupAnswer, IsNothingElse) {
  for (const std::string body :
       {"", "\n", "17", "17\n", "17\nrecord\n", "017\nrecord\n\nnote", "+17\nrecord\n\nnote",
        "17 \nrecord\n\nnote", "17\n\n\nnote", "17\nrec\tord\n\nnote", "17\r\nrecord\n\nnote",
        "99999999999999999999\nrecord\n\nnote", "18446744073709551615\nrecord\n\nnote"}) {
    EXPECT_THROW(parse_lookup_answer(body), Error) << body;
  }
}

TEST(TreeHead, IsReadFromTheSignedText) {
  const std::string text = "go.sum database tree\n71610150\n2GdqKpa3KsSJ+cjnJXCX2UdyPvRHJftEVzMYhpfpKB8=\n";
  const auto head = parse_tree_head(text);
  EXPECT_EQ(head.size, 71610150u);
  EXPECT_EQ(head.text(), "a tree of 71610150 records with hash 2GdqKpa3KsSJ+cjnJXCX2UdyPvRHJftEVzMYhpfpKB8=");
  EXPECT_EQ(parse_tree_head(text + "a line that may come one day\n"), head);
}

TEST(TreeHead, IsNothingElse) {
  const std::string hash = "2GdqKpa3KsSJ+cjnJXCX2UdyPvRHJftEVzMYhpfpKB8=\n";
  for (const auto& text :
       {std::string(), std::string("go.sum database tree\n"), "go.sum database\n1\n" + hash,
        "go.sum database tree\n-1\n" + hash, "go.sum database tree\n01\n" + hash,
        "go.sum database tree\n1\nAA==\n" + hash, "go.sum database tree\n999999999999999999\n" + hash,
        "go.sum database tree\n1\n" + hash.substr(0, 44)}) {
    EXPECT_THROW(parse_tree_head(text), Error) << text;
  }
}

TEST(ModuleLine, IsTheOneOfTheZip) {
  const std::string record =
      std::string("example.org/a v1.0.0/go.mod h1:no\nexample.org/a v1.0.0 ") + kHash + "\n";
  EXPECT_EQ(find_module_hash(record, "example.org/a", "v1.0.0"), kHash);
  EXPECT_THROW(find_module_hash(record, "example.org/a", "v1.0.1"), Error);
  EXPECT_THROW(find_module_hash(record, "example.org/b", "v1.0.0"), Error);
  EXPECT_THROW(find_module_hash("example.org/a v1.0.0 h1:short=\n", "example.org/a", "v1.0.0"), Error);
  EXPECT_THROW(find_module_hash("example.org/a v1.0.0 " + std::string(kHash), "example.org/a", "v1.0.0"),
               Error);
}

TEST(ModulePath, IsEscapedForFilesystemsThatIgnoreCase) {
  EXPECT_EQ(escape_module("golang.org/toolchain"), "golang.org/toolchain");
  EXPECT_EQ(escape_module("example.org/Azure/ABC"), "example.org/!azure/!a!b!c");
}

}  // namespace
}  // namespace gopack::source
