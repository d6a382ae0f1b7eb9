// Reads .tar.gz: ISA-L inflates in a thread of its own, libarchive understands the headers.
#pragma once

#include <exception>
#include <memory>
#include <utility>
#include <vector>

#include "entry_reader.hpp"
#include "gopack/base/file.hpp"
#include "gopack/base/read_ahead.hpp"
#include "inflater.hpp"
#include "tar_framing.hpp"

struct archive;
struct archive_entry;

namespace gopack::archive {

class TarReader final : public EntryReader {
 public:
  // Reads `file` from its start. More than `limit` bytes of tar are refused.
  TarReader(File& file, std::uint64_t limit);

  std::optional<EntryHeader> next() override;
  ByteView read_content() override;
  std::vector<AccessPoint> take_points() override { return std::move(points_); }

 private:
  struct Free {
    void operator()(::archive* handle) const;
    void operator()(::archive_entry* entry) const;
  };
  // `self` is the TarReader.
  static std::ptrdiff_t read_block(::archive* handle, void* self, const void** block) noexcept;
  // Everything but success is an Error; what a callback threw goes first.
  void check(int status);
  // The entry that libarchive has come to, as the frame has it.
  FramedEntry take_framed(int status);
  EntryHeader describe(::archive_entry* entry, const FramedEntry& framed) const;
  void check_end();

  FileSource compressed_;
  std::vector<AccessPoint> points_;  // the inflating thread's until the stream has ended
  Inflater inflater_;
  ReadAhead inflated_;
  TarFraming framing_;
  std::exception_ptr parked_;  // what a callback threw
  std::unique_ptr<::archive, Free> archive_;
  std::unique_ptr<::archive_entry, Free> entry_;  // of the last header
};

}  // namespace gopack::archive
