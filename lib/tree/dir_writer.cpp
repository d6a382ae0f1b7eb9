#include "gopack/tree/dir_writer.hpp"

#include <fmt/format.h>

#include "gopack/base/error.hpp"

namespace gopack::tree {

namespace {

std::uint32_t mode_of(bool executable) {
  return executable ? 0555 : 0444;
}

}  // namespace

void DirWriter::write_new(const Entry& entry, ByteSource& content) {
  auto file = directories_.open(entry.path.parent())
                  .create_file(std::string(entry.path.name()), mode_of(entry.executable));
  std::uint64_t size = 0;
  for (auto block = content.next(); !block.empty(); block = content.next()) {
    if (entry.sha256 == nullptr) hasher_.write(block);
    file.write(block);
    size += block.size();
  }
  file.close();
  const auto sha256 = entry.sha256 != nullptr ? *entry.sha256 : hasher_.finish();
  if (!sha256) {
    throw Error(ErrorKind::failed, fmt::format("cannot write {}: its producer has not read all of it",
                                               printable(entry.path.text())));
  }
  written_.emplace(entry.path.text(), ManifestFile{entry.path, entry.executable, size, *sha256});
}

void DirWriter::copy_again(const ManifestFile& file, const Dir& from, const std::string& name) {
  auto content = from.open_file(name);
  FileSource source(content);
  written_.erase(file.path.text());
  write_new({file.path, file.executable, file.size}, source);
}

void DirWriter::add(const Entry& entry, ByteSource& content) {
  const auto known = written_.find(entry.path.text());
  if (known == written_.end()) return write_new(entry, content);
  if (digest_of(entry, content) != known->second.sha256 || entry.executable != known->second.executable) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot put these archives into one tree: {} differs between them",
                            printable(entry.path.text())))
        .with_hint("lay the platforms out as trees of their own (-p), or drop the file in the profile");
  }
}

void DirWriter::adopt(const ManifestFile& file) {
  const auto& parent = directories_.open(file.path.parent());
  const std::string name(file.path.name());
  // Whoever made it may have been killed before it set the mode.
  if (file.size == 0) parent.open_file(name).set_mode(mode_of(file.executable));
  const auto status = parent.find(name);
  if (status && status->names > 1) shared_paths_.insert(file.path.text());
  written_.emplace(file.path.text(), file);
}

bool DirWriter::share(const ManifestFile& file, const Dir& from, const std::string& name,
                      FileLinker& linker) {
  const auto& parent = directories_.open(file.path.parent());
  const std::string own_name(file.path.name());
  const bool is_written = written_.contains(file.path.text());
  if (is_written) parent.remove_file(own_name);
  const auto made = linker.link(from, name, parent, own_name, mode_of(file.executable));
  if (made == FileLinker::Made::nothing) {
    if (is_written) copy_again(file, from, name);
    return false;
  }
  if (made == FileLinker::Made::hard_link) shared_paths_.insert(file.path.text());
  written_.emplace(file.path.text(), file);
  return true;
}

std::vector<ManifestFile> DirWriter::files() const {
  std::vector<ManifestFile> files;
  files.reserve(written_.size());
  for (const auto& [path, file] : written_) files.push_back(file);
  return files;
}

void DirWriter::set_times(std::int64_t mtime) {
  for (const auto& [path, file] : written_) {
    if (shared_paths_.contains(path)) continue;
    set_time(directories_.open(file.path.parent()), std::string(file.path.name()), mtime);
  }
}

void DirWriter::seal() {
  std::set<std::string_view> names;
  for (const auto& [path, file] : written_) {
    for (auto parent = file.path.parent(); !parent.empty(); parent = parent_of(parent)) {
      if (!names.insert(parent).second) break;
    }
  }
  for (const auto name : names) directories_.open(name).set_mode(0555);
  directories_.close();
}

}  // namespace gopack::tree
