#include "sha256_file.hpp"

#include "gopack/digest/checksum_file.hpp"

namespace gopack::source {

namespace {

constexpr std::uint64_t kPageLimit = 1 << 20;  // of the page that may come instead

}  // namespace

void pin_by_sha256_file(Offer& offer, transport::Transport& transport) {
  if (offer.file.sha256 || offer.urls.empty()) return;
  const auto url = transport::Url::parse(offer.urls.front().secret() + ".sha256");
  const auto body = transport.try_get(url, kPageLimit);
  if (!body) return;
  offer.file.sha256 = digest::parse_checksum_file(*body);
  if (offer.file.sha256) offer.verified_by = ".sha256 file beside the archive";
}

}  // namespace gopack::source
