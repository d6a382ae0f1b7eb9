// Writes the attack table into a directory: <row>-<number>.tar.gz or .zip, and what each is and must be
// refused with into attacks.tsv; and below harmless/ what must be accepted.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "support/attacks.hpp"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: write_attacks DIRECTORY\n";
    return 2;
  }
  const std::filesystem::path directory = argv[1];
  std::ofstream list(directory / "attacks.tsv");
  int number = 0;
  const auto write = [&](const std::vector<gopack::test::Attack>& attacks, const char* ending) {
    for (const auto& attack : attacks) {
      const auto name = attack.row + "-" + std::to_string(++number) + ending;
      std::ofstream(directory / name, std::ios::binary) << attack.bytes;
      list << name << '\t' << attack.root << '\t' << attack.what;
      for (const auto& word : attack.words) list << '\t' << word;
      list << '\n';
    }
  };
  write(gopack::test::tar_attacks(), ".tar.gz");
  write(gopack::test::stream_attacks(), ".tar.gz");
  write(gopack::test::zip_attacks(), ".zip");
  std::filesystem::create_directory(directory / "harmless");
  for (const auto& archive : gopack::test::harmless_archives()) {
    std::ofstream(directory / "harmless" / (archive.row + ".tar.gz"), std::ios::binary) << archive.bytes;
  }
  return list.flush() ? 0 : 1;
}
