// An image as a file with what lies beside it, or on a pipe.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "gopack/base/file.hpp"
#include "gopack/base/report.hpp"
#include "gopack/digest/sha256.hpp"
#include "gopack/image/image.hpp"

namespace gopack::image {

struct ImageDigests {
  digest::Sha256 whole;                // of the image, the zeros between its mapped ranges included
  std::vector<digest::Sha256> mapped;  // of each mapped range
};

// To a pipe, every byte; none is hashed but those of files. `task` names the work in progress events. Throws
// Error as reading an image and writing to `out` do.
void write_image(Image& image, ByteSink& out, const std::string& task, const Run& run);

// Gives the text of PATH.json, from digests that are known once the image is written.
using Describe = std::function<std::string(const ImageDigests&)>;

struct ImageFileOptions {
  Describe describe;
  bool is_compressed = false;  // PATH.zst lies beside it as well
  bool sync = false;           // all is on stable storage when it is written
};

// Writes PATH, a sparse file, and beside it PATH.sha256, PATH.bmap (version 2.0 of the block maps that
// bmaptool reads) and PATH.json. A PATH.zst of an older image goes. Everything is written under other names
// first; PATH gets its name last, and is what it was when this throws. Throws Error, noroom before anything
// is written where the directory has no room.
ImageDigests write_image_file(Image& image, const std::filesystem::path& path,
                              const ImageFileOptions& options, const Run& run);

// Throws Error (usage) where an image cannot be written there: a directory, a device, or no directory for it.
void check_image_path(const std::filesystem::path& path);

}  // namespace gopack::image
