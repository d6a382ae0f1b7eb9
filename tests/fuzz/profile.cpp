// A trim profile: every mistake is found with its place, and what check_profile finds fine can be used.
#include "gopack/trim/profile.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gopack;
  const auto file = fuzz::write(fuzz::scratch_dir(), "p.yaml", fuzz::text_of(data, size));
  std::vector<std::string> mistakes;
  if (!fuzz::accepts([&] { mistakes = trim::check_profile(file); }) || !mistakes.empty()) return 0;
  for (const char* version : {"1.18", "1.26.1"}) {
    const auto profile = trim::Profile::load(file.string(), release::Version::try_parse(version).value());
    for (const char* path : {"VERSION", "src/fmt/print.go", "pkg/tool/linux_amd64/compile"})
      profile.decide(path);
    fuzz::accepts([&] { profile.build_targets({{"linux", "amd64"}}, {}); });
  }
  return 0;
}
