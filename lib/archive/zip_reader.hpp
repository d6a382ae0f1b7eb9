// Reads .zip. A zip says everything twice, and readers that believe one half or the other see different
// archives in the same bytes (libarchive and Go do). This reader accepts only those that cannot be read
// in two ways: central directory and local headers agree, and the entries, in the directory's order, fill
// the file without gap or overlap up to the one end record at its very end. Go writes nothing else.
#pragma once

#include "entry_reader.hpp"
#include "file_window.hpp"
#include "inflater.hpp"
#include "zip_records.hpp"

namespace gopack::archive {

class ZipReader final : public EntryReader {
 public:
  // `file` must outlive this object; its position does not matter.
  explicit ZipReader(const File& file);

  // The headers of all entries are checked, the content (CRC-32 and size) of those that are read.
  std::optional<EntryHeader> next() override;
  ByteView read_content() override;

 private:
  ByteView central_bytes(std::size_t size);
  void read_central();
  void enter();
  void leave();

  FileWindow directory_;
  FileWindow content_;
  WindowSource packed_;  // of the current entry
  Inflater inflater_;
  ZipEnd end_;
  std::uint64_t directory_end_ = 0;
  std::uint32_t entries_read_ = 0;
  std::uint64_t central_position_ = 0;  // of the next central record
  std::uint64_t local_position_ = 0;    // of the next local header
  std::uint64_t content_end_ = 0;       // of the current entry
  ZipEntry entry_;                      // the current one
  bool has_entry_ = false;
  std::uint32_t stored_crc_ = 0;  // of the content so far, when it is stored
};

}  // namespace gopack::archive
