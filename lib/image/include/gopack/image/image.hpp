// A filesystem image of listed files, laid out in full before its first byte is written, so that it can go to
// a pipe. An Image follows from its parameters and files alone: no clock, no environment, no random number.
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <vector>

#include "gopack/base/bytes.hpp"
#include "gopack/image/parameters.hpp"
#include "gopack/tree/file_list.hpp"

namespace gopack::image {

class ImageStructure;  // private

// A part of an image that has to be written; what lies between is zeros that nothing refers to.
struct MappedRange {
  std::uint64_t begin = 0;  // bytes, a multiple of kMapBlock
  std::uint64_t bytes = 0;  // the same
};
inline constexpr std::uint64_t kMapBlock = 4096;  // bytes

struct Outline {
  std::uint64_t bytes = 0;          // of the image
  std::vector<MappedRange> mapped;  // in order
  std::uint64_t cluster_count = 0;  // of the filesystem
  std::uint64_t used_clusters = 0;  // of them
  std::uint32_t volume_serial = 0;  // follows from the content
  std::uint32_t disk_id = 0;        // the same; of the partition table
  std::uint64_t mapped_bytes() const;
};

// Not thread-safe.
class Image {
 public:
  // Lays it out. Throws Error (noroom) that says why the files cannot be an image: they do not fit, the
  // cluster size cannot address it, or two names differ only in case.
  Image(Parameters parameters, tree::FileList files);
  ~Image();
  Image(Image&&) noexcept;
  Image& operator=(Image&&) = delete;

  const Parameters& parameters() const;
  const Outline& outline() const;
  const tree::FileList& files() const;  // sorted by path

  // All its bytes, the zeros between its mapped ranges too. Reading throws Error: integrity where a file is
  // not what its digest says, interrupted. The image outlives the source; one is read at a time.
  std::unique_ptr<ByteSource> open(std::stop_token stop);

 private:
  std::unique_ptr<ImageStructure> structure_;
};

}  // namespace gopack::image
