#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "ahead_reader.hpp"
#include "gopack/archive/indexed_archive.hpp"
#include "gopack/archive/unpack.hpp"
#include "gopack/base/report.hpp"

namespace gopack::archive {

namespace {

constexpr unsigned kMostThreads = 4;

// Opens the archive when content is wanted.
class Contents {
 public:
  Contents(const Index& index, const std::function<File()>& open, const ReadPlan* plan)
      : index_(index), open_(open), plan_(plan) {}

  ContentReader& reader() {
    if (!reader_) begin();
    return *reader_;
  }

 private:
  void begin() {
    file_.emplace(open_());
    if (require_format(*file_) == Format::zip) {
      reader_ = std::make_unique<ZipContentReader>(*file_);
    } else if (plan_ == nullptr) {
      reader_ = std::make_unique<StreamReader>(*file_, index_.points);
    } else {
      for (const auto& file : index_.files) {
        if (plan_->is_wanted(file)) wanted_.push_back(&file);
      }
      reader_ = std::make_unique<AheadReader>(*file_, index_.points, wanted_,
                                              std::clamp(plan_->threads, 1u, kMostThreads));
    }
  }

  const Index& index_;
  const std::function<File()>& open_;
  const ReadPlan* plan_;
  std::optional<File> file_;
  std::vector<const IndexedFile*> wanted_;
  std::unique_ptr<ContentReader> reader_;
};

// The content of one file, which is compared with the index.
class IndexedContent final : public ByteSource {
 public:
  IndexedContent(Contents& contents, const IndexedFile& file, const std::stop_token& stop)
      : contents_(contents), file_(file), stop_(stop), left_(file.size) {}

  ByteView next() override {
    throw_if_stopped(stop_);
    if (left_ == 0) return finish();
    try {
      auto& reader = contents_.reader();
      if (left_ == file_.size) reader.start(file_);
      const auto bytes = reader.next(left_);
      left_ -= bytes.size();
      hasher_.write(bytes);
      return bytes;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::unsafe) throw;
      throw mismatch("the archive has changed, or the index is of another one");
    }
  }

 private:
  ByteView finish() {
    if (is_finished_) return {};
    is_finished_ = true;
    if (hasher_.finish() == file_.sha256) return {};
    throw mismatch("its content is another one");
  }

  IndexMismatch mismatch(std::string_view reason) const {
    return IndexMismatch(Error(ErrorKind::integrity, fmt::format("cannot read {} by the archive's index: {}",
                                                                 printable(file_.path.text()), reason)));
  }

  Contents& contents_;
  const IndexedFile& file_;
  const std::stop_token& stop_;
  std::uint64_t left_;
  digest::Hasher hasher_;
  bool is_finished_ = false;
};

}  // namespace

void replay(const Index& index, const std::function<File()>& open, tree::TreeSink& sink,
            const std::stop_token& stop, const ReadPlan* plan) {
  Contents contents(index, open, plan);
  for (const auto& file : index.files) {
    throw_if_stopped(stop);
    IndexedContent content(contents, file, stop);
    const std::optional sha256(file.sha256);
    sink.add({file.path, file.executable, file.size, file.time, &sha256, file.head}, content);
  }
}

void list(const Index& index, tree::TreeSink& sink) {
  const auto open = []() -> File { throw std::logic_error("a sink that reads no content has read some"); };
  replay(index, open, sink, {});
}

}  // namespace gopack::archive
