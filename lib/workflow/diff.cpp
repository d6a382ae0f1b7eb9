#include "gopack/workflow/diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "gopack/base/error.hpp"
#include "gopack/store/catalog.hpp"
#include "gopack/trim/filter.hpp"
#include "lay_out.hpp"
#include "tree_sinks.hpp"

namespace gopack::workflow {

namespace {

struct Side {
  std::string name;
  release::Version version;
  std::map<std::string, tree::ManifestFile> files;

  DiffSide sum() const {
    DiffSide sum{name, files.size(), 0};
    for (const auto& [path, file] : files) sum.bytes += file.size;
    return sum;
  }
};

Side read_tree(const Session& session, const std::string& name) {
  const auto tree = store::choose_tree(session.store, name, session.reporter);
  const auto& manifest = tree.manifest;
  Side side{
      fmt::format("{} {} ({})", manifest.release, manifest.profile, tree.id.text()), tree.version(), {}};
  for (const auto& file : manifest.files) side.files.emplace(file.path.text(), file);
  return side;
}

Side lay_out_side(const Session& session, const DiffOptions& options, const std::string& release,
                  const std::string& profile) {
  const auto chosen = find_release(session.store, release, options.platforms);
  const auto resolved = resolve_profile(chosen, profile, options.targets);
  ListingSink listing;
  trim::Filter filter(resolved.profile, resolved.targets, listing);
  lay_out(session, chosen.archives, {filter});
  return {fmt::format("{} {}", chosen.version.name(), resolved.profile.name()), chosen.version,
          std::move(listing).take()};
}

bool is_profile(const std::string& text) {
  if (text.ends_with(".yaml") || text.ends_with(".yml")) return true;
  const auto built_in = trim::built_in_profiles();
  return std::any_of(built_in.begin(), built_in.end(),
                     [name = text.substr(0, text.find('+'))](const auto& one) { return one.name == name; });
}

Side read_side(const Session& session, const DiffOptions& options, const std::string& text) {
  if (store::says_which_tree(text)) return read_tree(session, text);
  if (is_profile(text)) return lay_out_side(session, options, options.release, text);
  return lay_out_side(session, options, text, options.profile);
}

// Any profile with capabilities knows the table's categories.
std::string category_of(const trim::Profile& profile, const std::string& path) {
  const auto* need = profile.need(path);
  return need == nullptr ? "sdk" : need->category;
}

}  // namespace

Difference diff(const Session& session, const DiffOptions& options) {
  const auto before = read_side(session, options, options.before);
  const auto after = read_side(session, options, options.after);
  const auto before_table = trim::Profile::load("build-only", before.version);
  const auto after_table = trim::Profile::load("build-only", after.version);
  Difference difference{before.sum(), after.sum(), {}};
  for (const auto& [path, file] : before.files) {
    const auto other = after.files.find(path);
    if (other == after.files.end()) {
      difference.files.push_back({path, category_of(before_table, path), file.size, std::nullopt});
    } else if (!(file == other->second)) {
      difference.files.push_back({path, category_of(after_table, path), file.size, other->second.size});
    }
  }
  for (const auto& [path, file] : after.files) {
    if (!before.files.contains(path))
      difference.files.push_back({path, category_of(after_table, path), std::nullopt, file.size});
  }
  std::sort(difference.files.begin(), difference.files.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return difference;
}

}  // namespace gopack::workflow
