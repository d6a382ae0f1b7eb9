// Where releases come from: the official site, mirrors, directories, module proxies.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/release/index.hpp"
#include "gopack/source/go_environment.hpp"
#include "gopack/transport/transport.hpp"

namespace gopack::source {

// What manifests say of a digest from the index of the official site.
inline constexpr const char* kOfficialIndex = "official release index";

// An archive that a source has.
struct Offer {
  release::ReleaseFile file;         // its filename is the name in downloads/
  std::vector<transport::Url> urls;  // to be tried in order
  bool is_module = false;            // a toolchain module's zip: proved by the checksum database
  std::string source;                // for people and manifests, without credentials
  std::string verified_by;           // what the SHA-256 comes from, e.g. "release index"; empty without one
};

class Source {
 public:
  virtual ~Source() = default;
  // "official", a URL without credentials, a directory, "goproxy".
  virtual std::string name() const = 0;
  // Every archive it has, in no particular order; it is asked at the first call. Throws Error (unreachable).
  const std::vector<Offer>& list();
  // How long the index that list() has read has been as it is, by the clock of the server that has it.
  // Nothing where that cannot be known.
  virtual std::optional<std::chrono::seconds> index_age() const { return std::nullopt; }
  // Fills in what proves the archive, where listing alone did not (a ".sha256" beside it). An offer
  // may still have no SHA-256 afterwards.
  virtual void pin(Offer& offer) = 0;

 private:
  virtual std::vector<Offer> ask() = 0;

  std::optional<std::vector<Offer>> offers_;
};

// Makes the source that the user names: "official", "goproxy", "goproxy+URL", an http(s) or file URL, or a
// directory. Throws Error (usage) for anything else. Nothing is asked before list().
//  - official: the index of the download site; archives from its download host.
//  - a mirror: index.json, the same index, or the archive names in its directory listing.
//  - a directory, file://: archives by name; digests from index.json or SHA256SUMS.
//  - goproxy: the toolchain modules that GOPROXY has, or the URL in its place; in a file:// tree those whose
//    zip is there. Their digest is the checksum database's business; pin() adds nothing.
// All but goproxy pin an archive by the "<file>.sha256" beside it. `transport` outlives the source.
// `official`, where it is given, is what "official" means: a site laid out like a mirror.
std::unique_ptr<Source> make_source(std::string_view name, transport::Transport& transport,
                                    const GoEnvironment& go,
                                    const std::optional<transport::Url>& official = {});

}  // namespace gopack::source
