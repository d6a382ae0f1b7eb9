// Archives made byte by byte, sound ones and hostile ones. gzip and zip entries are deflated by ISA-L.
#pragma once

#include <isa-l.h>

#include <cstdint>
#include <cstdio>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace gopack::test {

inline std::string deflate(std::string_view data, bool gzip) {
  std::string out(data.size() + data.size() / 1000 + 4096, '\0');
  isal_zstream stream;
  isal_deflate_stateless_init(&stream);
  stream.end_of_stream = 1;
  stream.gzip_flag = gzip ? IGZIP_GZIP : IGZIP_DEFLATE;
  stream.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<std::uint32_t>(data.size());
  stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  stream.avail_out = static_cast<std::uint32_t>(out.size());
  if (isal_deflate_stateless(&stream) != COMP_OK) throw std::runtime_error("cannot deflate");
  out.resize(stream.total_out);
  return out;
}

// One gzip member.
inline std::string gzip(std::string_view data) {
  return deflate(data, true);
}

// The same in many blocks with Huffman codes of their own, as other packers write it.
inline std::string gzip_in_blocks(std::string_view data) {
  std::string out(data.size() + data.size() / 100 + 4096, '\0');
  std::string work(ISAL_DEF_LVL1_DEFAULT, '\0');
  isal_zstream stream;
  isal_deflate_init(&stream);
  stream.level = 1;
  stream.level_buf = reinterpret_cast<std::uint8_t*>(work.data());
  stream.level_buf_size = static_cast<std::uint32_t>(work.size());
  stream.end_of_stream = 1;
  stream.gzip_flag = IGZIP_GZIP;
  stream.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<std::uint32_t>(data.size());
  stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  stream.avail_out = static_cast<std::uint32_t>(out.size());
  if (isal_deflate(&stream) != COMP_OK || stream.avail_in > 0) throw std::runtime_error("cannot deflate");
  out.resize(stream.total_out);
  return out;
}

struct TarHeader {
  std::string name;
  char type = '0';
  std::uint64_t size = 0;
  unsigned mode = 0644;
  std::string link = {};
  std::optional<std::string> raw_size = {};  // the size field's own bytes
  std::string raw_time = "14524770400";      // and the time's
  std::string raw_owner = "0000000";         // and the owner's
  std::string prefix = {};
  std::string magic = std::string("ustar\00000", 8);
};

inline std::string tar_header(const TarHeader& header) {
  std::string block(512, '\0');
  const auto put = [&](std::size_t at, std::string_view text) { block.replace(at, text.size(), text); };
  const auto octal = [](std::uint64_t value, int width) {
    char text[32];
    std::snprintf(text, sizeof text, "%0*llo", width, static_cast<unsigned long long>(value));
    return std::string(text);
  };
  put(0, std::string_view(header.name).substr(0, 100));
  put(100, octal(header.mode, 7));
  put(108, header.raw_owner);
  put(116, octal(0, 7));
  put(124, header.raw_size.value_or(octal(header.size, 11)));
  put(136, header.raw_time);
  put(148, "        ");
  block[156] = header.type;
  put(157, header.link);
  put(257, header.magic);
  put(345, header.prefix);
  std::uint64_t sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  put(148, octal(sum, 6) + '\0' + ' ');
  return block;
}

// "<length> <key>=<value>\n", the length counting itself.
inline std::string pax_record(std::string_view key, std::string_view value) {
  const auto rest = key.size() + value.size() + 3;  // blank, "=", newline
  auto size = rest + 1;
  while (std::to_string(size).size() + rest != size) ++size;
  return std::to_string(size) + " " + std::string(key) + "=" + std::string(value) + "\n";
}

class TarBuilder {
 public:
  // A header of any kind and, padded, what follows it. The size in the header is `header.size`.
  TarBuilder& add(const TarHeader& header, std::string_view body = "") {
    bytes_ += tar_header(header);
    bytes_ += body;
    bytes_.resize((bytes_.size() + 511) / 512 * 512);
    return *this;
  }
  TarBuilder& file(const std::string& name, std::string_view content, unsigned mode = 0644) {
    return add({.name = name, .size = content.size(), .mode = mode}, content);
  }
  TarBuilder& directory(const std::string& name, unsigned mode = 0755) {
    return add({.name = name, .type = '5', .mode = mode});
  }
  TarBuilder& link(char type, const std::string& name, const std::string& target) {
    return add({.name = name, .type = type, .link = target});
  }
  // For the entry that follows.
  TarBuilder& pax(const std::string& records) {
    return add({.name = "PaxHeaders/x", .type = 'x', .size = records.size()}, records);
  }
  TarBuilder& gnu_name(const std::string& name) {
    return add({.name = "././@LongLink", .type = 'L', .size = name.size() + 1}, name);
  }
  const std::string& open_end() const { return bytes_; }
  std::string bytes() const { return bytes_ + std::string(1024, '\0'); }

 private:
  std::string bytes_;
};

inline std::string little_endian(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 0xff);
  return text;
}

// By default what Go's archive/zip writes: deflated, with a data descriptor, Unix mode.
struct ZipFile {
  std::string name = "go/a";
  std::string content = "x";
  unsigned mode = 0100644;
  unsigned made_by = 3 << 8 | 20;
  unsigned needs = 20;
  unsigned flags = 8;
  unsigned method = 8;
  unsigned dos_attributes = 0;
  unsigned long local_crc_change = 0;  // added to the CRC in the local header
  unsigned long crc_change = 0;        // added to the CRC everywhere
  int size_change = 0;                 // added to the size everywhere
  std::optional<std::string> local_name = {};
  std::string extra = {};
  std::string comment = {};
  std::optional<std::string> descriptor = {};
  int offset_change = 0;  // added to the offset in the central directory
};

class ZipBuilder {
 public:
  ZipBuilder& add(const ZipFile& file) {
    const auto packed = file.method == 8 ? deflate(file.content, false) : file.content;
    const auto crc =
        crc32_gzip_refl(0, reinterpret_cast<const unsigned char*>(file.content.data()), file.content.size());
    const auto size = file.content.size() + static_cast<std::size_t>(file.size_change);
    const auto numbers = [&](unsigned long change) {
      return little_endian(crc + change, 4) + little_endian(packed.size(), 4) + little_endian(size, 4);
    };
    const auto truth = numbers(file.crc_change);
    const bool described = (file.flags & 8) != 0;
    const auto start = little_endian(file.needs, 2) + little_endian(file.flags, 2) +
                       little_endian(file.method, 2) + little_endian(0x5a8f'7c21, 4);
    const auto sizes = [&](const std::string& name) {
      return little_endian(name.size(), 2) + little_endian(file.extra.size(), 2);
    };
    const auto local_name = file.local_name.value_or(file.name);

    directory_ += "PK\1\2" + little_endian(file.made_by, 2) + start + truth + sizes(file.name) +
                  little_endian(file.comment.size(), 2) + little_endian(0, 4) +
                  little_endian(file.mode << 16 | file.dos_attributes, 4) +
                  little_endian(bytes_.size() + static_cast<std::size_t>(file.offset_change), 4) + file.name +
                  file.extra + file.comment;
    bytes_ += "PK\3\4" + start;
    bytes_ += described ? std::string(12, '\0') : numbers(file.crc_change + file.local_crc_change);
    bytes_ += sizes(local_name) + local_name + file.extra + packed;
    if (described) bytes_ += file.descriptor.value_or("PK\7\10" + truth);
    ++entries_;
    return *this;
  }
  ZipBuilder& file(const std::string& name, const std::string& content, unsigned mode = 0100644) {
    return add({.name = name, .content = content, .mode = mode});
  }
  ZipBuilder& directory(const std::string& name) {
    return add(
        {.name = name, .content = {}, .mode = 040755, .flags = 0, .method = 0, .dos_attributes = 0x10});
  }
  // Bytes between the entries that no entry owns.
  ZipBuilder& raw(std::string_view bytes) {
    bytes_ += bytes;
    return *this;
  }
  // Bytes at the end of the central directory.
  ZipBuilder& raw_directory(std::string_view bytes) {
    directory_ += bytes;
    return *this;
  }
  std::string bytes(int entries_change = 0, std::string_view comment = "") const {
    const auto entries = little_endian(static_cast<std::uint64_t>(entries_ + entries_change), 2);
    return bytes_ + directory_ + "PK\5\6" + little_endian(0, 4) + entries + entries +
           little_endian(directory_.size(), 4) + little_endian(bytes_.size(), 4) +
           little_endian(comment.size(), 2) + std::string(comment);
  }

 private:
  std::string bytes_;
  std::string directory_;
  int entries_ = 0;
};

}  // namespace gopack::test
