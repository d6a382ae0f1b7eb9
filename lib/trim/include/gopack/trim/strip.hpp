// Go's own programs without symbol tables and debugging data: smaller, and the same to run.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "gopack/tree/tree_sink.hpp"

namespace gopack::trim {

class HeadedSource;

// Whether the file is one of Go's own programs: in bin/ or pkg/tool/.
bool is_program(std::string_view path);

// A program on its way. Of an ELF program (System V gABI, chapters 4 and 5) it gives what is loaded: no
// symbol table, debugging data and table of sections, which neither the system nor Go's own readers of build
// ids and build information need. Everything else, and what has nothing to take away, it gives as it is. The
// result depends on the input alone. Programs of Windows and macOS stay as they are: the latter are signed.
class StrippedSource final : public ByteSource {
 public:
  // Reads the start of `content`, which must outlive it; an entry's size is its content's.
  StrippedSource(const tree::Entry& entry, ByteSource& content);
  ~StrippedSource() override;

  const tree::Entry& entry() const { return entry_; }  // of what it gives
  std::uint64_t saved() const { return saved_; }       // bytes
  ByteView next() override;

 private:
  std::unique_ptr<HeadedSource> content_;
  tree::Entry entry_;
  std::uint64_t saved_ = 0;
  std::uint64_t left_;
};

// The stage that strips programs on their way and passes on everything else.
class StrippingSink final : public tree::TreeSink {
 public:
  explicit StrippingSink(tree::TreeSink& downstream) : downstream_(downstream) {}
  void add(const tree::Entry& entry, ByteSource& content) override;

 private:
  tree::TreeSink& downstream_;
};

}  // namespace gopack::trim
