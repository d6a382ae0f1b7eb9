#include "gopack/trim/strip.hpp"

#include <algorithm>
#include <optional>

#include "headed_source.hpp"

namespace gopack::trim {

namespace {

constexpr std::size_t kHeaderBytes = 64;     // of an ELF file with 64 bits; with 32 it has 52
constexpr std::size_t kHeadBytes = 4 << 10;  // in which Go's linker puts the headers of all segments

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

// Where what is loaded ends in a file of `size` bytes with that head: headers and segments.
std::optional<std::uint64_t> end_of_loaded(std::string_view head, std::uint64_t size, const Layout& layout,
                                           bool is_big) {
  const auto at = Number(layout.segments_at, is_big).read(head);
  const auto bytes = Number(layout.segment_bytes, is_big).read(head);
  const auto count = Number(layout.segment_count, is_big).read(head);
  if (!at || !bytes || !count || *at > head.size()) return std::nullopt;
  auto end = *at + *bytes * *count;
  for (std::uint64_t i = 0; i < *count; ++i) {
    const auto offset = Number(layout.offset, is_big, *at + i * *bytes).read(head);
    const auto loaded = Number(layout.size, is_big, *at + i * *bytes).read(head);
    if (!offset || !loaded || *offset > size || *loaded > size - *offset) return std::nullopt;
    end = std::max(end, *offset + *loaded);
  }
  return end;
}

// How many bytes of a program are to stay; it is without its table of sections from now on. Nothing for
// anything else.
std::optional<std::uint64_t> strip(HeadedSource& program, std::uint64_t size) {
  const auto head = program.head();
  if (!head.starts_with("\177ELF") || head.size() < kHeaderBytes) return std::nullopt;
  const auto& layout = head[4] == 2 ? kLayout64 : kLayout32;
  const auto end = end_of_loaded(head, size, layout, head[5] == 2);
  if (!end || *end < kHeaderBytes || *end >= size) return std::nullopt;
  for (const auto field : {layout.sections_at, layout.section_count, layout.names_index})
    program.zero(field.offset, field.size);
  return end;
}

}  // namespace

bool is_program(std::string_view path) {
  return path.starts_with("bin/") || path.starts_with("pkg/tool/");
}

StrippedSource::StrippedSource(const tree::Entry& entry, ByteSource& content)
    : content_(std::make_unique<HeadedSource>(content, kHeadBytes)), entry_(entry) {
  entry_.size = strip(*content_, entry.size).value_or(entry.size);
  entry_.sha256 = nullptr;
  saved_ = entry.size - entry_.size;
  left_ = entry_.size;
}

StrippedSource::~StrippedSource() = default;

ByteView StrippedSource::next() {
  if (left_ == 0) {  // who gives the content may compare all of it
    while (!content_->next().empty()) continue;
    return {};
  }
  const auto bytes = content_->next();
  const auto given = bytes.first(std::min<std::uint64_t>(left_, bytes.size()));
  left_ -= given.size();
  return given;
}

void StrippingSink::add(const tree::Entry& entry, ByteSource& content) {
  if (!is_program(entry.path.text())) return downstream_.add(entry, content);
  StrippedSource stripped(entry, content);
  downstream_.add(stripped.entry(), stripped);
}

}  // namespace gopack::trim
