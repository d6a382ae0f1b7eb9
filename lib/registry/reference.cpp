#include "gopack/registry/reference.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gopack/base/ascii.hpp"
#include "gopack/base/error.hpp"
#include "loopback.hpp"

namespace gopack::registry {

namespace {

constexpr std::string_view kScheme = "oci://";
constexpr std::size_t kLongestTag = 128;

bool is_small_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_word(char c) {
  return is_small_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '_';
}

// One part of a repository: letters and digits, with ".", "_" and "-" between them.
bool is_part(std::string_view part) {
  return !part.empty() && is_small_or_digit(part.front()) && is_small_or_digit(part.back()) &&
         std::all_of(part.begin(), part.end(),
                     [](char c) { return is_small_or_digit(c) || c == '.' || c == '_' || c == '-'; });
}

bool is_repository(std::string_view text) {
  for (auto rest = text;;) {
    const auto slash = rest.find('/');
    if (!is_part(rest.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    rest.remove_prefix(slash + 1);
  }
}

bool is_tag(std::string_view text) {
  return !text.empty() && text.size() <= kLongestTag && is_word(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_word(c) || c == '.' || c == '-'; });
}

// A name or an address, and perhaps a port.
bool is_authority(std::string_view text) {
  const auto is_in = [](std::string_view part, std::string_view allowed) {
    return !part.empty() && part.find_first_not_of(allowed) == part.npos;
  };
  const auto end = text.starts_with('[') ? text.find(']') + 1 : std::min(text.find(':'), text.size());
  const auto host = text.substr(0, end);
  const auto port = text.substr(end);
  if (!port.empty() && !is_in(port.substr(1), "0123456789")) return false;
  if (host.starts_with('['))
    return host.size() > 2 && is_in(host.substr(1, host.size() - 2), "0123456789abcdefABCDEF:.");
  return is_in(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
}

}  // namespace

bool is_loopback(std::string_view authority) {
  const auto host = authority.starts_with('[') ? authority.substr(0, authority.find(']') + 1)
                                               : authority.substr(0, authority.find(':'));
  const bool is_number = host.find_first_not_of("0123456789.") == host.npos;
  return host == "localhost" || host == "[::1]" || (is_number && host.starts_with("127."));
}

namespace {

Error malformed(std::string_view text, std::string_view reason) {
  // What stands before an "@" may be a password.
  const auto at = text.rfind('@');
  return Error(ErrorKind::usage, fmt::format("cannot use \"{}\" as a repository: {}",
                                             printable(at == text.npos ? text : text.substr(at + 1)), reason))
      .with_hint("write it like oci://host/name or oci://host:5000/name/name:tag");
}

}  // namespace

bool Reference::is_one(std::string_view text) {
  return starts_with_ignoring_case(text, "oci:");
}

Reference Reference::parse(std::string_view text) {
  if (!text.starts_with(kScheme)) throw malformed(text, "it does not begin with oci://");
  auto rest = text.substr(kScheme.size());
  if (rest.find('@') != rest.npos) throw malformed(text, "a user and a digest (\"@\") are not allowed");
  const auto slash = rest.find('/');
  if (slash == rest.npos || slash == 0) throw malformed(text, "it lacks a host and a name");
  const auto authority = rest.substr(0, slash);
  auto name = rest.substr(slash + 1);
  std::string tag = kDefaultTag;
  if (const auto colon = name.find(':'); colon != name.npos) {
    tag = name.substr(colon + 1);
    name = name.substr(0, colon);
  }
  if (!is_repository(name))
    throw malformed(text, "a name has small letters and digits, with \".\", \"_\", \"-\" and \"/\" between");
  if (!is_tag(tag)) throw malformed(text, "the tag is malformed");
  const auto host = transport::Url::try_parse(
      fmt::format("{}://{}/", is_loopback(authority) ? "http" : "https", authority));
  if (!host || !is_authority(authority)) throw malformed(text, "the host is malformed");
  return {*host, std::string(authority), std::string(name), std::move(tag)};
}

std::string Reference::text() const {
  return fmt::format("{}{}/{}:{}", kScheme, authority, repository, tag);
}

}  // namespace gopack::registry
