// image: a bundle as a filesystem image, to be written to sticks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gopack/base/bytes.hpp"
#include "gopack/image/image_file.hpp"
#include "gopack/workflow/bundle.hpp"

namespace gopack::workflow {

struct ImageOptions : BundleContent {
  image::Parameters parameters;
  std::filesystem::path out;
  bool is_compressed = false;        // also writes `out`.zst
  ByteSink* pipe = nullptr;          // takes the image instead of `out`
  std::optional<std::int64_t> time;  // of all files, in seconds since 1970; nothing: those of their releases
};

struct Imaged {
  std::vector<Tree> trees;
  Tree current;
  image::Outline outline;
  image::ImageDigests digests;             // of a file
  std::vector<tree::ListedFile> programs;  // gopack itself, for other systems
  std::vector<std::string> warmed;         // what the build cache knows: "go1.23.4 linux/amd64 -trimpath"
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;  // of the files
};

// Lays the bundle out as a filesystem image, which follows from trees and options alone, and writes it with
// what lies beside it (image/image_file.hpp). Keeps leases on the trees. Throws Error, noroom before anything
// is written.
Imaged image(const Session& session, const ImageOptions& options);

// The same as JSON, as it lies beside the image. See docs/formats.md.
std::string describe(const ImageOptions& options, const Imaged& imaged);

}  // namespace gopack::workflow
