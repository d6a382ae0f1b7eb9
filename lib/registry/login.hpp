// How a client of a registry proves who it is: Basic (RFC 7617), or a token that another service gives for
// user and password, an identity token or nothing (the token authentication of the distribution project).
#pragma once

#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "credentials.hpp"
#include "gopack/base/error.hpp"
#include "gopack/registry/reference.hpp"
#include "gopack/transport/transport.hpp"

namespace gopack::registry {

class Login final : public transport::Authenticator {
 public:
  // Credentials are looked for when a server asks. They go to the registry, and to the service that it names,
  // over https or on loopback; to nobody else. Without them everybody's token is tried.
  Login(Reference reference, transport::Transport& transport, std::stop_token stop);

  std::string authorization(const transport::Url& url) override;
  // Throws Error: failed, unreachable.
  bool renew(const transport::Url& url, std::string_view challenge, const std::string& refused) override;
  // For people, after a refusal: what is wrong with the credentials, such as "the registry wants a user, …".
  std::string trouble();

 private:
  std::string get_token(const std::string& realm, const std::string& service, const std::string& scope);
  transport::Request ask_for_token(const transport::Url& place, const std::string& service,
                                   const std::string& scope) const;
  void look_for_credentials();
  Error cannot_log_in(const std::string& reason) const;

  const Reference reference_;
  transport::Transport& transport_;
  std::stop_token stop_;
  std::mutex mutex_;
  std::string authorization_;               // guarded by mutex_
  std::optional<Credentials> credentials_;  // guarded by mutex_
  std::string trouble_;                     // guarded by mutex_; why there are none, or no token
  bool has_looked_ = false;                 // guarded by mutex_
};

}  // namespace gopack::registry
