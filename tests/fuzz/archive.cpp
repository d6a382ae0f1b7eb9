// A .zip, a .tar.gz or, so that mutations get past the checksums, a bare tar. What is accepted must be what
// libarchive's own readers find in the same bytes.
#include <archive.h>
#include <archive_entry.h>

#include <clocale>
#include <map>
#include <memory>

#include "fuzz.hpp"
#include "gopack/archive/unpack.hpp"
#include "gopack/tree/memory_tree.hpp"
#include "support/archive_builder.hpp"

namespace gopack::fuzz {

namespace {

constexpr gopack::archive::Limits kLimits{
    .entries = 1000, .depth = 100, .name_bytes = 1 << 20, .file_bytes = 1 << 20, .total_bytes = 4 << 20};

using Contents = std::map<std::string, std::string>;

struct Free {
  void operator()(::archive* reader) const { archive_read_free(reader); }
};

Contents read_by_libarchive(std::string_view bytes) {
  // Names in pax headers are converted to the locale's character set.
  static const bool has_utf8 = std::setlocale(LC_CTYPE, "C.UTF-8") != nullptr;
  require(has_utf8, "there is a UTF-8 locale");
  const std::unique_ptr<::archive, Free> reader(archive_read_new());
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_format_tar(reader.get());
  archive_read_support_format_zip_seekable(reader.get());
  require(archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) == ARCHIVE_OK,
          "libarchive opens it");
  Contents contents;
  ::archive_entry* entry = nullptr;
  int status = ARCHIVE_OK;
  while ((status = archive_read_next_header(reader.get(), &entry)) == ARCHIVE_OK) {
    if (archive_entry_filetype(entry) == AE_IFDIR) continue;
    require(archive_entry_filetype(entry) == AE_IFREG, "libarchive finds files and directories alone");
    const char* name = archive_entry_pathname(entry);
    require(name != nullptr, "libarchive finds a name");
    std::string content(static_cast<std::size_t>(archive_entry_size(entry)), '\0');
    require(archive_read_data(reader.get(), content.data(), content.size()) ==
                static_cast<la_ssize_t>(content.size()),
            "libarchive reads the whole content");
    require(contents.emplace(name, content).second, "libarchive finds each name once");
  }
  require(status == ARCHIVE_EOF, "libarchive reads to the end");
  return contents;
}

bool is_bare_tar(std::string_view bytes) {
  return !bytes.starts_with("PK") && !bytes.starts_with("\x1f\x8b");
}

}  // namespace

}  // namespace gopack::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gopack;
  const auto input = fuzz::text_of(data, size);
  const auto bytes = fuzz::is_bare_tar(input) ? test::gzip(input) : std::string(input);
  auto file = fuzz::memory_file(bytes);
  tree::MemoryTree tree;
  if (!fuzz::accepts([&] { gopack::archive::unpack(file, {"go", fuzz::kLimits}, tree, {}); })) return 0;
  fuzz::Contents contents;
  for (const auto& [path, node] : tree.files()) contents.emplace("go/" + path, node.content);
  fuzz::require(contents == fuzz::read_by_libarchive(bytes), "libarchive finds the same");
  return 0;
}
