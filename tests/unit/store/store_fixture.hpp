// A store in a directory of the test's own, and a small tree in it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "gopack/store/store.hpp"
#include "gopack/tree/memory_tree.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace gopack::store {

inline void add(tree::TreeSink& sink, std::string_view path, std::string_view text, bool executable = false) {
  MemorySource content(text);
  sink.add({tree::RelPath(path), executable, text.size()}, content);
}

class StoreTest : public ::testing::Test {
 protected:
  static void fill(tree::TreeSink& sink, std::string_view version) {
    add(sink, "VERSION", version);
    add(sink, "bin/go", "the go command", true);
    add(sink, "bin/gofmt", "the formatter", true);
    add(sink, "src/a/one.go", "package a");
    add(sink, "src/a/two.go", "package a");
    add(sink, "src/b/c/deep.go", "package c");
  }
  static tree::StoreId publish(const Store& store, std::string_view version = "go1.22.5") {
    auto staging = store.stage();
    fill(staging.writer(), version);
    tree::Manifest manifest;
    manifest.release = version;
    return std::move(staging).commit(manifest);
  }
  std::filesystem::path home() const { return temp_.path() / "store"; }
  std::filesystem::path in_tree(const tree::StoreId& id, std::string_view path) const {
    return home() / id.text() / path;
  }
  static unsigned mode(const std::filesystem::path& path) {
    return static_cast<unsigned>(std::filesystem::symlink_status(path).permissions());
  }

  test::TempDir temp_;
  Store store_ = Store::ensure(home(), {Durability::fast});
};

}  // namespace gopack::store
