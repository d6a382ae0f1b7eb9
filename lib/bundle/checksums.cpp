#include "gopack/bundle/checksums.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "bundle_reader.hpp"
#include "contents.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/replace.hpp"
#include "gopack/bundle/files.hpp"
#include "gopack/digest/checksum_file.hpp"
#include "gopack/store/trees.hpp"

namespace gopack::bundle {

namespace {

using store::Problem;

constexpr std::uint64_t kLargestSums = 64 << 20;                    // bytes
constexpr std::size_t kBeforePath = 2 * digest::Sha256::kSize + 2;  // in a line

// Whose file or manifest a path is.
std::optional<tree::StoreId> tree_of(std::string_view path) {
  const std::string name(path.substr(0, path.find_first_of("/.")));
  return tree::StoreId::is_valid(name) ? std::optional(tree::StoreId(name)) : std::nullopt;
}

using Listed = std::map<std::string, digest::Sha256>;

// Files in the bundle itself: what is in a tree its manifest says, too. Nothing where the store is no bundle.
std::optional<Listed> listed_beside(const BundleReader& bundle) {
  const auto text = bundle.find_text(kChecksums, kLargestSums);
  if (!text) return std::nullopt;
  Listed listed = digest::parse_checksum_list(*text);
  std::erase_if(listed, [&](const auto& line) {
    const auto tree = tree_of(line.first);
    return line.first.find('/') != std::string::npos || (tree && !bundle.is_complete(*tree));
  });
  return listed;
}

// What it must list: launchers that are there, and the tree that they start, which they may have to prove.
std::vector<std::string> files_to_list(const BundleReader& bundle) {
  std::vector<std::string> names;
  for (const auto& own : bundle_files()) {
    if (!own.is_setting && bundle.has(own.path.text())) names.push_back(own.path.text());
  }
  const auto current = bundle.current();
  if (current && bundle.is_complete(*current)) names.push_back(current->text() + ".json");
  return names;
}

BesideCheck verify_listed(const BundleReader& bundle, const Listed& listed) {
  BesideCheck verified;
  for (const auto& [name, expected] : listed) {
    ++verified.files;
    const auto size = bundle.find_size(name);
    if (!size) {
      const auto kind = bundle.has(name) ? Problem::Kind::changed : Problem::Kind::missing;
      verified.problems.push_back({kind, name, "", ""});
      continue;
    }
    verified.bytes += *size;
    if (auto problem = bundle.verify(name, expected)) verified.problems.push_back(std::move(*problem));
  }
  for (const auto& name : files_to_list(bundle)) {
    if (!listed.contains(name))
      verified.problems.push_back({Problem::Kind::changed, kChecksums, "a line for " + name, "none"});
  }
  return verified;
}

std::optional<BesideCheck> verify_bundle(const BundleReader& bundle) {
  const auto listed = listed_beside(bundle);
  if (!listed) return std::nullopt;
  return verify_listed(bundle, *listed);
}

}  // namespace

std::optional<BesideCheck> verify_beside(const store::Store& store) {
  return verify_bundle(*read_directory(store));
}

std::optional<BesideCheck> verify_beside(const image::Reader& image) {
  return verify_bundle(*read_image(image));
}

BesideRepair repair_beside(const store::Store& store) {
  BesideRepair repair;
  const auto bundle = read_directory(store);
  const auto listed = listed_beside(*bundle);
  if (!listed) return repair;
  if (renew_contents(store)) ++repair.restored;
  const auto files = bundle_files();
  for (const auto& problem : verify_listed(*bundle, *listed).problems) {
    const auto file = std::find_if(files.begin(), files.end(), [&](const BundleFile& own) {
      return own.path.text() == problem.path && digest::hash(own.text) == listed->at(problem.path);
    });
    if (file == files.end()) {
      repair.lost.push_back(problem.path);
      continue;
    }
    replace_text(store.home(), problem.path, file->text, store.durable(), file->executable ? 0755 : 0644);
    ++repair.restored;
  }
  return repair;
}

void forget_removed(const store::Store& store) {
  const auto text = find_text(store.home(), kChecksums, kLargestSums);
  if (!text) return;
  renew_contents(store);
  std::string left;
  for (std::string_view rest = *text; !rest.empty();) {
    const auto line = rest.substr(0, std::min(rest.find('\n'), rest.size() - 1) + 1);
    rest.remove_prefix(line.size());
    const auto tree = tree_of(line.substr(std::min(kBeforePath, line.size())));
    if (!tree || store.trees().is_known(*tree)) left += line;
  }
  if (left != *text) replace_text(store.home(), kChecksums, left, store.durable());
}

}  // namespace gopack::bundle
