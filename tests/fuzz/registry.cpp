// What registries demand, and the names of repositories.
#include "challenge.hpp"
#include "fuzz.hpp"
#include "gopack/registry/reference.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gopack;
  using namespace gopack::registry;
  const auto text = fuzz::text_of(data, size);
  for (const auto& challenge : parse_challenges(text)) {
    fuzz::require(!challenge.scheme.empty(), "a challenge has a scheme");
    fuzz::require(challenge.parameters.size() <= text.size(), "a parameter takes a letter");
  }
  fuzz::accepts([&] {
    const auto reference = Reference::parse(text);
    const auto again = Reference::parse(reference.text());
    fuzz::require(again.text() == reference.text() && again.host == reference.host,
                  "a name that is written reads the same");
    fuzz::require(printable(reference.text()) == reference.text(), "a name can be printed");
    fuzz::require((reference.host / "v2/x").secret().starts_with(reference.host.secret()),
                  "requests go to the host");
  });
  return 0;
}
