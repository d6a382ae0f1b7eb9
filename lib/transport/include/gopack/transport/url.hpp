// URLs as a type: a URL cannot be printed with its credentials by accident.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace gopack::transport {

class Url {
 public:
  // http, https and file URLs (RFC 3986). Throws Error (usage).
  static Url parse(std::string_view text);
  static std::optional<Url> try_parse(std::string_view text);
  static Url from_path(std::string_view absolute_path);  // file://, percent-encoded

  // For people: without user, password and query.
  std::string text() const;
  // For the wire.
  const std::string& secret() const { return secret_; }
  std::string scheme() const;
  bool is_file() const { return scheme() == "file"; }
  // The decoded path of a file URL.
  std::string file_path() const;
  // `segment` (percent-encoded where needed, slashes kept) below this URL; a query is dropped.
  Url operator/(std::string_view segment) const;
  Url with_query(std::string_view query) const;
  // Adds to the query that there is.
  Url and_query(std::string_view query) const;

  auto operator<=>(const Url&) const = default;

 private:
  std::string secret_;
};

// Scheme, host and port are the same.
bool is_same_origin(const Url& a, const Url& b);

}  // namespace gopack::transport
