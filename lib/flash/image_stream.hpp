// What is to be written of an image, piece by piece, and proved on the way. Private to flash.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "block_map_file.hpp"
#include "chunk.hpp"
#include "gopack/base/report.hpp"
#include "gopack/flash/flash.hpp"
#include "image_bytes.hpp"

namespace gopack::flash {

// Used by one thread.
class ImageStream {
 public:
  // Opens the image and what lies beside it. Throws Error.
  ImageStream(const std::filesystem::path& image, const Run& run);

  std::uint64_t bytes() const { return image_.size; }
  std::uint64_t mapped_bytes() const;
  Proof proof() const { return proof_; }

  // The next piece, which crosses no multiple of kChunk; nothing at the end, where all has been proved.
  // Throws Error: integrity where the image is not what is said beside it; interrupted.
  std::unique_ptr<Chunk> next();

  // What was proved; known at the end.
  const std::optional<digest::Sha256>& sha256() const { return sha256_; }

 private:
  void take_block_map(const std::filesystem::path& beside, const Run& run);
  void take_sha256(const std::filesystem::path& beside, const Run& run);
  void end_range();

  std::string name_;  // for messages
  OpenedImage image_;
  std::vector<Range> ranges_;
  Proof proof_ = Proof::nothing;
  std::optional<digest::Sha256> sha256_;
  std::size_t range_ = 0;  // which is read
  std::uint64_t at_ = 0;   // bytes of it that were read
  digest::Hasher hasher_;
  std::stop_token stop_;
};

}  // namespace gopack::flash
