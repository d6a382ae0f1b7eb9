// Data files compiled into the program by gopack_embed (cmake/GopackEmbed.cmake).
#pragma once

#include <span>
#include <string_view>

namespace gopack {

struct EmbeddedFile {
  std::string_view name;  // file name without directory, e.g. "minimal.yaml"
  std::string_view text;
};

}  // namespace gopack
