// Unpacks archives from memory and looks at what came out.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gopack/archive/unpack.hpp"
#include "gopack/base/error.hpp"
#include "gopack/tree/memory_tree.hpp"
#include "support/archive_builder.hpp"
#include "support/temp_dir.hpp"
#include "support/thrown.hpp"

namespace gopack::archive {

inline constexpr const char* kArchiveName = "go1.99.tested";

inline void unpack_into(tree::TreeSink& sink, const std::string& bytes, const Limits& limits = {},
                        const std::stop_token& stop = {}) {
  auto file = test::scratch_file(bytes, kArchiveName);
  unpack(file, {"go", limits}, sink, stop);
}

inline std::map<std::string, tree::MemoryTree::Node> unpacked(const std::string& bytes,
                                                              const Limits& limits = {}) {
  tree::MemoryTree tree;
  unpack_into(tree, bytes, limits);
  return tree.files();
}

// A hostile archive, and words that the refusal must contain: the entry's name and the rule.
struct Hostile {
  std::string what;
  std::string bytes;
  std::vector<std::string> words;
};

inline void expect_refused(const Hostile& hostile, const Limits& limits = {}) {
  SCOPED_TRACE(hostile.what);
  try {
    unpacked(hostile.bytes, limits);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::unsafe) << error.text();
    EXPECT_NE(error.text().find(kArchiveName), std::string::npos) << error.text();
    EXPECT_FALSE(error.hint().empty());
    for (const auto& word : hostile.words) {
      EXPECT_NE(error.text().find(word), std::string::npos) << error.text() << "\nhas no: " << word;
    }
  }
}

// Gives every file to a function.
class FunctionSink final : public tree::TreeSink {
 public:
  using Function = std::function<void(const tree::Entry&, ByteSource&)>;
  explicit FunctionSink(Function function) : function_(std::move(function)) {}
  void add(const tree::Entry& entry, ByteSource& content) override { function_(entry, content); }

 private:
  Function function_;
};

}  // namespace gopack::archive
