#include "nodes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "gopack/base/error.hpp"
#include "gopack/base/utf8.hpp"
#include "gopack/tree/fold.hpp"

namespace gopack::image {

namespace {

// Of UTF-8, which a RelPath is.
std::u16string to_utf16(std::string_view text) {
  std::u16string units;
  while (!text.empty()) {
    const auto length = utf8_length(text);
    auto point = static_cast<std::uint32_t>(static_cast<unsigned char>(text[0]));
    if (length > 1) point &= 0x7FU >> length;
    for (std::size_t i = 1; i < length; ++i)
      point = point << 6 | (static_cast<unsigned char>(text[i]) & 0x3FU);
    text.remove_prefix(length);
    if (point < 0x10000) {
      units += static_cast<char16_t>(point);
      continue;
    }
    point -= 0x10000;
    units += static_cast<char16_t>(0xD800 + (point >> 10));
    units += static_cast<char16_t>(0xDC00 + (point & 0x3FF));
  }
  return units;
}

std::string_view last_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return path.substr(slash == std::string_view::npos ? 0 : slash + 1);
}

// Builds the nodes from paths in order.
class Builder {
 public:
  explicit Builder(Nodes& nodes) : nodes_(nodes) {
    nodes_.emplace_back();
    directories_.emplace("", 0);
  }

  void add(const tree::ListedFile& file, std::size_t index) {
    const auto parent = directory(file.path.parent(), file.time);
    auto& node = nodes_[enter(parent, file.path.text())];
    node.file = index;
    node.bytes = file.size;
    node.time = file.time;
  }

 private:
  std::size_t directory(std::string_view path, std::int64_t time) {
    const auto known = directories_.find(path);
    std::size_t index = 0;
    if (known != directories_.end()) {
      index = known->second;
      if (!path.empty() && nodes_[index].time < time) directory(tree::parent_of(path), time);
    } else {
      index = enter(directory(tree::parent_of(path), time), path);
      directories_.emplace(path, index);
    }
    nodes_[index].time = std::max(nodes_[index].time, time);
    return index;
  }

  // Adds the last component of `path` to its directory.
  std::size_t enter(std::size_t parent, std::string_view path) {
    auto& node = nodes_.emplace_back();
    node.name = to_utf16(last_of(path));
    node.path = path;
    node.parent = parent;
    nodes_[parent].children.push_back(nodes_.size() - 1);
    return nodes_.size() - 1;
  }

  Nodes& nodes_;
  std::map<std::string_view, std::size_t> directories_;
};

// Throws Error where two names in a directory are one to a filesystem.
void require_no_twins(const Nodes& nodes, const Node& directory) {
  std::map<std::string, std::string_view> folded;
  for (const auto child : directory.children) {
    const auto path = nodes[child].path;
    const auto [twin, is_new] = folded.emplace(tree::fold(last_of(path)), path);
    if (is_new) continue;
    throw Error(ErrorKind::noroom,
                fmt::format("cannot make the image: {} and {} would be one file, because the filesystem "
                            "ignores case",
                            printable(twin->second), printable(path)))
        .with_hint("drop one of them in the profile (--profile minimal has none such)");
  }
}

}  // namespace

std::vector<std::size_t> in_order(const Nodes& nodes) {
  std::vector<std::size_t> order;
  for (const bool is_file : {false, true}) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (nodes[i].file.has_value() == is_file && nodes[i].bytes > 0) order.push_back(i);
    }
  }
  return order;
}

Nodes make_nodes(const std::vector<tree::ListedFile>& files) {
  Nodes nodes;
  nodes.reserve(2 * files.size());  // room that is not used takes no memory; growing would take it twice
  Builder builder(nodes);
  for (std::size_t i = 0; i < files.size(); ++i) builder.add(files[i], i);
  for (auto& node : nodes) {
    require_no_twins(nodes, node);
    std::sort(node.children.begin(), node.children.end(),
              [&](std::size_t a, std::size_t b) { return nodes[a].name < nodes[b].name; });
  }
  return nodes;
}

}  // namespace gopack::image
