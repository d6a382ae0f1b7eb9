#include "tar_framing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "pax_records.hpp"
#include "refusal.hpp"

namespace gopack::archive {

namespace {

constexpr std::uint64_t kMaxExtension = 64 << 10;

// A field's text: up to its first NUL.
std::string_view field(ByteView header, std::size_t offset, std::size_t size) {
  const auto text = as_text(header.subspan(offset, size));
  return text.substr(0, text.find('\0'));
}

std::optional<std::uint64_t> parse_octal(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text.empty() || text.find_first_not_of("01234567") != std::string_view::npos) return std::nullopt;
  std::uint64_t value = 0;  // 12 digits at most
  for (const char digit : text) value = value * 8 + static_cast<std::uint64_t>(digit - '0');
  return value;
}

std::uint64_t padded(std::uint64_t size) {
  return (size + 511) / 512 * 512;
}

// Octal, nothing, or GNU's base 256.
bool is_number(std::string_view text) {
  return text.empty() || text[0] == '\x80' || text[0] == '\xff' || parse_octal(text);
}

// Fields that are not used here; but there are readers for which an archive ends where one is no number.
struct Unused {
  std::size_t offset;
  std::size_t size;
  std::string_view what;
};
constexpr Unused kUnused[] = {{100, 8, "mode"},  {108, 8, "owner"},         {116, 8, "group"},
                              {136, 12, "time"}, {329, 8, "device number"}, {337, 8, "device number"}};

// What the header's own fields call its entry. Readers differ about a prefix where the format has none.
std::string name_of(ByteView header) {
  constexpr std::string_view kUstar("ustar\00000", 8);
  std::string name(field(header, 0, 100));
  const auto prefix = field(header, 345, 155);
  if (prefix.empty()) return name;
  if (as_text(header.subspan(257, kUstar.size())) != kUstar)
    refuse_entry({name}, "its name has a prefix, but its header is of a format without");
  return fmt::format("{}/{}", prefix, name);
}

std::string_view describe(char type) {
  switch (type) {
    case '1':
      return "it is a hard link";
    case '2':
      return "it is a symbolic link";
    case '3':
    case '4':
      return "it is a device";
    case '6':
      return "it is a FIFO";
    case 'S':
      return "it is a sparse file";
    default:
      return "it is neither a regular file nor a directory";
  }
}

}  // namespace

ByteView TarFraming::next() {
  const auto block = upstream_.next();
  if (block.empty() && (zero_blocks_ < 2 || collected_ > 0)) refuse_archive("its tar end marker is missing");
  if (block.size() > limit_ - position_) refuse_archive(fmt::format("it is larger than {} bytes", limit_));
  walk(block);
  return block;
}

void TarFraming::walk(ByteView bytes) {
  while (!bytes.empty()) {
    const auto used = body_ > 0 ? walk_body(bytes) : collect_header(bytes);
    position_ += used;
    bytes = bytes.subspan(used);
    if (collected_ == kBlock) {
      collected_ = 0;
      judge_header();
    }
  }
}

std::size_t TarFraming::walk_body(ByteView bytes) {
  const auto text = as_text(bytes.first(std::min<std::uint64_t>(text_, bytes.size())));
  extension_text_ += text;
  text_ -= text.size();
  const auto used = std::min<std::uint64_t>(body_, bytes.size());
  body_ -= used;
  return used;
}

std::size_t TarFraming::collect_header(ByteView bytes) {
  const auto used = std::min(kBlock - collected_, bytes.size());
  std::copy_n(bytes.begin(), used, header_.begin() + static_cast<std::ptrdiff_t>(collected_));
  collected_ += used;
  return used;
}

void TarFraming::judge_header() {
  if (std::all_of(header_.begin(), header_.end(), [](std::byte byte) { return byte == std::byte{0}; })) {
    return judge_end();
  }
  if (zero_blocks_ > 0) refuse_archive("data follows its tar end marker");
  auto own_name = name_of(header_);
  const EntryName name{own_name};
  const auto size = parse_octal(field(header_, 124, 12));
  if (!size) refuse_entry(name, "its size is not an octal number");
  for (const auto& unused : kUnused) {
    if (!is_number(field(header_, unused.offset, unused.size)))
      refuse_entry(name, fmt::format("its {} is not a number", unused.what));
  }
  const char type = static_cast<char>(header_[156]);
  const bool extension = type == 'x' || type == 'L';
  if (!extension) return judge_entry(type, *size, std::move(own_name));
  if (extension_ != '\0') refuse_entry(name, "it has more than one extended header");
  if (*size > kMaxExtension) refuse_entry(name, "it is an extended header of excessive size");
  extension_ = type;
  extension_text_.clear();
  text_ = *size;
  body_ = padded(*size);
}

void TarFraming::judge_end() {
  if (zero_blocks_++ == 0) end_ = position_ - kBlock;
  if (extension_ != '\0') refuse_archive("an extended header at its end belongs to no entry");
}

void TarFraming::judge_entry(char type, std::uint64_t size, std::string full_name) {
  if (type != '0' && type != '\0' && type != '5') refuse_entry({full_name}, describe(type));
  if (type == '5' && size > 0) refuse_entry({full_name}, "it is a directory with content");
  if (extension_ == 'x') {
    if (extension_text_.find('\0') != std::string::npos) refuse_entry({full_name}, "its name contains a NUL");
    const auto records = parse_pax({full_name}, extension_text_);
    if (records.size.value_or(size) != size) {
      refuse_entry({full_name}, "its header and its extended header contradict each other about its size");
    }
    full_name = records.path.value_or(std::move(full_name));
  } else if (extension_ == 'L') {
    if (extension_text_.find('\0') + 1 != extension_text_.size()) {
      refuse_entry({full_name}, "its name contains a NUL");
    }
    full_name = extension_text_.substr(0, extension_text_.size() - 1);
  }
  // Some readers take such a file for a directory.
  if (type != '5' && full_name.ends_with('/'))
    refuse_entry({full_name}, "it is a file named like a directory");
  extension_ = '\0';
  body_ = padded(size);
  entries_.push_back({std::move(full_name), position_});
}

}  // namespace gopack::archive
