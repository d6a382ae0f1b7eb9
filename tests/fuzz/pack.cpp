// The documents of a layout: an index, a manifest, the operations of a delta. What is read and written again
// stays the same.
#include "fuzz.hpp"
#include "gopack/pack/delta.hpp"
#include "gopack/pack/oci.hpp"
#include "gopack/pack/offer.hpp"

namespace {

using namespace gopack;

template <typename Read, typename Write>
void require_stable(std::string_view text, Read read, Write write) {
  std::string once;
  if (!fuzz::accepts([&] { once = write(read(text)); })) return;
  fuzz::require(write(read(once)) == once, "what is written is read as it was");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  require_stable(text, pack::index_from_json, pack::index_to_json);
  require_stable(text, pack::Artifact::from_json,
                 [](const pack::Artifact& artifact) { return artifact.to_json(); });
  require_stable(text, pack::Delta::from_json, [](const pack::Delta& delta) { return delta.to_json(); });
  fuzz::accepts([&] { pack::read_offers(text); });
  return 0;
}
