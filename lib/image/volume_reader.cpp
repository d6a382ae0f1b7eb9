#include "volume_reader.hpp"

#include "gopack/base/error.hpp"
#include "gopack/base/report.hpp"

namespace gopack::image {

namespace {

constexpr std::size_t kMostFiles = 1 << 20;
constexpr std::uint64_t kMostPathBytes = 256 << 20;  // of all files
constexpr std::size_t kLongestPath = 4096;           // bytes
constexpr std::uint64_t kMostClusters = 1 << 28;

void append_utf8(std::string& text, std::uint32_t point) {
  const auto rest = [&](int bits) { text += static_cast<char>(0x80 | (point >> bits & 0x3F)); };
  if (point < 0x80) {
    text += static_cast<char>(point);
  } else if (point < 0x800) {
    text += static_cast<char>(0xC0 | point >> 6);
    rest(0);
  } else if (point < 0x10000) {
    text += static_cast<char>(0xE0 | point >> 12);
    rest(6), rest(0);
  } else {
    text += static_cast<char>(0xF0 | point >> 18);
    rest(12), rest(6), rest(0);
  }
}

// Halves of a surrogate pair that stand alone become the replacement character.
std::string to_utf8(std::u16string_view units) {
  constexpr std::uint32_t kReplacement = 0xFFFD;
  std::string text;
  for (std::size_t i = 0; i < units.size(); ++i) {
    std::uint32_t point = units[i];
    const bool is_first = point >= 0xD800 && point < 0xDC00;
    const bool has_second = i + 1 < units.size() && units[i + 1] >= 0xDC00 && units[i + 1] < 0xE000;
    if (is_first && has_second)
      point = 0x10000 + ((point - 0xD800) << 10) + (units[++i] - 0xDC00U);
    else if (point >= 0xD800 && point < 0xE000)
      point = kReplacement;
    append_utf8(text, point);
  }
  return text;
}

bool is_allowed(std::u16string_view name) {
  constexpr std::u16string_view kNever = u"\"*/:<>?\\|";
  return !name.empty() && name != u"." && name != u".." &&
         std::all_of(name.begin(), name.end(), [&](char16_t unit) {
           return unit >= 0x20 && kNever.find(unit) == std::u16string_view::npos;
         });
}

[[noreturn]] void refuse(std::string reason) {
  throw Error(ErrorKind::usage, "cannot verify the image: " + std::move(reason))
      .with_hint("mount it, and name the directory of the bundle");
}

}  // namespace

std::unique_ptr<Clusters> VolumeReader::read() {
  const auto boot = read_boot();
  if (!boot) return nullptr;
  const auto& geometry = boot->geometry;
  if (geometry.cluster_count > kMostClusters)
    refuse(fmt::format("it has {} clusters", geometry.cluster_count));
  // So the size of the medium bounds the number of clusters.
  if (!medium_.has(place_.begin + geometry.heap_offset)) {
    faults().add("volume", fmt::format("at least {} bytes", geometry.heap_offset), "fewer");
    return nullptr;
  }
  if (!medium_.has(place_.begin + geometry.bytes)) {
    const auto size = medium_.size();
    faults().add("volume", fmt::format("{} bytes", geometry.bytes),
                 size > place_.begin ? fmt::format("{} bytes", size - place_.begin) : "fewer");
  }
  clusters_ = std::make_unique<Clusters>(medium_, place_.begin, geometry, fat_format());
  Directory root{"", {boot->root, false}, 0, 0};
  const auto count = clusters_->take(root.location, std::nullopt, "root directory", faults());
  if (count) {
    root.bytes = *count * geometry.cluster_size;
    try_reading("filesystem", [&] { read_own(root); });
    directories_.push_back(root);
  }
  while (!directories_.empty()) {
    throw_if_stopped(stop_);
    const auto directory = std::move(directories_.front());
    directories_.pop_front();
    read_directory(directory);
  }
  try_reading("filesystem", [&] { compare_allocation(); });
  return std::move(clusters_);
}

void VolumeReader::read_directory(const Directory& directory) {
  try_reading(directory.name(), [&] {
    auto entries = content(directory.location, directory.bytes);
    read_entries(directory, entries);
  });
  check_names(directory);
}

void VolumeReader::try_reading(const std::string& what, const std::function<void()>& read) {
  try {
    read();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::failed) throw;
    faults().add(what, "something readable", error.text());
  }
}

void VolumeReader::check_names(const Directory& directory) {
  std::sort(names_.begin(), names_.end());
  for (std::size_t i = 1; i < names_.size(); ++i) {
    if (names_[i] == names_[i - 1]) {
      faults().add(directory.name(), "names that differ", to_utf8(names_[i]) + " twice");
    }
  }
  names_.clear();
}

void VolumeReader::add(const Directory& directory, std::u16string_view name, StoredFile file,
                       std::optional<std::uint64_t> count) {
  file.path = directory.is_root() ? to_utf8(name) : directory.path + "/" + to_utf8(name);
  if (!is_allowed(name)) faults().add(file.path, "a name that all systems take", "another one");
  if (file.path.size() > kLongestPath) return faults().add(file.path, "a shorter path", "a longer one");
  path_bytes_ += file.path.size();
  if (findings_.files.size() == kMostFiles || path_bytes_ > kMostPathBytes)
    refuse(fmt::format("it has more than {} files", findings_.files.size()));
  names_.push_back(folded(name));
  const Location location{file.first_cluster, file.is_consecutive};
  const auto taken = clusters_->take(location, count, file.path, faults());
  file.is_sound = taken.has_value();
  if (file.is_directory && taken) {
    directories_.push_back({file.path, location, *taken * clusters_->geometry().cluster_size,
                            directory.is_root() ? 0 : directory.location.first});
  }
  findings_.files.push_back(std::move(file));
}

void AllocationCheck::add(std::uint64_t cluster, bool is_allocated) {
  const bool is_taken = clusters_.is_taken(cluster);
  const auto state = is_allocated == is_taken ? State::right : is_taken ? State::not_allocated : State::lost;
  if (state != state_) {
    tell();
    state_ = state;
    first_ = cluster;
  }
  last_ = cluster;
}

void AllocationCheck::tell() {
  if (state_ == State::right) return;
  const auto which =
      first_ == last_ ? fmt::format("cluster {}", first_) : fmt::format("clusters {} to {}", first_, last_);
  const bool is_lost = state_ == State::lost;
  faults_.add(fmt::format("{} of the {}", which, where_),
              is_lost ? "free, as no file has it" : "taken, as a file has it", is_lost ? "taken" : "free");
}

}  // namespace gopack::image
