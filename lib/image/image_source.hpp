// The bytes of an image. Private to image.
#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "gopack/base/read_ahead.hpp"
#include "gopack/tree/file_list.hpp"
#include "part.hpp"

namespace gopack::image {

// Makes them from its parts, one after another. Both outlive it.
class PartReader {
 public:
  PartReader(const Parts& parts, tree::FileList& files, std::stop_token stop)
      : parts_(parts.all()), files_(files), stop_(std::move(stop)) {}
  // The next block; nothing at the end.
  void read(std::vector<std::byte>& block);

 private:
  void begin(const Part& part);
  std::size_t fill(const Part& part, std::span<std::byte> into);
  void finish(const Part& part);
  const tree::ListedFile& listed(const Part& part) const;

  const std::vector<Part>& parts_;
  tree::FileList& files_;
  std::stop_token stop_;
  std::size_t part_ = 0;      // that is read
  std::uint64_t done_ = 0;    // bytes of it
  std::string made_;          // its text, if it is one that is made
  std::string_view text_;     // the same, or that of a file in memory
  std::optional<File> file_;  // its file, if it is one on the disk
  digest::Hasher hasher_;     // of that
};

// Files are read and proved in a thread of its own.
class ImageSource final : public ByteSource {
 public:
  ImageSource(const Parts& parts, tree::FileList& files, std::stop_token stop)
      : reader_(parts, files, std::move(stop)), ahead_([this](auto& block) { reader_.read(block); }) {}
  ByteView next() override { return ahead_.next(); }

 private:
  PartReader reader_;
  ReadAhead ahead_;
};

}  // namespace gopack::image
