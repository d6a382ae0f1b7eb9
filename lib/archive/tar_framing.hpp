// The frame of a tar archive (POSIX.1-2017 pax and ustar, GNU long names): which headers lie where.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>

#include "gopack/base/bytes.hpp"

namespace gopack::archive {

// An entry as its headers have it.
struct FramedEntry {
  std::string name;
  std::uint64_t content = 0;  // where its content starts in the stream
};

// Passes a tar stream through to libarchive and refuses on the way what libarchive does not tell about:
// entry types it reads as files, sizes and other fields that are no numbers, extended headers that say more
// than path, size and times or contradict the entry's own header, NULs that would cut names short, an end
// without two zero blocks, anything behind them. Throws Error (unsafe).
class TarFraming final : public ByteSource {
 public:
  // More than `limit` bytes are refused. `upstream` must outlive this object.
  TarFraming(ByteSource& upstream, std::uint64_t limit) : upstream_(upstream), limit_(limit) {}

  ByteView next() override;
  // The entries that have come by, in their order; whoever takes one removes it.
  std::deque<FramedEntry>& entries() { return entries_; }
  // Where the end marker starts; 0 before it is reached.
  std::uint64_t end() const { return end_; }

 private:
  static constexpr std::size_t kBlock = 512;
  void walk(ByteView bytes);
  std::size_t walk_body(ByteView bytes);
  std::size_t collect_header(ByteView bytes);
  void judge_header();
  void judge_end();
  void judge_entry(char type, std::uint64_t size, std::string full_name);

  ByteSource& upstream_;
  std::uint64_t limit_;
  std::uint64_t position_ = 0;
  std::deque<FramedEntry> entries_;
  std::uint64_t end_ = 0;
  std::uint64_t body_ = 0;  // bytes left of the current body, with its padding
  char extension_ = '\0';   // the type of the last header, when it was about the entry that must follow
  std::uint64_t text_ = 0;  // of body_, bytes that belong to extension_text_
  std::string extension_text_;
  std::size_t zero_blocks_ = 0;
  std::array<std::byte, kBlock> header_{};
  std::size_t collected_ = 0;  // bytes of header_
};

}  // namespace gopack::archive
