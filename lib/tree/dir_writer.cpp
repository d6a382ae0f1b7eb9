#include "gopack/tree/dir_writer.hpp"

#include <fmt/format.h>

#include "gopack/base/error.hpp"

namespace gopack::tree {

const Dir& DirWriter::open_directory(std::string_view path) {
  const auto leads_there = [&](const OpenDir& open) {
    return open.path.empty() || path == open.path ||
           (path.starts_with(open.path) && path[open.path.size()] == '/');
  };
  while (!leads_there(open_.back())) open_.pop_back();
  while (open_.back().path != path) {
    const auto start = open_.back().path.empty() ? 0 : open_.back().path.size() + 1;
    const auto end = path.find('/', start);
    const std::string reached(path.substr(0, end));
    auto next = open_.back().dir.ensure_dir(reached.substr(start));
    directories_.insert(reached);
    open_.push_back({reached, std::move(next)});
  }
  return open_.back().dir;
}

void DirWriter::write_new(const Entry& entry, ByteSource& content) {
  auto file = open_directory(entry.path.parent())
                  .create_file(std::string(entry.path.name()), entry.executable ? 0555 : 0444);
  std::uint64_t size = 0;
  for (auto block = content.next(); !block.empty(); block = content.next()) {
    hasher_.write(block);
    file.write(block);
    size += block.size();
  }
  file.close();
  written_.emplace(entry.path.text(), ManifestFile{entry.path, entry.executable, size, hasher_.finish()});
}

void DirWriter::add(const Entry& entry, ByteSource& content) {
  const auto known = written_.find(entry.path.text());
  if (known == written_.end()) return write_new(entry, content);
  copy(content, hasher_);
  if (hasher_.finish() != known->second.sha256 || entry.executable != known->second.executable) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot put these archives into one tree: {} differs between them",
                            printable(entry.path.text())))
        .with_hint("lay the platforms out as trees of their own (-p), or drop the file in the profile");
  }
}

std::vector<ManifestFile> DirWriter::files() const {
  std::vector<ManifestFile> files;
  files.reserve(written_.size());
  for (const auto& [path, file] : written_) files.push_back(file);
  return files;
}

void DirWriter::seal() {
  for (const auto& directory : directories_) open_directory(directory).set_mode(0555);
}

}  // namespace gopack::tree
