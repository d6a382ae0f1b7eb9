#include "redirect.hpp"

#include <fmt/format.h>

#include "cannot_get.hpp"
#include "url_parts.hpp"

namespace gopack::transport {

namespace {

[[noreturn]] void refuse(const Url& from, std::string_view reason) {
  throw cannot_get(from, fmt::format("redirected {}", reason));
}

}  // namespace

bool is_redirection(long http_status) {
  return http_status == 301 || http_status == 302 || http_status == 303 || http_status == 307 ||
         http_status == 308;
}

Url redirected(const Url& from, std::string_view location) {
  if (location.empty()) refuse(from, "to no address");
  const auto parts = take_apart(from);
  const auto user = part(parts, CURLUPART_USER);
  const auto password = part(parts, CURLUPART_PASSWORD);
  if (curl_url_set(parts.get(), CURLUPART_URL, std::string(location).c_str(), CURLU_URLENCODE) != CURLUE_OK) {
    refuse(from, "to no URL");
  }
  set_part(parts, CURLUPART_USER, nullptr);
  set_part(parts, CURLUPART_PASSWORD, nullptr);
  const auto target = Url::try_parse(join(parts));
  if (!target || target->is_file()) refuse(from, "to something that is neither http nor https");
  if (from.scheme() == "https" && target->scheme() == "http") {
    refuse(from, fmt::format("from https to {}", target->text()));
  }
  if (user.empty() || !is_same_origin(from, *target)) return *target;
  set_part(parts, CURLUPART_USER, user.c_str());
  if (!password.empty()) set_part(parts, CURLUPART_PASSWORD, password.c_str());
  return Url::parse(join(parts));
}

}  // namespace gopack::transport
