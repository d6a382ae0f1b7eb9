// Contents of files by their places in an archive.
#pragma once

#include <cstdint>
#include <vector>

#include "file_window.hpp"
#include "gopack/archive/index.hpp"
#include "inflater.hpp"

namespace gopack::archive {

class ContentReader {
 public:
  virtual ~ContentReader() = default;
  // Goes to the content of a file of the index.
  virtual void start(const IndexedFile& file) = 0;
  // Some of its bytes, at most `most`; valid until the next call. Throws Error (unsafe).
  virtual ByteView next(std::uint64_t most) = 0;
};

// Of a zip.
class ZipContentReader final : public ContentReader {
 public:
  explicit ZipContentReader(const File& file);
  void start(const IndexedFile& file) override;
  ByteView next(std::uint64_t most) override;

 private:
  FileWindow window_;
  WindowSource packed_;
  Inflater inflater_;
  bool is_deflated_ = false;
  ByteView rest_;
};

// A tar.gz's inflated stream, from any place on: from the access point before it or, where that is nearer,
// from where reading ended.
class StreamReader final : public ContentReader {
 public:
  // `points` must outlive this object.
  StreamReader(const File& file, const std::vector<AccessPoint>& points);
  void start(const IndexedFile& file) override { seek(file.place.offset); }
  void seek(std::uint64_t offset);
  ByteView next(std::uint64_t most) override;

 private:
  void restart(const AccessPoint* point);

  const std::vector<AccessPoint>& points_;
  std::uint64_t file_size_;
  FileWindow window_;
  WindowSource compressed_;
  Inflater inflater_;
  std::uint64_t position_ = 0;  // in the inflated stream
  ByteView rest_;               // inflated, from there on
};

}  // namespace gopack::archive
