// Go's own programs without symbol tables and debugging data: smaller, and the same to run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gopack/tree/tree_sink.hpp"

namespace gopack::trim {

// An ELF program (System V gABI, chapters 4 and 5) as far as it is loaded: without symbol table, debugging
// data and the table of sections, which neither the system nor Go's own readers of build ids and build
// information need. Nothing for anything else, and where there is nothing to take away. The result depends on
// the input alone. Programs of Windows and macOS stay as they are: the latter are signed.
std::optional<std::string> strip_program(std::string_view program);

// Whether the file is one of Go's own programs: in bin/ or pkg/tool/.
bool is_program(std::string_view path);

// A program that came in a stream of files, read and stripped.
struct Stripped {
  tree::Entry entry;
  std::string bytes;
  std::uint64_t saved = 0;  // bytes
};
Stripped strip(const tree::Entry& entry, ByteSource& content);

// The stage that strips programs on their way, each in memory, and passes on everything else.
class StrippingSink final : public tree::TreeSink {
 public:
  explicit StrippingSink(tree::TreeSink& downstream) : downstream_(downstream) {}
  void add(const tree::Entry& entry, ByteSource& content) override;

 private:
  tree::TreeSink& downstream_;
};

}  // namespace gopack::trim
