#include "policy.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gopack/base/error.hpp"
#include "gopack/tree/fold.hpp"

namespace gopack::archive {

void Policy::count(const EntryHeader& entry) {
  const auto& limits = options_.limits;
  if (++entries_ > limits.entries) refuse_archive(fmt::format("it has more than {} entries", limits.entries));
  if (entry.size > limits.file_bytes) {
    refuse_entry({entry.name}, fmt::format("it is larger than {} bytes", limits.file_bytes));
  }
  bytes_ += entry.size;
  if (bytes_ > limits.total_bytes) {
    refuse_archive(fmt::format("its files are larger than {} bytes", limits.total_bytes));
  }
}

Policy::Remembered Policy::remember(std::string_view path, std::string_view spelling) {
  auto key = tree::fold(path);
  const auto bytes = key.size() + spelling.size();
  const auto [at, fresh] = known_.try_emplace(std::move(key), Known{std::string(spelling), false});
  if (fresh) name_bytes_ += bytes;
  if (name_bytes_ > options_.limits.name_bytes) {
    refuse_archive(fmt::format("its names are longer than {} bytes", options_.limits.name_bytes));
  }
  return {at->second, fresh};
}

// Directories exist with or without entries of their own.
void Policy::claim_parents(EntryName entry, std::string_view path) {
  for (auto slash = path.rfind('/'); slash != std::string_view::npos; slash = path.rfind('/', slash - 1)) {
    const auto parent = path.substr(0, slash);
    const auto [known, fresh] = remember(parent, parent);
    if (!fresh && known.directory.empty()) refuse_entry(entry, "it lies below a file");
    if (!fresh && known.directory != parent) {
      refuse_entry(entry, "its directory was there before in other case");
    }
    if (!fresh) return;  // and so are the directories above it
  }
}

void Policy::claim(EntryName entry, std::string_view path, bool directory) {
  claim_parents(entry, path);
  const auto [known, fresh] = remember(path, directory ? path : "");
  if (!fresh && (known.listed || !directory || known.directory != path)) {
    refuse_entry(entry, "its name was there before");
  }
  known.listed = true;
}

std::optional<tree::RelPath> Policy::admit(const EntryHeader& entry) {
  count(entry);
  std::string_view name = entry.name;
  if (entry.directory && name.ends_with('/')) name.remove_suffix(1);
  if (const auto fault = tree::RelPath::find_fault(name)) refuse_entry({entry.name}, *fault);
  const auto depth = static_cast<std::uint64_t>(std::count(name.begin(), name.end(), '/'));
  if (depth > options_.limits.depth) {
    refuse_entry({entry.name}, fmt::format("it lies deeper than {} directories", options_.limits.depth));
  }
  const auto& root = options_.root;
  const bool below_root = name.size() > root.size() && name.starts_with(root) && name[root.size()] == '/';
  if (!below_root && !(entry.directory && name == root)) {
    refuse_entry({entry.name}, fmt::format("it lies outside {}/", printable(root)));
  }
  claim({entry.name}, name, entry.directory);
  if (entry.directory) return std::nullopt;
  return tree::RelPath(name.substr(root.size() + 1));
}

}  // namespace gopack::archive
