#include "login.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "challenge.hpp"
#include "gopack/base/error.hpp"
#include "gopack/digest/base64.hpp"
#include "loopback.hpp"

namespace gopack::registry {

namespace {

constexpr std::uint64_t kLargestToken = 256 << 10;  // bytes

std::string basic(const Credentials& credentials) {
  const auto text = fmt::format("{}:{}", credentials.user, credentials.password);
  return "Basic " + digest::base64_encode({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

// application/x-www-form-urlencoded, and as a query.
std::string encode(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          std::string_view("-._~").find(c) != std::string_view::npos;
    encoded += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

// Of a URL without a user: "host[:port]".
std::string authority_of(const transport::Url& url) {
  auto text = url.text();
  text.erase(0, text.find("://") + 3);
  return text.substr(0, text.find('/'));
}

bool is_safe(const transport::Url& url) {
  return url.scheme() == "https" || (url.scheme() == "http" && is_loopback(authority_of(url)));
}

std::string parameter(const Challenge& challenge, const char* name) {
  const auto at = challenge.parameters.find(name);
  return at == challenge.parameters.end() ? std::string() : at->second;
}

// It becomes a header line.
bool is_token(std::string_view text) {
  return !text.empty() && text.find_first_of("\r\n") == text.npos;
}

}  // namespace

Login::Login(Reference reference, transport::Transport& transport, std::stop_token stop)
    : reference_(std::move(reference)), transport_(transport), stop_(std::move(stop)) {}

std::string Login::authorization(const transport::Url& url) {
  if (!is_same_origin(url, reference_.host)) return {};
  const std::lock_guard lock(mutex_);
  return authorization_;
}

std::string Login::trouble() {
  const std::lock_guard lock(mutex_);
  if (!trouble_.empty()) return trouble_;
  const auto file = printable(credentials_file(current_environment()));
  return credentials_ ? fmt::format("the registry refuses the user of {}", file)
                      : fmt::format("the registry wants a user, {} names none for it", file);
}

void Login::look_for_credentials() {
  if (std::exchange(has_looked_, true)) return;
  try {
    credentials_ = find_credentials(reference_.authority, current_environment(), stop_);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::interrupted) throw;
    trouble_ = error.text();
  }
}

bool Login::renew(const transport::Url& url, std::string_view header, const std::string& refused) {
  if (!is_same_origin(url, reference_.host)) return false;
  const std::lock_guard lock(mutex_);
  if (authorization_ != refused) return true;  // another thread has done it
  look_for_credentials();
  for (const auto& challenge : parse_challenges(header)) {
    std::string found;
    if (challenge.scheme == "bearer") {
      const auto token = get_token(parameter(challenge, "realm"), parameter(challenge, "service"),
                                   parameter(challenge, "scope"));
      if (!token.empty()) found = "Bearer " + token;
    } else if (challenge.scheme == "basic" && credentials_ && credentials_->identity_token.empty()) {
      found = basic(*credentials_);
    }
    if (found.empty() || found == refused) continue;
    authorization_ = found;
    return true;
  }
  return false;
}

// Empty when the service refuses.
std::string Login::get_token(const std::string& realm, const std::string& service, const std::string& scope) {
  const auto place = transport::Url::try_parse(realm);
  if (!place || !is_safe(*place)) {
    throw cannot_log_in(
        fmt::format("it names \"{}\" as the place of tokens, which is not an https URL", printable(realm)));
  }
  const auto answer = transport_.send(
      ask_for_token(*place, service, scope), [](const auto&) { return std::nullopt; }, kLargestToken);
  if (answer.status != 200) {
    if (trouble_.empty())
      trouble_ =
          fmt::format("the service of tokens, {}, answered with status {}", place->text(), answer.status);
    return {};
  }
  const auto json = nlohmann::json::parse(answer.text, nullptr, false);
  for (const auto* name : {"token", "access_token"}) {
    const bool is_there = json.is_object() && json.contains(name) && json[name].is_string();
    auto token = is_there ? json[name].get<std::string>() : std::string();
    if (is_token(token)) return token;
  }
  throw cannot_log_in(fmt::format("what {} gives is not a token", place->text()));
}

transport::Request Login::ask_for_token(const transport::Url& place, const std::string& service,
                                        const std::string& scope) const {
  const auto query = fmt::format("service={}&scope={}", encode(service), encode(scope));
  if (credentials_ && !credentials_->identity_token.empty()) {
    return {.method = "POST",
            .url = place,
            .headers = {"Content-Type: application/x-www-form-urlencoded"},
            .text = fmt::format("grant_type=refresh_token&client_id=gopack&{}&refresh_token={}", query,
                                encode(credentials_->identity_token))};
  }
  transport::Request request{.url = place.and_query(query)};
  if (credentials_) request.headers.push_back("Authorization: " + basic(*credentials_));
  return request;
}

Error Login::cannot_log_in(const std::string& reason) const {
  return {ErrorKind::unreachable,
          fmt::format("cannot log in to {}: {}", printable(reference_.authority), reason)};
}

}  // namespace gopack::registry
