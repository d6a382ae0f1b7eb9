// The download index, names of archives, and lists of digests.
#include "gopack/release/index.hpp"
#include "fuzz.hpp"
#include "gopack/digest/checksum_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gopack;
  const auto text = fuzz::text_of(data, size);
  digest::parse_checksum_file(text);
  digest::parse_checksum_list(text);
  release::parse_toolchain_filename(text);
  if (const auto file = release::parse_filename(text)) {
    fuzz::require(file->filename == text, "the name stays as it was");
    fuzz::require(text.find_first_of("/\\") == std::string_view::npos, "the name is not a path");
  }
  fuzz::accepts([&] {
    for (const auto& file : release::parse_index(text)) {
      fuzz::require(release::parse_filename(file.filename).has_value(), "every name is that of an archive");
    }
  });
  return 0;
}
