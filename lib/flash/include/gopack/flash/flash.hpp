// Writes an image to several disks at once, and reads all of it back.
//
// The first MiB of each disk is wiped first and written last, once the image has been proved and everything
// else read back: a disk that was interrupted at any moment has no partition table, no boot sector.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/base/error.hpp"
#include "gopack/base/report.hpp"
#include "gopack/digest/sha256.hpp"

namespace gopack::flash {

// How it ended for one target. Only a whole one has anything that looks like an image.
enum class Result {
  whole,        // everything was read back as it was written
  failed,       // it could not be written or read
  stalled,      // it did not answer for too long
  damaged,      // something else was read than was written
  fake,         // it has less room than it claims
  image,        // the image cannot be read, or is not what is said beside it
  interrupted,  // the user stopped it
};
std::string_view to_string(Result result);

struct Outcome {
  std::string target;
  Result result = Result::whole;
  std::string reason;       // a sentence's end, such as "it ends after 4,096 bytes"; empty for a whole one
  std::uint64_t bytes = 0;  // written
  double seconds = 0;       // until the end, with reading back
};

// By what the image was proved while it was read.
enum class Proof { block_map, sha256, nothing };
std::string_view to_string(Proof proof);

struct Flashed {
  std::uint64_t bytes = 0;         // of the image
  std::uint64_t mapped_bytes = 0;  // of them, those that are written
  Proof proof = Proof::nothing;
  std::optional<digest::Sha256> sha256;  // of the image or, with a block map, the map's own checksum;
                                         // nothing: not all of it was read
  std::vector<Outcome> outcomes;         // one for each target, in their order
  std::optional<Error> image_failure;    // why targets have Result::image
};

// Throws Error: usage for what is not a file, is empty, or is compressed with something else than Zstandard.
void require_image(const std::filesystem::path& image);

// `image` is raw or Zstandard (RFC 8878); beside it may lie its .sha256 and its .bmap (version 2.0 of
// bmap-tools), named without ".zst". It is read once, whatever the number of targets; memory does not grow
// with its size. A target that does not answer for `stall_limit` is given up. Threads: one for each target.
// Throws Error before anything is written: the image cannot be read; a target cannot be opened, is in use
// (busy) or too small (noroom). What happens later is in the outcomes, interruptions too.
Flashed flash(const std::filesystem::path& image, const std::vector<std::filesystem::path>& targets,
              std::chrono::milliseconds stall_limit, const Run& run);

}  // namespace gopack::flash
