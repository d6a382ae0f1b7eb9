#include "gopack/archive/unpack.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "gopack/base/error.hpp"
#include "gopack/base/report.hpp"
#include "policy.hpp"
#include "refusal.hpp"
#include "tar_reader.hpp"
#include "zip_reader.hpp"

namespace gopack::archive {

namespace {

std::string start_of(const File& file) {
  std::array<std::byte, 64> bytes{};
  return std::string(as_text(ByteView(bytes).first(file.read_at(bytes, 0))));
}

// The content of one entry: as long as announced, or refused. What passes is hashed, and its head is kept.
class Content final : public ByteSource {
 public:
  // `head_bytes`: that finish() is to return.
  Content(EntryReader& reader, const EntryHeader& entry, std::size_t head_bytes, const std::stop_token& stop)
      : reader_(reader), entry_(entry), head_bytes_(head_bytes), stop_(stop) {}

  ByteView next() override {
    throw_if_stopped(stop_);
    if (ended_) return {};
    const auto bytes = reader_.read_content();
    count_ += bytes.size();
    ended_ = bytes.empty();
    if (count_ > entry_.size || (ended_ && count_ < entry_.size)) {
      refuse_entry({entry_.name}, fmt::format("its content is not the {} bytes it announces", entry_.size));
    }
    hasher_.write(bytes);
    if (ended_) sha256_ = hasher_.finish();
    if (head_.size() < head_bytes_)
      head_ += as_text(bytes.first(std::min(head_bytes_ - head_.size(), bytes.size())));
    return bytes;
  }

  // Reads what is left: what nobody wanted must be sound as well.
  digest::Sha256 finish() {
    while (!sha256_) next();
    return *sha256_;
  }
  // Known at the end.
  const std::optional<digest::Sha256>& sha256() const { return sha256_; }
  std::string_view head() const { return head_; }

 private:
  EntryReader& reader_;
  const EntryHeader& entry_;
  std::size_t head_bytes_;
  const std::stop_token& stop_;
  digest::Hasher hasher_;
  std::optional<digest::Sha256> sha256_;
  std::string head_;
  std::uint64_t count_ = 0;
  bool ended_ = false;
};

bool is_html(std::string_view start) {
  const auto first = start.find_first_not_of(" \t\r\n\xef\xbb\xbf");  // blanks and the byte order mark
  return first != std::string::npos && start[first] == '<';
}

std::unique_ptr<EntryReader> open_reader(File& file, const Limits& limits) {
  if (require_format(file) == Format::zip) return std::make_unique<ZipReader>(file);
  return std::make_unique<TarReader>(file, limits.total_bytes);
}

Index unpack_entries(File& file, const UnpackOptions& options, tree::TreeSink& sink,
                     const std::stop_token& stop) {
  Policy policy(options);
  const auto reader = open_reader(file, options.limits);
  Index index;
  while (const auto entry = reader->next()) {
    throw_if_stopped(stop);
    const auto path = policy.admit(*entry);
    if (!path) continue;
    const bool has_head = options.heads.is_wanted(path->text());
    Content content(*reader, *entry, has_head ? kHeadBytes : 0, stop);
    sink.add({*path, entry->executable, entry->size, entry->time, &content.sha256()}, content);
    IndexedFile indexed{*path, entry->executable, entry->size, entry->time, content.finish(),
                        {},    entry->place};
    if (has_head) indexed.head = options.heads.cut(path->text(), content.head());
    index.files.push_back(std::move(indexed));
  }
  index.points = reader->take_points();
  return index;
}

}  // namespace

Format require_format(const File& file) {
  const auto start = start_of(file);
  if (start.starts_with("\x1f\x8b")) return Format::tar_gz;
  if (start.starts_with("PK\x03\x04")) return Format::zip;
  if (is_html(start)) {
    throw Error(ErrorKind::unsafe, "cannot accept the archive: it is a web page")
        .with_hint(
            "a proxy or login page answered in place of the server; open its address in a browser to see");
  }
  refuse_archive("it is neither a .tar.gz nor a .zip");
}

Index unpack(File& file, const UnpackOptions& options, tree::TreeSink& sink, const std::stop_token& stop) {
  return in_context(fmt::format("unpacking {}", printable(file.name())),
                    [&] { return unpack_entries(file, options, sink, stop); });
}

}  // namespace gopack::archive
