#include "gopack/pack/static_registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "gopack/base/replace.hpp"
#include "gopack/digest/sha256.hpp"
#include "gopack/pack/oci.hpp"

namespace gopack::pack {

namespace {

// To be put into a "server".
constexpr const char* kConfiguration =
    R"(# Shows this directory as a registry that is only read: oci://HOST/{0}
# Include this file in a "server" of nginx. It follows from the directory's path: after it is moved, publish again.
location = /v2/ {{
    default_type application/json;
    return 200 '{{}}';
}}
location ~ "^/v2/{0}/manifests/(?:sha256:)?(?<gopack_name>[A-Za-z0-9_][A-Za-z0-9._-]*)$" {{
    root "{1}";
    types {{
        {2} manifest;
        {3} index;
    }}
    try_files /manifests/$gopack_name.manifest /manifests/$gopack_name.index =404;
}}
location ~ "^/v2/{0}/blobs/sha256:(?<gopack_name>[0-9a-f]+)$" {{
    root "{1}";
    types {{ }}
    default_type application/octet-stream;
    try_files /blobs/sha256/$gopack_name =404;
}}
)";

// As a part of a repository's name.
std::string name_of(const std::string& directory) {
  const auto name = std::filesystem::path(directory).filename().string();
  const bool is_one =
      !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string::npos;
  return is_one ? name : "go";
}

}  // namespace

StaticRegistry::StaticRegistry(const Dir& layout)
    : layout_(layout), manifests_(layout.ensure_dir("manifests")) {}

void StaticRegistry::put_manifest(const std::string& tag, std::string_view text) const {
  for (const auto& name : {digest::hash(text).hex(), tag})
    replace_text(manifests_, name + ".manifest", text, false);
}

void StaticRegistry::put_index(std::string_view text) const {
  for (const auto& name : {digest::hash(text).hex(), std::string("latest")})
    replace_text(manifests_, name + ".index", text, false);
  replace_text(layout_, kNginxFile, nginx_configuration(layout_.path().string()), false);
}

std::string nginx_configuration(const std::string& directory) {
  // What nginx takes for a variable, or for the end of a text.
  const bool is_plain = directory.find_first_of("$\"\\\n") == std::string::npos;
  return fmt::format(kConfiguration, name_of(directory), is_plain ? directory : "/PATH/OF/THIS/DIRECTORY",
                     media_type::kImageManifest, media_type::kImageIndex);
}

}  // namespace gopack::pack
