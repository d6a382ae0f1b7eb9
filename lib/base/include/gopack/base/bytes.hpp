// Byte streams: one of the two kinds of stream in gopack (the other is tree::TreeSink).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace gopack {

using ByteView = std::span<const std::byte>;

inline ByteView as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// A pull stream that hands out its own buffers: no copy on the way. Used by one thread at a time.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // The next bytes, at least one; empty at the end. Valid until the next call. Throws Error.
  virtual ByteView next() = 0;
};

class ByteSink {
 public:
  virtual ~ByteSink() = default;
  // Takes all of `bytes`. Throws Error.
  virtual void write(ByteView bytes) = 0;
};

// Bytes that are in memory already; they must outlive the source.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(ByteView bytes) : rest_(bytes) {}
  explicit MemorySource(std::string_view text) : rest_(as_bytes(text)) {}
  ByteView next() override;

 private:
  ByteView rest_;
};

class StringSink final : public ByteSink {
 public:
  void write(ByteView bytes) override { text_ += as_text(bytes); }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// Passes everything on; returns the number of bytes.
std::uint64_t copy(ByteSource& from, ByteSink& to);

// The rest of the stream; more than `limit` bytes are an Error (failed).
std::string read_all(ByteSource& from, std::uint64_t limit);

}  // namespace gopack
