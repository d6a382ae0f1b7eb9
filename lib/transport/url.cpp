#include "gopack/transport/url.hpp"

#include <fmt/format.h>

#include <new>

#include "file_url.hpp"
#include "gopack/base/error.hpp"
#include "url_parts.hpp"

namespace gopack::transport {

namespace {

constexpr std::string_view kFilePrefix = "file://";
constexpr unsigned kAsItIs = CURLU_PATH_AS_IS;  // how a URL is read that libcurl has spelled

bool is_kept(char c) {
  const bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return alphanumeric || std::string_view("-._~!$&'()*+,;=:@/").find(c) != std::string_view::npos;
}

// RFC 3986, 3.3: what may stand in a path, slashes included, stays as it is.
std::string percent_encode(std::string_view path) {
  std::string out;
  for (const char c : path) {
    if (is_kept(c)) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string percent_decode(const std::string& text) {
  int length = 0;
  const CurlText decoded(curl_easy_unescape(nullptr, text.c_str(), static_cast<int>(text.size()), &length));
  if (!decoded) throw std::bad_alloc();
  return {decoded.get(), static_cast<std::size_t>(length)};
}

// Text that is no URL may hold a password all the same.
std::string without_secrets(std::string_view text) {
  const auto at = text.rfind('@');
  if (at != std::string_view::npos) text = text.substr(at + 1);
  return printable(text.substr(0, text.find('?')));
}

std::string origin(const Url& url) {
  const auto parts = take_apart(url);
  return fmt::format("{}://{}:{}", part(parts, CURLUPART_SCHEME), part(parts, CURLUPART_HOST),
                     part(parts, CURLUPART_PORT, CURLU_DEFAULT_PORT));
}

bool has_dot_segment(std::string_view path) {
  const auto framed = fmt::format("/{}/", path);
  return framed.find("/../") != std::string::npos || framed.find("/./") != std::string::npos;
}

}  // namespace

UrlParts take_apart(const Url& url) {
  auto parts = made(UrlParts(curl_url()));
  check(curl_url_set(parts.get(), CURLUPART_URL, url.secret().c_str(), kAsItIs), "read a URL");
  return parts;
}

std::string part(const UrlParts& parts, CURLUPart which, unsigned flags) {
  char* text = nullptr;
  const auto code = curl_url_get(parts.get(), which, &text, flags);
  const CurlText owner(text);
  if (code == CURLUE_OUT_OF_MEMORY) throw std::bad_alloc();
  return code == CURLUE_OK ? std::string(text) : std::string();
}

void set_part(const UrlParts& parts, CURLUPart which, const char* value) {
  check(curl_url_set(parts.get(), which, value, 0), "build a URL");
}

std::string join(const UrlParts& parts) {
  return part(parts, CURLUPART_URL);
}

namespace {

// As libcurl spells it, without the fragment; empty when it is no URL.
std::string spelled_by_libcurl(const std::string& text, unsigned flags) {
  const auto parts = made(UrlParts(curl_url()));
  if (curl_url_set(parts.get(), CURLUPART_URL, text.c_str(), flags) != CURLUE_OK) return {};
  set_part(parts, CURLUPART_FRAGMENT, nullptr);
  return join(parts);
}

}  // namespace

std::optional<Url> Url::try_parse(std::string_view text) {
  Url url;
  url.secret_ = spelled_by_libcurl(std::string(text), CURLU_ALLOW_SPACE | CURLU_URLENCODE);
  // What libcurl takes from one text to another and then to a third or to nothing ("file:`///a",
  // "https://a b@c") is no URL.
  if (url.secret_.empty() || spelled_by_libcurl(url.secret_, kAsItIs) != url.secret_) return std::nullopt;
  const auto scheme = url.scheme();
  if (scheme != "http" && scheme != "https" && scheme != "file") return std::nullopt;
  if (url.is_file() && url.file_path().find('\0') != std::string::npos) return std::nullopt;
  return url;
}

Url Url::parse(std::string_view text) {
  if (auto url = try_parse(text)) return *std::move(url);
  throw Error(ErrorKind::usage, fmt::format("cannot use '{}' as a URL: it is not an http, https or file URL",
                                            without_secrets(text)))
      .with_hint("write it like https://host/path or file:///path");
}

Url Url::from_path(std::string_view absolute_path) {
  Url url;
  url.secret_ = fmt::format("{}{}", kFilePrefix, percent_encode(to_url_path(absolute_path)));
  return url;
}

std::string Url::text() const {
  const auto parts = take_apart(*this);
  for (const auto which : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS, CURLUPART_QUERY}) {
    set_part(parts, which, nullptr);
  }
  return printable(join(parts));
}

std::string Url::scheme() const {
  return secret_.substr(0, secret_.find(':'));
}

std::string Url::file_path() const {
  return from_url_path(percent_decode(secret_.substr(kFilePrefix.size())));
}

Url Url::operator/(std::string_view segment) const {
  if (has_dot_segment(segment)) {
    throw Error(ErrorKind::usage,
                fmt::format("cannot look for '{}' below {}: it leads elsewhere", printable(segment), text()));
  }
  const auto query = secret_.find('?');
  Url url;
  url.secret_ = secret_.substr(0, query);
  if (!url.secret_.ends_with('/')) url.secret_ += '/';
  while (segment.starts_with('/')) segment.remove_prefix(1);
  url.secret_ += percent_encode(segment);
  return url;
}

Url Url::with_query(std::string_view query) const {
  Url url;
  url.secret_ = fmt::format("{}?{}", secret_.substr(0, secret_.find('?')), query);
  return url;
}

Url Url::and_query(std::string_view query) const {
  Url url;
  url.secret_ = fmt::format("{}{}{}", secret_, secret_.find('?') == std::string::npos ? '?' : '&', query);
  return url;
}

bool is_same_origin(const Url& a, const Url& b) {
  return origin(a) == origin(b);
}

}  // namespace gopack::transport
