// What a checksum database answers: notes, records, tree heads, tiles.
#include <algorithm>

#include "fuzz.hpp"
#include "gopack/digest/note.hpp"
#include "lookup_answer.hpp"
#include "support/signing_key.hpp"
#include "tlog.hpp"

namespace {

using namespace gopack;

// A tree whose size and tiles are the input: it must not be believed unless the tiles make up its head.
void read_tree(std::string_view text) {
  if (text.empty()) return;
  const auto record = digest::hash(text);
  const source::TreeHead head{static_cast<unsigned char>(text[0]), record};
  auto rest = text.substr(1);
  const bool believed = fuzz::accepts([&] {
    source::ProvenTree tree(head, [&](const source::Tile& tile) {
      source::TileHashes hashes(tile.width);
      for (auto& hash : hashes) {
        hash = digest::hash(rest.substr(0, 1));
        rest.remove_prefix(std::min<std::size_t>(1, rest.size()));
      }
      return hashes;
    });
    tree.leaf(head.size / 2);
  });
  fuzz::require(!believed, "a head that is no root of these tiles is refused");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  static const test::SigningKey key("sum.example.org");
  static const auto verifier = digest::NoteVerifier::parse(key.verifier());
  fuzz::accepts([&] { digest::NoteVerifier::parse(text); });
  fuzz::accepts([&] {
    const auto opened = verifier.open(text);
    fuzz::require(key.sign(opened).size() <= text.size(), "what is opened was signed");
    source::parse_tree_head(opened);
  });
  fuzz::accepts([&] {
    const auto head = source::parse_tree_head(text);
    fuzz::require(head.size <= source::kLargestTree, "no tree is larger");
  });
  fuzz::accepts([&] {
    const auto answer = source::parse_lookup_answer(text);
    fuzz::require(text.find(answer.record) != std::string_view::npos, "the record is part of the answer");
    verifier.open(answer.note);
  });
  fuzz::accepts(
      [&] { source::find_module_hash(text, "golang.org/toolchain", "v0.0.1-go1.22.5.linux-amd64"); });
  read_tree(text);
  return 0;
}
