// Names of repositories: "oci://host[:port]/name[/name…][:tag]".
#pragma once

#include <string>
#include <string_view>

#include "gopack/transport/url.hpp"

namespace gopack::registry {

inline constexpr const char* kDefaultTag = "latest";

struct Reference {
  transport::Url host;     // https; http on loopback, as other clients have it
  std::string authority;   // "host[:port]"
  std::string repository;  // "name/name"
  std::string tag = kDefaultTag;

  // Whether it is meant to be one, well-formed or not.
  static bool is_one(std::string_view text);
  // Follows the OCI Distribution Specification 1.1. Throws Error (usage).
  static Reference parse(std::string_view text);
  std::string text() const;
};

}  // namespace gopack::registry
