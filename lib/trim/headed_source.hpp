// The head of a stream, read ahead.
#pragma once

#include <string>
#include <string_view>

#include "gopack/base/bytes.hpp"

namespace gopack::trim {

// Gives the whole stream, the head included.
class HeadedSource final : public ByteSource {
 public:
  HeadedSource(ByteSource& upstream, std::size_t bytes);

  // Its first `bytes`; fewer where it is all.
  std::string_view head() const { return std::string_view(read_).substr(0, bytes_); }
  // In the head, before anything is given.
  void zero(std::size_t offset, std::size_t size) { read_.replace(offset, size, size, '\0'); }
  ByteView next() override;

 private:
  ByteSource& upstream_;
  std::size_t bytes_;
  std::string read_;
  bool given_ = false;
  bool ended_ = false;
};

}  // namespace gopack::trim
