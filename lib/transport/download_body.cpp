#include "download_body.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cannot_get.hpp"
#include "gopack/base/ascii.hpp"

namespace gopack::transport {

namespace {}  // namespace

bool is_html(std::string_view beginning) {
  if (beginning.starts_with("\xef\xbb\xbf")) beginning.remove_prefix(3);
  beginning.remove_prefix(std::min(beginning.find_first_not_of(" \t\r\n"), beginning.size()));
  return starts_with_ignoring_case(beginning, "<!doctype") || starts_with_ignoring_case(beginning, "<html");
}

void DownloadBody::refuse(const std::string& reason) const {
  part_.discard();
  throw Error(ErrorKind::integrity,
              fmt::format("cannot download {} from {}: {}", printable(request_.file), request_.url.text(),
                          is_html_ ? "got an HTML page instead of the file" : reason))
      .with_hint(is_html_ ? "a proxy or login page may be in the way; check the source's URL"
                          : "the source has a wrong or damaged file: use another --source");
}

bool DownloadBody::begin(const ResponseHead& head) {
  const auto* sidecar = part_.resumable();
  const auto use = sidecar != nullptr   ? plan_body(*sidecar, part_.size(), head)
                   : head.status == 200 ? BodyUse::restart
                                        : BodyUse::start_over;
  is_unfit_ = use == BodyUse::start_over;
  if (sidecar != nullptr && use == BodyUse::append) {
    announced_ = sidecar->total;
    part_.continue_with_rest();
  } else if (use == BodyUse::restart) {
    announced_ = head.length;
    part_.restart(describe(request_, head));
    if (announced_ == 0) inspect({});
  }
  return !is_unfit_;
}

void DownloadBody::inspect(ByteView beginning) {
  is_html_ = is_html(as_text(beginning));
  if (announced_ && request_.size != 0 && *announced_ != request_.size) {
    refuse(fmt::format("expected {} bytes, found {}", request_.size, *announced_));
  }
}

bool DownloadBody::write(ByteView bytes) {
  if (part_.size() == 0) inspect(bytes);
  const auto size = part_.size() + bytes.size();
  if (request_.size != 0 && size > request_.size) {
    is_unfit_ = part_.is_pieced();
    if (!is_unfit_) refuse(fmt::format("expected {} bytes, found more", request_.size));
    return false;
  }
  if (std::max(size, announced_.value_or(0)) > request_.max_size) {
    part_.discard();
    throw cannot_get(request_.url, fmt::format("it has more than {} bytes", request_.max_size));
  }
  part_.write(bytes);
  reporter_.on(Progressed{request_.file, size, request_.size != 0 ? request_.size : announced_.value_or(0)});
  return true;
}

std::optional<Downloaded> DownloadBody::finish() {
  if (is_short()) refuse(fmt::format("expected {} bytes, found {}", request_.size, part_.size()));
  const auto found = part_.digest();
  if (!request_.sha256 || found == *request_.sha256) return part_.finish(found);
  if (part_.is_pieced()) return std::nullopt;
  refuse(fmt::format("expected SHA-256 {}, found {}", request_.sha256->hex(), found.hex()));
}

}  // namespace gopack::transport
