// Writes an image of files that a list on standard input describes: lines of path, size and time with tabs in
// between. The content of a file is its path and a newline, repeated up to its size.
#include <iostream>
#include <string>

#include "gopack/base/error.hpp"
#include "gopack/image/image_file.hpp"

namespace {

std::string content_of(const std::string& path, std::uint64_t size) {
  std::string text;
  while (text.size() < size) text += path + "\n";
  text.resize(size);
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) {
    std::cerr << "usage: write_image OUT FILESYSTEM TABLE CLUSTER SIZE LABEL\n";
    return 2;
  }
  try {
    gopack::tree::FileList list;
    std::string path, size, time;
    while (std::getline(std::cin, path, '\t') && std::getline(std::cin, size, '\t') &&
           std::getline(std::cin, time))
      list.add_text(gopack::tree::RelPath(path), content_of(path, std::stoull(size)), std::stoll(time));
    namespace image = gopack::image;
    image::Image made({.filesystem = image::parse_filesystem(argv[2]),
                       .partition_table = image::parse_partition_table(argv[3]),
                       .cluster_size = image::parse_cluster_size(argv[4]),
                       .size = image::parse_size(argv[5]),
                       .label = image::parse_label(argv[6])},
                      std::move(list));
    gopack::SilentReporter silent;
    const auto describe = [](const image::ImageDigests&) { return "{}\n"; };
    image::write_image_file(made, argv[1], {.describe = describe}, {silent});
    return 0;
  } catch (const gopack::Error& error) {
    std::cerr << error.text() << "\n";
    return static_cast<int>(error.kind());
  }
}
