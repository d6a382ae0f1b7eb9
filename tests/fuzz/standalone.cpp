// Runs a fuzz target on the files and directories named: a regression test where there is no libFuzzer.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "fuzz.hpp"

namespace {

int run(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return 0;
  const std::string bytes(std::istreambuf_iterator<char>(stream), {});
  std::printf("%s\n", file.c_str());
  std::fflush(stdout);  // so that a crash has a name
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  int count = 0;
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) {
      count += run(argv[i]);
      continue;
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i]))
      count += run(entry.path());
  }
  return count > 0 ? 0 : 1;
}
