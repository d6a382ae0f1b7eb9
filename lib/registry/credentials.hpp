// Who the user is to a registry, as other clients have been told: config.json of docker's client
// (DOCKER_CONFIG, else ~/.docker), and the helpers that it names (docker-credential-NAME).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gopack/base/process.hpp"

namespace gopack::registry {

struct Credentials {
  std::string user;
  std::string password;
  std::string identity_token;  // in place of both
};

// The file that is read, for messages; it need not exist.
std::string credentials_file(const Environment& environment);

// Nothing where that says nothing of `authority` ("host:port"). Throws Error (failed) when the file or what a
// helper says is malformed; neither is quoted.
std::optional<Credentials> find_credentials(std::string_view authority, const Environment& environment,
                                            const std::stop_token& stop);

}  // namespace gopack::registry
