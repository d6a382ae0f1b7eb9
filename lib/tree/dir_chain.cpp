#include "gopack/tree/dir_chain.hpp"

namespace gopack::tree {

namespace {

std::string below(const std::string& directory, const std::string& name) {
  return directory.empty() ? name : directory + "/" + name;
}

}  // namespace

std::string DirChain::next_towards(std::string_view path) {
  const auto leads_there = [&](const OpenDir& open) {
    return open.path.empty() || path == open.path ||
           (path.starts_with(open.path) && path[open.path.size()] == '/');
  };
  while (!leads_there(open_.back())) open_.pop_back();
  path.remove_prefix(open_.back().path.size());
  if (path.starts_with('/')) path.remove_prefix(1);
  return std::string(path.substr(0, path.find('/')));
}

const Dir& DirChain::open(std::string_view path) {
  for (auto name = next_towards(path); !name.empty(); name = next_towards(path)) {
    const auto& last = open_.back();
    auto next = missing_ == Missing::create ? last.dir.ensure_dir(name) : last.dir.open_dir(name);
    open_.push_back({below(last.path, name), std::move(next)});
  }
  return open_.back().dir;
}

const Dir* DirChain::find(std::string_view path) {
  for (auto name = next_towards(path); !name.empty(); name = next_towards(path)) {
    const auto& last = open_.back();
    auto next = last.dir.try_open_dir(name);
    if (!next) return nullptr;
    open_.push_back({below(last.path, name), std::move(*next)});
  }
  return &open_.back().dir;
}

}  // namespace gopack::tree
