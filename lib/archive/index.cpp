#include "gopack/archive/index.hpp"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <new>
#include <span>

#include "index_text.hpp"

namespace gopack::archive {

namespace {

// The second number counts changes of what unpack() refuses and of what UnpackOptions::heads chooses:
// both are remembered here.
constexpr std::string_view kMagic = "gopack-index 1.1\n";
constexpr int kLevel = 1;  // of zstd: most of an index are digests
constexpr std::size_t kMostWindow = 32 << 10;

enum Flag : std::uint8_t { kExecutable = 1, kDeflated = 2, kHasTime = 4, kHasHead = 8 };

// Numbers as in Protocol Buffers: seven bits a byte, the lowest first.
void put_number(std::string& into, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) into += static_cast<char>(number | 0x80);
  into += static_cast<char>(number);
}

// Differences are small when the numbers lie close to each other, also when they go down.
class DeltaWriter {
 public:
  void put(std::uint64_t number) {
    const auto difference = static_cast<std::int64_t>(number - last_);
    put_number(text_,
               (static_cast<std::uint64_t>(difference) << 1) ^ static_cast<std::uint64_t>(difference >> 63));
    last_ = number;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::uint64_t last_ = 0;
};

// Takes apart what was put together; after the first mistake all that it gives is empty.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (text_.empty()) break;
      const auto byte = static_cast<std::uint8_t>(text_.front());
      text_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    is_sound_ = false;
    return 0;
  }
  std::uint64_t delta() {
    const auto coded = number();
    last_ += (coded >> 1) ^ (~(coded & 1) + 1);
    return last_;
  }
  std::string_view bytes(std::uint64_t size) {
    if (size > text_.size()) {
      is_sound_ = false;
      size = 0;
    }
    const auto taken = text_.substr(0, size);
    text_.remove_prefix(size);
    return taken;
  }
  // A text that its length stands before.
  std::string_view block() { return bytes(number()); }
  bool is_sound() const { return is_sound_; }
  bool is_at_end() const { return is_sound_ && text_.empty(); }

 private:
  std::string_view text_;
  std::uint64_t last_ = 0;
  bool is_sound_ = true;
};

void put_block(std::string& into, std::string_view text) {
  put_number(into, text.size());
  into += text;
}

// A column for each field: equal things lie together.
std::string describe_files(const std::vector<IndexedFile>& files) {
  std::string paths, flags, sizes, packed, heads, digests;
  DeltaWriter offsets, times;
  for (const auto& file : files) {
    paths += file.path.text() + '\n';
    flags += static_cast<char>((file.executable ? kExecutable : 0) | (file.place.deflated ? kDeflated : 0) |
                               (file.time ? kHasTime : 0) | (file.head ? kHasHead : 0));
    put_number(sizes, file.size);
    put_number(packed, file.place.packed);
    offsets.put(file.place.offset);
    if (file.time) times.put(static_cast<std::uint64_t>(*file.time));
    if (file.head) put_block(heads, *file.head);
    digests.append(reinterpret_cast<const char*>(file.sha256.bytes().data()), digest::Sha256::kSize);
  }
  std::string text;
  put_number(text, files.size());
  const std::string* columns[] = {&paths,          &flags,        &sizes, &packed,
                                  &offsets.text(), &times.text(), &heads, &digests};
  for (const auto* column : columns) put_block(text, *column);
  return text;
}

// Whether unpack() could have said it.
bool is_within(const IndexedFile& file, const Limits& limits) {
  constexpr std::uint64_t kLargest = 1ull << 48;  // no archive is as large: sums do not overflow
  return file.size <= limits.file_bytes && file.place.offset < kLargest && file.place.packed < kLargest;
}

// The columns, read row by row.
class FileReader {
 public:
  explicit FileReader(std::string_view text) : all_(text), count_(all_.number()), paths_(all_.block()) {
    for (auto* column : {&flags_, &sizes_, &packed_, &offsets_, &times_, &heads_, &digests_})
      *column = Reader(all_.block());
  }

  std::uint64_t count() const { return count_; }

  // Nothing where there is none.
  std::optional<IndexedFile> next() {
    const auto end = paths_.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    auto path = tree::RelPath::try_parse(paths_.substr(0, end));
    paths_.remove_prefix(end + 1);
    const auto flags = flags_.bytes(1);
    const auto sha256 = digests_.bytes(digest::Sha256::kSize);
    if (!path || flags.empty() || sha256.empty()) return std::nullopt;
    const auto is_set = [&](Flag flag) { return (static_cast<std::uint8_t>(flags[0]) & flag) != 0; };
    std::array<std::uint8_t, digest::Sha256::kSize> digest{};
    std::memcpy(digest.data(), sha256.data(), digest.size());
    IndexedFile file{.path = std::move(*path),
                     .executable = is_set(kExecutable),
                     .size = sizes_.number(),
                     .time = std::nullopt,
                     .sha256 = digest::Sha256(digest),
                     .head = std::nullopt,
                     .place = {offsets_.delta(), packed_.number(), is_set(kDeflated)}};
    if (is_set(kHasTime)) file.time = static_cast<std::int64_t>(times_.delta());
    if (is_set(kHasHead)) file.head = heads_.block();
    return file;
  }

  // Whether all of it has been read, and was sound.
  bool is_at_end() const {
    const auto columns = {&all_, &flags_, &sizes_, &packed_, &offsets_, &times_, &heads_, &digests_};
    return paths_.empty() && std::all_of(columns.begin(), columns.end(),
                                         [](const Reader* column) { return column->is_at_end(); });
  }

 private:
  Reader all_;
  std::uint64_t count_;
  std::string_view paths_;
  Reader flags_{{}}, sizes_{{}}, packed_{{}}, offsets_{{}}, times_{{}}, heads_{{}}, digests_{{}};
};

std::optional<std::vector<IndexedFile>> parse_files(std::string_view text, const Limits& limits) {
  FileReader reader(text);
  if (reader.count() > limits.entries) return std::nullopt;
  std::vector<IndexedFile> files;
  files.reserve(std::min<std::uint64_t>(reader.count(), text.size() / digest::Sha256::kSize));
  std::uint64_t total = 0;
  while (files.size() < reader.count()) {
    auto file = reader.next();
    if (!file || !is_within(*file, limits)) return std::nullopt;
    total += file->size;
    if (total > limits.total_bytes) return std::nullopt;
    files.push_back(std::move(*file));
  }
  return reader.is_at_end() ? std::optional(std::move(files)) : std::nullopt;
}

std::string describe_points(const std::vector<AccessPoint>& points) {
  std::string text;
  put_number(text, points.size());
  for (const auto& point : points) {
    put_number(text, point.offset);
    put_number(text, point.bits);
    put_block(text, point.window);
  }
  return text;
}

std::optional<std::vector<AccessPoint>> parse_points(std::string_view text) {
  Reader reader(text);
  const auto count = reader.number();
  std::vector<AccessPoint> points;
  for (std::uint64_t i = 0; i < count && reader.is_sound(); ++i) {
    AccessPoint point{reader.number(), reader.number(), {}};
    point.window = reader.block();
    const bool is_next =
        points.empty() || (point.offset > points.back().offset && point.bits > points.back().bits);
    if (!is_next || point.window.size() > kMostWindow) return std::nullopt;
    points.push_back(std::move(point));
  }
  return reader.is_at_end() ? std::optional(std::move(points)) : std::nullopt;
}

// One zstd frame with a checksum, its length before it.
void put_frame(std::string& into, std::string_view text) {
  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  const std::unique_ptr<ZSTD_CCtx, Free> context(ZSTD_createCCtx());
  if (!context) throw std::bad_alloc();
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string frame(ZSTD_compressBound(text.size()), '\0');
  const auto size = ZSTD_compress2(context.get(), frame.data(), frame.size(), text.data(), text.size());
  if (ZSTD_isError(size) != 0) throw std::bad_alloc();  // all else fits
  frame.resize(size);
  put_block(into, frame);
}

std::optional<std::string> inflate_frame(std::string_view frame) {
  const auto size = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (size > Index::kMaxBytes) return std::nullopt;  // also for what is not known, or not a frame
  std::string text(size, '\0');
  const auto found = ZSTD_decompress(text.data(), text.size(), frame.data(), frame.size());
  return found == size ? std::optional(std::move(text)) : std::nullopt;
}

std::string describe_pass(const IndexedPass& pass) {
  const auto& digest = pass.archive.bytes();
  std::string text(reinterpret_cast<const char*>(digest.data()), digest.size());
  const auto& limits = pass.limits;
  for (const auto limit :
       {limits.entries, limits.depth, limits.name_bytes, limits.file_bytes, limits.total_bytes})
    put_number(text, limit);
  return text;
}

}  // namespace

std::string assemble_index(const IndexedPass& pass, std::string_view files, std::string_view points) {
  auto bytes = std::string(kMagic) + describe_pass(pass);
  put_frame(bytes, files);
  put_frame(bytes, points);
  return bytes;
}

std::string Index::serialize(const IndexedPass& pass) const {
  return assemble_index(pass, describe_files(files), describe_points(points));
}

std::optional<Index> Index::parse(std::string_view bytes, const IndexedPass& pass) {
  const auto start = std::string(kMagic) + describe_pass(pass);
  if (!bytes.starts_with(start)) return std::nullopt;
  Reader reader(bytes.substr(start.size()));
  const auto files = inflate_frame(reader.block());
  const auto points = inflate_frame(reader.block());
  if (!files || !points || !reader.is_at_end()) return std::nullopt;
  auto parsed_files = parse_files(*files, pass.limits);
  auto parsed_points = parse_points(*points);
  if (!parsed_files || !parsed_points) return std::nullopt;
  return Index{std::move(*parsed_files), std::move(*parsed_points)};
}

}  // namespace gopack::archive
