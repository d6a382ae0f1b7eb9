#include "gopack/cache/layer.hpp"

#include <fmt/format.h>

#include <charconv>
#include <random>

#include "gopack/base/error.hpp"
#include "gopack/base/replace.hpp"

namespace gopack::cache {

namespace {

using digest::Sha256;

constexpr std::size_t kHex = 2 * Sha256::kSize;
constexpr std::size_t kColumns = 20;
constexpr std::size_t kEntrySize = 3 + kHex + 1 + kHex + 1 + kColumns + 1 + kColumns + 1;
constexpr std::chrono::hours kMarkInterval{1};
constexpr std::chrono::hours kLeftoverAge{24};

std::string shard_name(std::uint8_t shard) {
  return fmt::format("{:02x}", shard);
}

std::uint8_t shard_of(const Sha256& id) {
  return id.bytes()[0];
}

std::string entry_name(const Sha256& action) {
  return action.hex() + "-a";
}

std::string body_name(const Sha256& output) {
  return output.hex() + "-d";
}

bool is_older(const FileStatus& status, std::chrono::seconds age) {
  using std::chrono::seconds;  // a file system may give a time that nanoseconds cannot hold
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return seconds(status.mtime) <= std::chrono::floor<seconds>(now) - age;
}

// A number in its 20 columns.
template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || text.starts_with('-')) return std::nullopt;
  return number;
}

// A few bytes; a FileSource would bring a buffer a thousand times as large.
std::string read_small(File file) {
  std::array<std::byte, kEntrySize + 1> buffer;
  return std::string(as_text({buffer.data(), file.read(buffer)}));
}

// The go command deletes what it has not used for long, at any time.
std::optional<File> open_if_there(const Dir& dir, const std::string& name) {
  const auto status = dir.find(name);
  if (!status || status->type == FileType::directory) return std::nullopt;
  try {
    return dir.open_file(name);
  } catch (const Error&) {
    if (!dir.find(name)) return std::nullopt;
    throw;
  }
}

std::optional<Sha256> id_of(std::string_view name, std::string_view suffix) {
  return name.ends_with(suffix) ? Sha256::try_parse(name.substr(0, name.size() - suffix.size()))
                                : std::nullopt;
}

}  // namespace

std::string to_text(const Entry& entry) {
  return fmt::format("v1 {} {} {:>20} {:>20}\n", entry.action.hex(), entry.output.hex(), entry.size,
                     entry.time.count());
}

std::optional<Entry> parse_entry(std::string_view text, const Sha256& action) {
  if (text.size() != kEntrySize || !text.starts_with("v1 ") || !text.ends_with('\n')) return std::nullopt;
  const auto output = Sha256::try_parse(text.substr(3 + kHex + 1, kHex));
  const auto size = parse_number<std::uint64_t>(text.substr(3 + kHex + 1 + kHex + 1, kColumns));
  const auto time = parse_number<std::int64_t>(text.substr(kEntrySize - 1 - kColumns, kColumns));
  if (!output || !size || !time) return std::nullopt;
  const Entry entry{action, *output, *size, std::chrono::nanoseconds(*time)};
  return to_text(entry) == text ? std::optional(entry) : std::nullopt;
}

Layer::Layer(const std::filesystem::path& path, Keep keep) : root_(Dir::open(path)), keep_(keep) {}

Layer::Shard Layer::remember(std::uint8_t shard, Dir dir) const {
  auto opened = std::make_shared<const Dir>(std::move(dir));
  if (keep_ == Keep::open) {
    const std::lock_guard lock(mutex_);
    open_.at(shard) = opened;
  }
  return opened;
}

Layer::Shard Layer::find_shard(std::uint8_t shard) const {
  if (keep_ == Keep::open) {
    const std::lock_guard lock(mutex_);
    if (open_.at(shard)) return open_.at(shard);
  }
  auto dir = root_.try_open_dir(shard_name(shard));
  return dir ? remember(shard, std::move(*dir)) : nullptr;
}

Layer::Shard Layer::ensure_shard(std::uint8_t shard) const {
  if (auto found = find_shard(shard)) return found;
  return remember(shard, root_.ensure_dir(shard_name(shard)));
}

std::optional<Entry> Layer::find(const Sha256& action) const {
  const auto shard = find_shard(shard_of(action));
  const auto name = entry_name(action);
  auto file = shard ? open_if_there(*shard, name) : std::nullopt;
  return file ? parse_entry(read_small(std::move(*file)), action) : std::nullopt;
}

bool Layer::has(const Sha256& action) const {
  const auto shard = find_shard(shard_of(action));
  return shard && shard->find(entry_name(action));
}

std::optional<std::filesystem::path> Layer::find_body(const Entry& entry) const {
  const auto shard = find_shard(shard_of(entry.output));
  const auto name = body_name(entry.output);
  const auto status = shard ? shard->find(name) : std::nullopt;
  if (!status || status->type != FileType::file || status->size != entry.size) return std::nullopt;
  return shard->path() / name;
}

std::optional<File> Layer::open_body(const Entry& entry) const {
  const auto shard = find_shard(shard_of(entry.output));
  return shard ? shard->try_open_file(body_name(entry.output)) : std::nullopt;
}

void Layer::mark_used(const Entry& entry) const {
  const auto mark = [&](const Sha256& id, const std::string& name) {
    const auto shard = find_shard(shard_of(id));
    const auto status = shard ? shard->find(name) : std::nullopt;
    if (status && is_older(*status, kMarkInterval)) touch(*shard, name);
  };
  mark(entry.action, entry_name(entry.action));
  mark(entry.output, body_name(entry.output));
}

std::vector<std::uint8_t> Layer::shards() const {
  std::vector<std::uint8_t> shards;
  for (const auto& name : root_.names()) {
    unsigned number = kShards;
    std::from_chars(name.data(), name.data() + name.size(), number, 16);
    if (number < kShards && name == shard_name(static_cast<std::uint8_t>(number))) {
      shards.push_back(static_cast<std::uint8_t>(number));
    }
  }
  return shards;
}

Names Layer::list(std::uint8_t shard) const {
  Names found;
  const auto dir = find_shard(shard);
  if (!dir) return found;
  for (const auto& name : dir->names()) {
    if (const auto action = id_of(name, "-a")) found.actions.push_back(*action);
    if (const auto output = id_of(name, "-d")) found.outputs.push_back(*output);
  }
  return found;
}

void Layer::remove_leftovers(std::uint8_t shard) const {
  const auto dir = find_shard(shard);
  if (!dir) return;
  for (const auto& name : dir->names()) {
    if (!name.starts_with('.')) continue;
    const auto status = dir->find(name);
    if (status && status->type == FileType::file && is_older(*status, kLeftoverAge)) dir->remove_file(name);
  }
}

Incoming::Incoming(const Layer& layer, const Entry& entry, bool flush)
    : layer_(layer),
      entry_(entry),
      flush_(flush),
      shard_(layer.ensure_shard(shard_of(entry.output))),
      temporary_(fmt::format(".{}.{:08x}", body_name(entry.output), std::random_device{}())),
      file_(shard_->create_file(temporary_)) {}

Incoming::~Incoming() {
  if (temporary_.empty()) return;
  try {
    shard_->remove_file(temporary_);
  } catch (...) {  // remove_leftovers will
  }
}

void Incoming::write(ByteView bytes) {
  hasher_.write(bytes);
  file_.write(bytes);
  count_ += bytes.size();
}

bool Incoming::commit() {
  if (count_ != entry_.size || hasher_.finish() != entry_.output) return false;
  if (flush_) file_.sync();
  file_.close();
  shard_->rename(temporary_, *shard_, body_name(entry_.output));
  temporary_.clear();
  if (flush_) shard_->sync();
  put_entry(layer_, entry_, flush_);
  return true;
}

void put_entry(const Layer& layer, const Entry& entry, bool flush) {
  replace_text(*layer.ensure_shard(shard_of(entry.action)), entry_name(entry.action), to_text(entry), flush);
}

}  // namespace gopack::cache
