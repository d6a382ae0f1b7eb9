#include "gopack/trim/strip.hpp"

#include <algorithm>
#include <cstdint>

namespace gopack::trim {

namespace {

constexpr std::size_t kHeaderBytes = 64;            // of an ELF file with 64 bits; with 32 it has 52
constexpr std::uint64_t kProgramLimit = 512 << 20;  // bytes; Go's largest program has 30 MB

// Where the fields of an ELF file lie, for 32 and for 64 bits.
struct Field {
  std::size_t offset;
  std::size_t size;
};
struct Layout {
  Field segments_at, sections_at, segment_bytes, segment_count, section_count, names_index;  // in the header
  Field offset, size;                                                                        // in a segment
};
constexpr Layout kLayout32 = {{28, 4}, {32, 4}, {42, 2}, {44, 2}, {48, 2}, {50, 2}, {4, 4}, {16, 4}};
constexpr Layout kLayout64 = {{32, 8}, {40, 8}, {54, 2}, {56, 2}, {60, 2}, {62, 2}, {8, 8}, {32, 8}};

// A number in an ELF file: bytes of either order.
class Number {
 public:
  Number(Field field, bool is_big, std::uint64_t base = 0)
      : at_(base + field.offset), size_(field.size), is_big_(is_big) {}

  // Nothing when the file ends before.
  std::optional<std::uint64_t> read(std::string_view file) const {
    if (at_ > file.size() || size_ > file.size() - at_) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size_; ++i)
      value = value << 8 | static_cast<unsigned char>(file[at_ + (is_big_ ? i : size_ - 1 - i)]);
    return value;
  }

 private:
  std::uint64_t at_;
  std::size_t size_;
  bool is_big_;
};

// Where what is loaded ends in the file: headers and segments.
std::optional<std::uint64_t> end_of_loaded(std::string_view file, const Layout& layout, bool is_big) {
  const auto at = Number(layout.segments_at, is_big).read(file);
  const auto bytes = Number(layout.segment_bytes, is_big).read(file);
  const auto count = Number(layout.segment_count, is_big).read(file);
  if (!at || !bytes || !count || *at > file.size()) return std::nullopt;
  auto end = *at + *bytes * *count;
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto offset = Number(layout.offset, is_big, *at + i * *bytes).read(file);
    const auto size = Number(layout.size, is_big, *at + i * *bytes).read(file);
    if (!offset || !size || *offset > file.size() || *size > file.size() - *offset) return std::nullopt;
    end = std::max(end, *offset + *size);
  }
  return end;
}

}  // namespace

bool is_program(std::string_view path) {
  return path.starts_with("bin/") || path.starts_with("pkg/tool/");
}

std::optional<std::string> strip_program(std::string_view program) {
  if (!program.starts_with("\177ELF") || program.size() < kHeaderBytes) return std::nullopt;
  const auto& layout = program[4] == 2 ? kLayout64 : kLayout32;
  const bool is_big = program[5] == 2;
  const auto end = end_of_loaded(program, layout, is_big);
  if (!end || *end < kHeaderBytes || *end >= program.size()) return std::nullopt;
  std::string stripped(program.substr(0, *end));
  for (const auto field : {layout.sections_at, layout.section_count, layout.names_index})
    stripped.replace(field.offset, field.size, field.size, '\0');
  return stripped;
}

Stripped strip(const tree::Entry& entry, ByteSource& content) {
  Stripped result{entry, read_all(content, kProgramLimit), 0};
  if (auto stripped = strip_program(result.bytes)) {
    result.saved = result.bytes.size() - stripped->size();
    result.bytes = std::move(*stripped);
    result.entry.size = result.bytes.size();
  }
  return result;
}

void StrippingSink::add(const tree::Entry& entry, ByteSource& content) {
  if (!is_program(entry.path.text())) return downstream_.add(entry, content);
  const auto stripped = strip(entry, content);
  MemorySource source{std::string_view(stripped.bytes)};
  downstream_.add(stripped.entry, source);
}

}  // namespace gopack::trim
