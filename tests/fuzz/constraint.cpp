// A source of the standard library: its name (the first line) and its head, with the constraints of its
// build.
#include "fuzz.hpp"
#include "gopack/trim/build_targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gopack;
  const auto text = fuzz::text_of(data, size);
  const auto line = text.find('\n');
  if (line == std::string_view::npos) return 0;
  const auto version = release::Version::try_parse("1.22.5").value();
  const trim::BuildTargets every(version, {}, {});
  const trim::BuildTargets one(version, {{"linux", "amd64"}}, {});
  const auto path = "src/p/" + std::string(text.substr(0, line));
  const auto head = text.substr(line + 1);
  fuzz::require(!one.can_compile(path, head) || every.can_compile(path, head),
                "what one target compiles some target compiles");
  return 0;
}
