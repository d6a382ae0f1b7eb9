#include "stage.hpp"

#include "failure.hpp"
#include "sha256.hpp"
#include "system.hpp"

namespace gopack::launcher {

namespace {

bool is_safe(std::string_view path) {
  if (path.find_first_of("\\:") != std::string_view::npos) return false;
  while (true) {
    const auto end = path.find('/');
    const auto part = path.substr(0, end);
    if (part.empty() || part == "." || part == "..") return false;
    if (end == std::string_view::npos) return true;
    path.remove_prefix(end + 1);
  }
}

void copy_tree(const std::string& from, const std::string& to, const std::vector<Sum>& sums,
               const Host& host) {
  std::string made;
  for (const auto& [sha256, path] : sums) {
    const auto source = host.join(from, path), target = host.join(to, path);
    if (const auto directory = host.parent(target); directory != made) {
      system::make_directories(directory);
      made = directory;
    }
    Sha256 hash;
    if (!system::copy_file(source, target, is_program(path),
                           [&](std::string_view bytes) { hash.update(bytes); }))
      throw Failure{"cannot copy " + source + " to " + target};
    if (hash.hex() != sha256)
      throw Failure{source + " is damaged: check the bundle with gopack verify or sha256sum -c SHA256SUMS"};
  }
  system::flush(to);
}

}  // namespace

std::vector<Sum> sums_of(std::string_view sha256sums, const std::string& tree) {
  constexpr std::size_t kHex = 64, kName = kHex + 2;
  const auto prefix = tree + "/";
  std::vector<Sum> sums;
  while (!sha256sums.empty()) {
    const auto end = sha256sums.find('\n');
    auto line = sha256sums.substr(0, end);
    sha256sums.remove_prefix(end == std::string_view::npos ? sha256sums.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.size() <= kName || !line.substr(kName).starts_with(prefix)) continue;
    const auto path = line.substr(kName + prefix.size());
    if (is_safe(path)) sums.push_back({std::string(line.substr(0, kHex)), std::string(path)});
  }
  return sums;
}

bool is_program(std::string_view path) {
  if (path.starts_with("bin/") || path.starts_with("pkg/tool/")) return true;
  for (const std::string_view end : {".bash", ".sh", ".pl", ".rc", "_exec"})
    if (path.ends_with(end)) return true;
  return false;
}

std::uint64_t bytes_of(std::string_view manifest) {
  constexpr std::string_view kKey = "\"bytes\": ";
  const auto key = manifest.find(kKey);
  std::uint64_t bytes = 0;
  if (key == std::string_view::npos) return bytes;
  for (const char c : manifest.substr(key + kKey.size())) {
    if (c < '0' || c > '9') break;
    bytes = bytes * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return bytes;
}

std::string staged(const std::string& bundle, const std::string& tree, const std::string& data,
                   const Host& host) {
  const auto stage = host.join(data, "stage"), copy = host.join(stage, tree), made_from = copy + ".json";
  const auto manifest = system::read_file(host.join(bundle, tree + ".json"));
  const auto sums = sums_of(system::read_file(host.join(bundle, "SHA256SUMS")).value_or(""), tree);
  if (!manifest || sums.empty())
    throw Failure{"cannot copy " + host.join(bundle, tree) + ": " + tree + ".json or SHA256SUMS is missing"};
  const system::Total whole{sums.size(), bytes_of(*manifest)};
  const auto is_whole = [&] {
    return system::read_file(made_from) == manifest && system::total(copy) == whole;
  };
  if (is_whole()) return copy;

  system::print_error("gopack: copying " + tree + " to " + stage + ", this once");
  const auto part = copy + "." + system::unique();
  try {
    copy_tree(host.join(bundle, tree), part, sums, host);
    if (system::total(part) != whole)
      throw Failure{host.join(bundle, tree) +
                    ".json is not what SHA256SUMS says: check the bundle with gopack verify"};
  } catch (const Failure&) {
    system::remove_all(part);
    throw;
  }
  // One that was made from another manifest, or is not all there, goes. Where another launcher has been
  // quicker, its copy is as good.
  if (!is_whole()) {
    system::remove_all(copy);
    if (system::write_file(made_from, *manifest)) system::rename(part, copy);
  }
  system::remove_all(part);
  if (!is_whole()) throw Failure{"cannot write in " + stage};
  return copy;
}

}  // namespace gopack::launcher
