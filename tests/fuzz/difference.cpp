// A difference of two files, as its three streams: two bytes say how long the first two are. They are
// compressed here, so that mutations get past the checksums.
#include "bsdiff.hpp"
#include "fuzz.hpp"
#include "gopack/pack/packs.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gopack;
  constexpr std::size_t kBase = 4096;
  constexpr std::size_t kTarget = 5000;
  if (size < 2) return 0;
  static const auto base = fuzz::memory_file(std::string(kBase, 'b'));
  auto rest = fuzz::text_of(data + 2, size - 2);
  const auto take = [&](std::size_t bytes) {
    const auto taken = pack::compress_text(rest.substr(0, bytes));
    rest.remove_prefix(std::min(bytes, rest.size()));
    return taken;
  };
  const auto number = [](std::size_t value) {
    std::string text;
    for (; value >= 0x80; value >>= 7) text += static_cast<char>(value | 0x80);
    return text + static_cast<char>(value);
  };
  const auto control = take(data[0]);
  const auto differences = take(data[1]);
  const auto added = take(rest.size());
  const auto diff = number(control.size()) + number(differences.size()) + control + differences + added;
  fuzz::accepts([&] {
    pack::DiffSource source(base, kBase, diff, kTarget);
    std::size_t given = 0;
    for (auto block = source.next(); !block.empty(); block = source.next()) given += block.size();
    fuzz::require(given == kTarget, "a difference that is accepted gives all of its target");
  });
  return 0;
}
