// What a filesystem means for a bundle, as findings for people. Pure; safe for concurrent use.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "gopack/store/catalog.hpp"
#include "gopack/target/probe.hpp"

namespace gopack::target {

struct Check {
  std::string name;  // what was looked at
  bool ok = false;
  std::string found;     // what was found, and what it means
  std::string remedy;    // what to do when it is not ok
  bool is_note = false;  // when it is not ok: that stops nothing of what was asked about
};

// What a bundle becomes on a filesystem.
struct Layout {
  std::string pointer;             // "current" or "current.txt"; empty: not known
  bool staging = false;            // programs do not run from there: launchers have to copy them first
  std::uint64_t block_size = 0;    // bytes
  std::uint64_t available = 0;     // bytes
  std::vector<std::string> trees;  // ids of those that the following is about
  std::uint64_t bytes = 0;         // of their files
  std::uint64_t on_disk = 0;       // in blocks there
  std::uint64_t longest_path = 0;  // characters, as Windows would show it
};

struct Subject {
  std::filesystem::path directory;
  Facts facts;
  std::vector<store::Tree> trees;     // of the directory or, where it has none, what would go there
  bool has_trees = false;             // they are in the directory
  bool is_store = false;              // the directory is the store that bundles are made from
  std::vector<std::uint64_t> beside;  // bytes of each file that a bundle has beside trees
};

struct Diagnosis {
  std::vector<Check> checks;
  Layout layout;
};
Diagnosis diagnose(const Subject& subject);

}  // namespace gopack::target
