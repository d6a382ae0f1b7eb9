// The two parts of an archive's index, as a program finds them that trusts its store: what is accepted is the
// index of some archive, but not of this one.
#include "gopack/archive/index.hpp"

#include <string>

#include "fuzz.hpp"
#include "gopack/archive/indexed_archive.hpp"
#include "gopack/tree/memory_tree.hpp"
#include "index_text.hpp"
#include "support/archive_builder.hpp"

using namespace gopack;

namespace {

const archive::IndexedPass kPass{
    {},
    {.entries = 1000, .depth = 100, .name_bytes = 1 << 20, .file_bytes = 1 << 16, .total_bytes = 1 << 18}};

// Takes every content.
class ReadingSink final : public tree::TreeSink {
 public:
  void add(const tree::Entry& entry, ByteSource& content) override {
    digest::Hasher hasher;
    copy(content, hasher);
    fuzz::require(hasher.finish() == *entry.sha256, "what is read is what the index says");
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto text = fuzz::text_of(data + 2, size - 2);
  const auto split = std::min<std::size_t>(data[0] * 256u + data[1], text.size());
  const auto bytes = archive::assemble_index(kPass, text.substr(0, split), text.substr(split));
  const auto index = archive::Index::parse(bytes, kPass);
  if (!index) return 0;
  const auto again = archive::Index::parse(index->serialize(kPass), kPass);
  fuzz::require(again && again->serialize(kPass) == index->serialize(kPass),
                "it is the same when it is written");
  static const auto tar = test::gzip_in_blocks(
      test::TarBuilder().file("go/a", std::string(40'000, 'a')).file("go/b", "b").bytes());
  const auto open = [] { return fuzz::memory_file(tar); };
  ReadingSink sink;
  const archive::ReadPlan plan{[](const archive::IndexedFile&) { return true; }, 2};
  fuzz::accepts([&] { archive::replay(*index, open, sink, {}); });
  fuzz::accepts([&] { archive::replay(*index, open, sink, {}, &plan); });
  return 0;
}
