// What makes a layout readable as a registry where a web server shows it: its manifests and its index under
// the names by which registries know them, with endings that give them their media types, and a part of a
// configuration of nginx that says so. Other than names of registries these are names that every filesystem
// has.
#pragma once

#include <string>
#include <string_view>

#include "gopack/base/file.hpp"

namespace gopack::pack {

inline constexpr const char* kNginxFile = "nginx.conf";

class StaticRegistry {
 public:
  // `layout` outlives this object.
  explicit StaticRegistry(const Dir& layout);

  void put_manifest(const std::string& tag, std::string_view text) const;
  // After the manifests that it names; as "latest". Then the configuration.
  void put_index(std::string_view text) const;

 private:
  const Dir& layout_;
  Dir manifests_;
};

// The configuration for a layout in that directory.
std::string nginx_configuration(const std::string& directory);

}  // namespace gopack::pack
