#include <fmt/format.h>

#include <map>

#include "gopack/base/error.hpp"
#include "gopack/tree/dir_writer.hpp"

namespace gopack::tree {

namespace {

// By name; a directory's counts with its slash, so that paths come in bytewise order ("a.go" before "a/x").
std::map<std::string, std::string> names_in_order(const Dir& dir) {
  std::map<std::string, std::string> names;
  for (auto& name : dir.names()) {
    const auto status = dir.find(name);
    const bool is_directory = status && status->type == FileType::directory;
    names.emplace(is_directory ? name + "/" : name, name);
  }
  return names;
}

void read_below(const Dir& dir, const std::string& prefix, TreeSink& sink) {
  for (const auto& [key, name] : names_in_order(dir)) {
    const auto status = dir.find(name);
    if (!status) continue;
    if (status->type == FileType::directory) {
      read_below(dir.open_dir(name), prefix + name + "/", sink);
    } else if (status->type == FileType::file) {
      auto file = dir.open_file(name);
      FileSource content(file);
      sink.add({RelPath(prefix + name), (status->mode & 0111) != 0, status->size}, content);
    } else {
      throw Error(ErrorKind::integrity,
                  fmt::format("cannot read {} as part of a tree: it is neither a file nor a directory",
                              printable(dir.path() / name)));
    }
  }
}

}  // namespace

void read_dir(const Dir& dir, TreeSink& sink) {
  read_below(dir, "", sink);
}

}  // namespace gopack::tree
