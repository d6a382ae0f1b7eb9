// Selectors, versions, ranges, and what project files ask for (the first line names the file).
#include "gopack/release/selector.hpp"
#include <algorithm>

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gopack;
  const auto text = fuzz::text_of(data, size);
  std::vector<release::Version> versions;
  for (const char* version : {"1.18", "1.20", "1.21.0", "1.21.9", "1.22.5", "1.24rc1"}) {
    versions.push_back(release::Version::try_parse(version).value());
  }
  if (const auto version = release::Version::try_parse(text)) {
    fuzz::require(release::Version::try_parse(version->text()) == version,
                  "a version's text is that version");
    fuzz::require(release::Version::try_parse(version->name()) == version, "and so is its name");
  }
  if (const auto range = release::VersionRange::try_parse(text)) range->contains(versions[2]);
  fuzz::accepts([&] {
    const auto selector = release::Selector::parse(text);
    const auto chosen = selector.choose(versions, {});
    fuzz::require(std::is_sorted(chosen.begin(), chosen.end()), "the chosen ones are in order");
    selector.resolve(versions, {.all_patches = true, .prereleases = true});
  });
  const auto line = text.find('\n');
  for (const std::string name : {"go.mod", "go.work", ".go-version", ".tool-versions"}) {
    if (line == std::string_view::npos || text.substr(0, line) != name) continue;
    const auto file = fuzz::write(fuzz::scratch_dir(), name, text.substr(line + 1));
    fuzz::accepts([&] { release::selector_from_project_file(file); });
  }
  return 0;
}
