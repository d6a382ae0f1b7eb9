#include "gopack/tree/dir_chain.hpp"

namespace gopack::tree {

const Dir& DirChain::open(std::string_view path) {
  const auto leads_there = [&](const OpenDir& open) {
    return open.path.empty() || path == open.path ||
           (path.starts_with(open.path) && path[open.path.size()] == '/');
  };
  while (!leads_there(open_.back())) open_.pop_back();
  while (open_.back().path != path) {
    const auto& last = open_.back();
    const auto start = last.path.empty() ? 0 : last.path.size() + 1;
    std::string reached(path.substr(0, path.find('/', start)));
    const auto name = reached.substr(start);
    auto next = missing_ == Missing::create ? last.dir.ensure_dir(name) : last.dir.open_dir(name);
    open_.push_back({std::move(reached), std::move(next)});
  }
  return open_.back().dir;
}

}  // namespace gopack::tree
