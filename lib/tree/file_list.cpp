#include "gopack/tree/file_list.hpp"

#include <algorithm>
#include <numeric>

namespace gopack::tree {

void FileList::add(ListedFile file, Bytes bytes) {
  bytes_ += file.size;
  files_.push_back(std::move(file));
  content_.push_back(std::move(bytes));
}

void FileList::add_text(RelPath path, std::string text, std::int64_t time) {
  ListedFile file{std::move(path), text.size(), digest::hash(text), time};
  add(std::move(file), std::move(text));
}

void FileList::add_below(Dir root, const std::string& place, const std::vector<ManifestFile>& files,
                         std::int64_t time) {
  roots_.emplace_back(std::move(root));
  const Place origin{roots_.size() - 1, place.size() + 1};
  for (const auto& file : files)
    add({RelPath(place + "/" + file.path.text()), file.size, file.sha256, time}, origin);
}

void FileList::sort() {
  std::vector<std::size_t> order(files_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return files_[a].path < files_[b].path; });
  std::vector<ListedFile> files;
  std::vector<Bytes> content;
  for (const auto index : order) {
    files.push_back(std::move(files_[index]));
    content.push_back(std::move(content_[index]));
  }
  files_ = std::move(files);
  content_ = std::move(content);
}

std::variant<std::string_view, File> FileList::open(std::size_t index) {
  if (const auto* text = std::get_if<std::string>(&content_[index])) return std::string_view(*text);
  const auto& place = std::get<Place>(content_[index]);
  const auto& path = files_[index].path;
  const auto below = std::string_view(path.text()).substr(place.path_begin);
  return roots_[place.root].open(parent_of(below)).open_file(std::string(path.name()));
}

}  // namespace gopack::tree
