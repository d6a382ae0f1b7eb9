#include "zip_records.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>

#include "refusal.hpp"

namespace gopack::archive {

namespace {

constexpr std::uint32_t kEndSignature = 0x06054b50;
constexpr std::uint32_t kCentralSignature = 0x02014b50;
constexpr std::uint32_t kLocalSignature = 0x04034b50;
constexpr std::uint32_t kDescriptorSignature = 0x08074b50;

constexpr std::uint32_t kEncrypted = 1u << 0;
constexpr std::uint32_t kDescribed = 1u << 3;
constexpr std::uint32_t kUtf8 = 1u << 11;
constexpr std::uint32_t kAllowedFlags = 0x6 | kDescribed | kUtf8;  // 0x6: how hard the packer tried
constexpr std::uint32_t kVersion = 20;  // what directories and deflate need; more is zip64 or encryption

// Places in the fields that both records share; they begin after the signature in a local header and
// two bytes later in a central record.
constexpr std::size_t kCommonInLocal = 4;
constexpr std::size_t kCommonInCentral = 6;
constexpr std::size_t kCommonTime = 6;  // time and date as MS-DOS has them: 4 bytes
constexpr std::size_t kCommonCrc = 10;  // CRC-32, packed size, size: 12 bytes
constexpr std::size_t kCommonNameSize = 22;
constexpr std::size_t kCommonExtraSize = 24;

std::uint32_t le16(ByteView bytes, std::size_t at) {
  return std::to_integer<std::uint32_t>(bytes[at]) | std::to_integer<std::uint32_t>(bytes[at + 1]) << 8;
}

std::uint32_t le32(ByteView bytes, std::size_t at) {
  return le16(bytes, at) | le16(bytes, at + 2) << 16;
}

// They have no zone: Go's packers write UTC. Nothing where no date is said.
std::optional<std::int64_t> parse_dos_time(std::uint32_t time, std::uint32_t date) {
  using namespace std::chrono;
  const year_month_day day(year(1980 + static_cast<int>(date >> 9)), month(date >> 5 & 0xf),
                           std::chrono::day(date & 0x1f));
  if (!day.ok()) return std::nullopt;
  const auto clock = hours(time >> 11) + minutes(time >> 5 & 0x3f) + seconds((time & 0x1f) * 2);
  return (sys_days(day).time_since_epoch() + clock) / seconds(1);
}

bool equal(ByteView a, ByteView b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

// Extra fields may carry times and owners, but nothing that gives the entry another size or name.
void check_extra(EntryName name, ByteView extra) {
  while (!extra.empty()) {
    if (extra.size() < 4 || extra.size() - 4 < le16(extra, 2))
      refuse_entry(name, "its extra fields are malformed");
    const auto id = le16(extra, 0);
    if (id == 0x0001) refuse_entry(name, "it is in zip64 form without need");
    if (id == 0x7075) refuse_entry(name, "it has a second name in an extra field");
    extra = extra.subspan(4 + le16(extra, 2));
  }
}

void check_flags(EntryName name, std::uint32_t flags, std::uint32_t method) {
  if ((flags & kEncrypted) != 0) refuse_entry(name, "it is encrypted");
  if ((flags & ~kAllowedFlags) != 0) refuse_entry(name, "it uses zip features that Go archives do not");
  if (method != 0 && method != 8) refuse_entry(name, "it is neither stored nor deflated");
  if (method == 0 && (flags & kDescribed) != 0) refuse_entry(name, "it is stored with a data descriptor");
  const bool ascii = std::all_of(name.text.begin(), name.text.end(), [](char c) { return (c & 0x80) == 0; });
  if (!ascii && (flags & kUtf8) == 0) refuse_entry(name, "its name is not marked as UTF-8");
}

// Sets whether the entry is a directory, and executable, from the name, DOS attributes and Unix mode.
void judge_type(EntryHeader& header, std::uint32_t made_by, std::uint32_t attributes) {
  const auto host = made_by >> 8;
  const auto mode = attributes >> 16;
  const auto type = mode & 0170000;
  header.directory = header.name.ends_with('/');
  if (host != 0 && host != 3) refuse_entry({header.name}, "it comes from an unknown operating system");
  if (type != 0 && type != (header.directory ? 0040000u : 0100000u)) {
    refuse_entry({header.name},
                 type == 0120000 ? "it is a symbolic link" : "its type is not what its name says");
  }
  if ((attributes & 0x10) != 0 && !header.directory) {
    refuse_entry({header.name}, "its type is not what its name says");
  }
  header.executable = host == 3 && !header.directory && (mode & 0111) != 0;
}

}  // namespace

ZipEnd parse_zip_end(ByteView record, std::uint64_t file_size) {
  if (le32(record, 0) != kEndSignature) refuse_archive("it does not end with a zip end record");
  if (le16(record, 20) != 0) refuse_archive("it has a comment");
  const ZipEnd end{le16(record, 10), le32(record, 16)};
  if (le16(record, 4) != 0 || le16(record, 6) != 0 || le16(record, 8) != end.entries) {
    refuse_archive("it is one of several volumes");
  }
  if (end.directory + le32(record, 12) + kZipEndSize != file_size) {
    refuse_archive("its zip central directory does not lie where its end record says");
  }
  return end;
}

std::size_t zip_central_tail(ByteView fixed) {
  if (le32(fixed, 0) != kCentralSignature) refuse_archive("its zip central directory is damaged");
  return le16(fixed, 28) + le16(fixed, 30) + le16(fixed, 32);
}

std::size_t zip_local_tail(ByteView fixed) {
  return le16(fixed, 26) + le16(fixed, 28);
}

ZipEntry parse_zip_central(ByteView fixed, ByteView tail) {
  ZipEntry entry;
  const auto common = fixed.subspan(kCommonInCentral, entry.common.size());
  std::copy(common.begin(), common.end(), entry.common.begin());
  const auto name_size = le16(common, kCommonNameSize);
  entry.header.name = as_text(tail.first(name_size));
  const EntryName name{entry.header.name};

  const auto flags = le16(common, 2);
  const auto method = le16(common, 4);
  if (le16(common, 0) > kVersion) refuse_entry(name, "it needs a newer zip version than Go archives do");
  check_flags(name, flags, method);
  check_extra(name, tail.subspan(name_size, le16(common, kCommonExtraSize)));
  if (le16(fixed, 32) != 0) refuse_entry(name, "it has a comment");
  if (le16(fixed, 34) != 0) refuse_entry(name, "it lies in another volume");
  judge_type(entry.header, le16(fixed, 4), le32(fixed, 38));

  entry.deflated = method == 8;
  entry.described = (flags & kDescribed) != 0;
  entry.crc = le32(common, kCommonCrc);
  entry.packed = le32(common, kCommonCrc + 4);
  entry.header.size = le32(common, kCommonCrc + 8);
  entry.header.time = parse_dos_time(le16(common, kCommonTime), le16(common, kCommonTime + 2));
  entry.offset = le32(fixed, 42);
  if (entry.header.directory && entry.packed + entry.header.size > 0) {
    refuse_entry(name, "it is a directory with content");
  }
  return entry;
}

void check_zip_local(const ZipEntry& entry, ByteView fixed, ByteView tail) {
  const EntryName name{entry.header.name};
  const ByteView common = entry.common;
  const auto local = fixed.subspan(kCommonInLocal);
  if (le32(fixed, 0) != kLocalSignature) refuse_entry(name, "its local header is missing");
  if (!equal(local.first(kCommonCrc), common.first(kCommonCrc)) ||
      le16(local, kCommonNameSize) != le16(common, kCommonNameSize) ||
      as_text(tail.first(le16(common, kCommonNameSize))) != name.text) {
    refuse_entry(name, "its local header and the central directory contradict each other");
  }
  // With a data descriptor, the sizes were not known yet when the header was written.
  const auto sizes = local.subspan(kCommonCrc, 12);
  const bool unknown =
      std::all_of(sizes.begin(), sizes.end(), [](std::byte byte) { return byte == std::byte{0}; });
  if (!equal(sizes, common.subspan(kCommonCrc, 12)) && !(entry.described && unknown)) {
    refuse_entry(name, "its local header and the central directory contradict each other");
  }
  check_extra(name, tail.subspan(name.text.size()));
}

void check_zip_descriptor(const ZipEntry& entry, ByteView descriptor) {
  if (le32(descriptor, 0) != kDescriptorSignature ||
      !equal(descriptor.subspan(4, 12), ByteView(entry.common).subspan(kCommonCrc, 12))) {
    refuse_entry({entry.header.name}, "its data descriptor and the central directory contradict each other");
  }
}

}  // namespace gopack::archive
