#include "part_file.hpp"

#include <utility>

#include "gopack/base/error.hpp"
#include "gopack/base/replace.hpp"

namespace gopack::transport {

namespace {

constexpr std::uint64_t kMaxSidecarBytes = 64 << 10;

}  // namespace

PartFile::PartFile(const Dir& directory, const DownloadRequest& request)
    : directory_(directory),
      name_(request.file + ".part"),
      sidecar_name_(name_ + ".json"),
      file_(directory.open_or_create(name_)) {
  take_up(request);
}

PartFile::~PartFile() {
  if (is_kept_) return;
  try {
    directory_.remove_file(sidecar_name_);
    directory_.remove_file(name_);
  } catch (...) {
    // It is cleaned up later (gopack gc); the reason to give up comes first.
  }
}

std::optional<Sidecar> PartFile::find_sidecar() const {
  const auto status = directory_.find(sidecar_name_);
  if (!status || status->size > kMaxSidecarBytes) return std::nullopt;
  const auto text = find_text(directory_, sidecar_name_, kMaxSidecarBytes);
  return text ? parse_sidecar(*text) : std::nullopt;
}

void PartFile::take_up(const DownloadRequest& request) {
  const auto found = file_.status().size;
  auto sidecar = find_sidecar();
  if (sidecar && !belongs_to(*sidecar, request)) sidecar.reset();
  const bool may_be_complete = request.sha256 && found == (sidecar ? sidecar->total : request.size);
  const bool is_beginning = sidecar && found < sidecar->total;
  if (found == 0 || (!may_be_complete && !is_beginning)) return empty();

  FileSource source(file_);
  size_ = copy(source, hasher_);
  if (may_be_complete) {
    const auto sha256 = hasher_.finish();
    if (sha256 != request.sha256) return empty();
    whole_ = sha256;
  }
  sidecar_ = std::move(sidecar);
  is_pieced_ = true;
  is_kept_ = true;
}

void PartFile::empty() {
  directory_.remove_file(sidecar_name_);
  sidecar_.reset();
  file_.truncate(0);
  file_.seek(0);
  hasher_ = digest::Hasher();
  size_ = 0;
  is_pieced_ = false;
  is_kept_ = false;
}

void PartFile::restart(const Sidecar& sidecar) {
  empty();
  if (!may_resume_ || sidecar.total == 0 || !sidecar.can_prove()) return;
  replace_text(directory_, sidecar_name_, print(sidecar), false);
  sidecar_ = sidecar;
}

void PartFile::forbid_resuming() {
  may_resume_ = false;
  empty();
}

void PartFile::write(ByteView bytes) {
  is_kept_ = false;  // a full disk leaves nothing behind
  file_.write(bytes);
  hasher_.write(bytes);
  size_ += bytes.size();
  is_kept_ = sidecar_.has_value();
}

Downloaded PartFile::finish(const digest::Sha256& sha256) {
  file_.close();
  directory_.remove_file(sidecar_name_);
  is_kept_ = true;
  return {name_, size_, sha256};
}

}  // namespace gopack::transport
