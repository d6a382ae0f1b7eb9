// A cache directory with entries in it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "gopack/cache/layer.hpp"
#include "support/temp_dir.hpp"

namespace gopack::test {

inline cache::Entry entry_of(std::string_view action, std::string_view body) {
  return {digest::hash(action), digest::hash(body), body.size(), std::chrono::seconds(1'700'000'000)};
}

inline cache::Entry put(const cache::Layer& layer, std::string_view action, std::string_view body) {
  const auto entry = entry_of(action, body);
  cache::Incoming incoming(layer, entry, false);
  incoming.write(as_bytes(body));
  EXPECT_TRUE(incoming.commit());
  return entry;
}

class LayerTest : public testing::Test {
 protected:
  LayerTest() : path_(temp_.path() / "cache") {
    std::filesystem::create_directory(path_);
    layer_.emplace(path_);
  }

  const cache::Layer& layer() const { return *layer_; }
  cache::Entry put(std::string_view action, std::string_view body) {
    return test::put(layer(), action, body);
  }
  std::vector<std::string> files() const {
    std::vector<std::string> files;
    for (const auto& item : std::filesystem::recursive_directory_iterator(path_)) {
      if (item.is_regular_file()) files.push_back(item.path().filename().string());
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  TempDir temp_;
  std::filesystem::path path_;
  std::optional<cache::Layer> layer_;
};

}  // namespace gopack::test
