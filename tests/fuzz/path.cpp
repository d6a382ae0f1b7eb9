// A path that RelPath accepts can be written below a directory, is found there under the same name, and
// nothing else is.
#include "fuzz.hpp"
#include "gopack/tree/dir_writer.hpp"
#include "gopack/tree/fold.hpp"
#include "gopack/tree/memory_tree.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gopack;
  const auto text = fuzz::text_of(data, size);
  printable(text);
  const auto path = tree::RelPath::try_parse(text);
  if (!path) return 0;
  fuzz::require(path->text() == text, "the path stays as it was");
  fuzz::require(printable(text) == text, "the path can be printed");
  fuzz::require(std::filesystem::path(text).lexically_normal() == text, "the path is in its plainest form");
  fuzz::require(tree::fold(text).size() <= 8 * size, "the folded path is of the same order");

  const auto dir = fuzz::scratch_dir();
  tree::DirWriter writer(dir.open_dir("."));
  MemorySource content("x");
  writer.add({*path, false, 1}, content);
  tree::MemoryTree found;
  tree::read_dir(dir, found);
  fuzz::require(found.files().size() == 1 && found.files().count(std::string(text)) == 1,
                "it is where it should be");
  return 0;
}
