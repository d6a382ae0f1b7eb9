// An image or device that is read at places which it names itself, and what is found wrong there. Private to
// image.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "gopack/base/file.hpp"
#include "gopack/image/reader.hpp"

namespace gopack::image {

class Medium {
 public:
  explicit Medium(File file) : file_(std::move(file)) {}

  // Fewer bytes where the medium ends.
  std::size_t read(std::uint64_t offset, std::span<std::byte> into) const {
    std::size_t done = 0;
    while (done < into.size()) {
      const auto count = file_.read_at(into.subspan(done), offset + done);
      if (count == 0) break;
      done += count;
    }
    return done;
  }
  // Zeros where the medium ends.
  std::string read(std::uint64_t offset, std::size_t bytes) const {
    std::string text(bytes, '\0');
    read(offset, std::as_writable_bytes(std::span(text.data(), text.size())));
    return text;
  }
  bool has(std::uint64_t bytes) const {
    std::byte last{};
    return bytes == 0 || read(bytes - 1, std::span(&last, 1)) == 1;
  }
  // Of a file; 0 for a device.
  std::uint64_t size() const { return file_.status().size; }

 private:
  File file_;
};

// As many as people read; the rest is counted.
class Faults {
 public:
  void add(std::string where, std::string expected, std::string found) {
    constexpr std::size_t kMost = 1000;
    if (faults_.size() < kMost)
      faults_.push_back({std::move(where), std::move(expected), std::move(found)});
    else
      ++more_;
  }
  // Returns `is_right`.
  bool expect(bool is_right, const char* where, std::string_view expected, std::string_view found) {
    if (!is_right) add(where, std::string(expected), std::string(found));
    return is_right;
  }
  std::vector<Fault> take() {
    if (more_ > 0) faults_.push_back({"filesystem", "no more faults", fmt::format("{} more", more_)});
    return std::move(faults_);
  }

 private:
  std::vector<Fault> faults_;
  std::uint64_t more_ = 0;
};

}  // namespace gopack::image
