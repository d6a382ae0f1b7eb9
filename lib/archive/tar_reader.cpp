#include "tar_reader.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>
#include <string_view>
#include <utility>

#include "gopack/base/error.hpp"
#include "refusal.hpp"

namespace gopack::archive {

namespace {

constexpr std::string_view kContradiction = "its tar headers contradict each other";

// At its start. ISA-L passes over flags that no one has given a meaning yet.
File& rewound(File& file) {
  std::array<std::byte, 4> start{};
  file.read_at(start, 0);
  if ((start[3] & std::byte{0xe0}) != std::byte{0}) refuse_archive("its gzip header has reserved flags");
  file.seek(0);
  return file;
}

// Names of pax headers are in UTF-8, which the locale of Windows cannot always say.
bool is_named(::archive_entry* entry, const std::string& name) {
  const auto is_name = [&](const char* said) { return said != nullptr && said == name; };
  return is_name(archive_entry_pathname(entry)) || is_name(archive_entry_pathname_utf8(entry));
}

}  // namespace

void TarReader::Free::operator()(::archive* handle) const {
  archive_read_free(handle);
}

void TarReader::Free::operator()(::archive_entry* entry) const {
  archive_entry_free(entry);
}

TarReader::TarReader(File& file, std::uint64_t limit)
    : compressed_(rewound(file)),
      inflater_(compressed_, Inflater::Framing::gzip, &points_),
      inflated_(inflater_),
      framing_(inflated_, limit),
      archive_(archive_read_new()),
      entry_(archive_entry_new2(archive_.get())) {
  if (!archive_ || !entry_) throw std::bad_alloc();
  // This format and no filter: nothing else is ever guessed from the bytes.
  check(archive_read_support_format_tar(archive_.get()));
  // Step by step: archive_read_open() goes on without the memory for the first step.
  check(archive_read_set_callback_data(archive_.get(), this));
  check(archive_read_set_read_callback(archive_.get(), &TarReader::read_block));
  check(archive_read_open1(archive_.get()));
}

std::ptrdiff_t TarReader::read_block(::archive* handle, void* self, const void** block) noexcept {
  auto& reader = *static_cast<TarReader*>(self);
  try {
    const auto bytes = reader.framing_.next();
    *block = bytes.data();
    return static_cast<std::ptrdiff_t>(bytes.size());
  } catch (...) {
    reader.parked_ = std::current_exception();
    archive_set_error(handle, EIO, "the stream failed");
    return ARCHIVE_FATAL;
  }
}

void TarReader::check(int status) {
  if (parked_) std::rethrow_exception(std::exchange(parked_, nullptr));
  if (status == ARCHIVE_OK) return;
  const char* reason = archive_error_string(archive_.get());
  // libarchive gives no reason at times where it gets no memory.
  if (reason == nullptr || archive_errno(archive_.get()) == ENOMEM) throw std::bad_alloc();
  refuse_archive("it is not a sound tar archive");
}

FramedEntry TarReader::take_framed(int status) {
  if (framing_.entries().empty()) refuse_archive(kContradiction);
  auto framed = std::move(framing_.entries().front());
  framing_.entries().pop_front();
  // Of a name in a pax header that the locale cannot say, libarchive warns and keeps the bytes.
  const bool is_ascii = std::all_of(framed.name.begin(), framed.name.end(),
                                    [](char letter) { return static_cast<unsigned char>(letter) < 0x80; });
  if (status != ARCHIVE_WARN || is_ascii) check(status);
  return framed;
}

EntryHeader TarReader::describe(::archive_entry* entry, const FramedEntry& framed) const {
  // An extended header may give an entry another size or name; then libarchive and other readers part here.
  if (!is_named(entry, framed.name)) refuse_archive(kContradiction);
  EntryHeader header{framed.name, archive_entry_filetype(entry) == AE_IFDIR,
                     (archive_entry_perm(entry) & 0111) != 0,
                     static_cast<std::uint64_t>(archive_entry_size(entry)), std::nullopt};
  header.place.offset = framed.content;
  if (archive_entry_mtime_is_set(entry) != 0) header.time = archive_entry_mtime(entry);
  // TarFraming lets nothing else pass; this is what libarchive makes of it.
  const bool link = archive_entry_hardlink(entry) != nullptr || archive_entry_symlink(entry) != nullptr;
  if (link || (!header.directory && archive_entry_filetype(entry) != AE_IFREG)) {
    refuse_entry({header.name}, "it is neither a regular file nor a directory");
  }
  if (archive_entry_sparse_count(entry) > 0) refuse_entry({header.name}, "it is a sparse file");
  return header;
}

void TarReader::check_end() {
  while (!framing_.next().empty()) continue;
  const auto end = static_cast<std::uint64_t>(archive_read_header_position(archive_.get()));
  if (!framing_.entries().empty() || framing_.end() != end) refuse_archive(kContradiction);
}

std::optional<EntryHeader> TarReader::next() {
  // Into an entry of our own, as libarchive's own may be missing for lack of memory.
  const int status = archive_read_next_header2(archive_.get(), entry_.get());
  if (status == ARCHIVE_EOF && !parked_) {
    check_end();
    return std::nullopt;
  }
  if (status != ARCHIVE_WARN) check(status);
  return describe(entry_.get(), take_framed(status));
}

ByteView TarReader::read_content() {
  const void* block = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0;
  const int status = archive_read_data_block(archive_.get(), &block, &size, &offset);
  if (status == ARCHIVE_EOF && !parked_) return {};
  check(status);
  return {static_cast<const std::byte*>(block), size};
}

}  // namespace gopack::archive
