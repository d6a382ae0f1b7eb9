#include "zip_reader.hpp"

#include <isa-l.h>

#include "refusal.hpp"

namespace gopack::archive {

ZipReader::ZipReader(const File& file)
    : directory_(file), content_(file), packed_(content_), inflater_(packed_, Inflater::Framing::bare) {
  const auto size = file.status().size;
  if (size < kZipEndSize) refuse_archive("it is too short for a zip archive");
  directory_end_ = size - kZipEndSize;
  end_ = parse_zip_end(directory_.at(directory_end_, kZipEndSize), size);
  central_position_ = end_.directory;
}

std::optional<EntryHeader> ZipReader::next() {
  if (has_entry_) leave();
  if (entries_read_ == end_.entries) {
    if (central_position_ != directory_end_)
      refuse_archive("its zip central directory is longer than its entries");
    if (local_position_ != end_.directory) refuse_archive("it holds data that belongs to no entry");
    return std::nullopt;
  }
  read_central();
  enter();
  return entry_.header;
}

ByteView ZipReader::central_bytes(std::size_t size) {
  if (size > directory_end_ - central_position_) {
    refuse_archive("its zip central directory is shorter than its entries");
  }
  return directory_.at(central_position_, size);
}

void ZipReader::read_central() {
  const auto tail_size = zip_central_tail(central_bytes(kZipCentralSize));
  const auto record = central_bytes(kZipCentralSize + tail_size);
  entry_ = parse_zip_central(record.first(kZipCentralSize), record.subspan(kZipCentralSize));
  has_entry_ = true;
  central_position_ += record.size();
  ++entries_read_;
}

void ZipReader::enter() {
  if (entry_.offset != local_position_) {
    refuse_entry({entry_.header.name}, "it does not lie right behind the entry before it");
  }
  const auto tail_size = zip_local_tail(content_.at(local_position_, kZipLocalSize));
  const auto record = content_.at(local_position_, kZipLocalSize + tail_size);
  check_zip_local(entry_, record.first(kZipLocalSize), record.subspan(kZipLocalSize));
  const auto start = local_position_ + record.size();
  content_end_ = start + entry_.packed;
  if (content_end_ > end_.directory)
    refuse_entry({entry_.header.name}, "it reaches into the central directory");
  entry_.header.place = {start, entry_.packed, entry_.deflated};
  packed_.begin(start, entry_.packed);
  inflater_.restart();
  stored_crc_ = 0;
}

void ZipReader::leave() {
  local_position_ = content_end_;
  if (entry_.described) {
    check_zip_descriptor(entry_, content_.at(local_position_, kZipDescriptorSize));
    local_position_ += kZipDescriptorSize;
  }
  has_entry_ = false;
}

ByteView ZipReader::read_content() {
  const auto bytes = entry_.deflated ? inflater_.next() : packed_.next();
  if (!entry_.deflated) {
    stored_crc_ =
        crc32_gzip_refl(stored_crc_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  }
  const auto crc = entry_.deflated ? inflater_.crc() : stored_crc_;
  if (bytes.empty() && crc != entry_.crc)
    refuse_entry({entry_.header.name}, "its content does not match its CRC-32");
  return bytes;
}

}  // namespace gopack::archive
