// Comparing a tree with its manifest.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/base/file.hpp"
#include "gopack/tree/manifest.hpp"

namespace gopack::store {

struct Problem {
  enum class Kind { missing, changed, foreign };
  Kind kind = Kind::missing;
  std::string path;      // below the tree
  std::string expected;  // for changed: e.g. "sha256 …", "size 12", "executable"
  std::string found;
};

std::string_view to_string(Problem::Kind kind);

enum class Depth {
  names,     // names, types, sizes and modes: fast, finds what copying and unplugging break
  contents,  // and every byte
  medium,    // and every byte as the medium has it, not what memory still knows of it
};

// Every difference between `dir` and `files`, sorted by path; empty when the tree is whole. Contents are
// hashed by `jobs` threads. Executable bits, and that group or others may write, count only where the
// filesystem keeps modes. What cannot be read is changed.
std::vector<Problem> verify_tree(const Dir& dir, const std::vector<tree::ManifestFile>& files, Depth depth,
                                 unsigned jobs, const std::stop_token& stop);
// The same of a tree whose directory is not there at all.
std::vector<Problem> missing_files(const std::vector<tree::ManifestFile>& files);
// The same of the content of one file, which is `path` in messages: what `hash` returns, or throws as Error
// (failed).
std::optional<Problem> verify_content(std::string path, const digest::Sha256& expected,
                                      const std::function<digest::Sha256()>& hash);
// Throws Error (integrity) for text that is not the manifest of the tree `id`, or names what Go does not
// have.
tree::Manifest parse_manifest(std::string_view text, const tree::StoreId& id);
// What a release and its archives can be called, which the tree's module does not know. Throws Error
// (integrity).
void check_names(const tree::Manifest& manifest);

}  // namespace gopack::store
