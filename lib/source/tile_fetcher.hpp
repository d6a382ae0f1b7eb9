// The tiles of a checksum database, from whichever endpoint has them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gopack/transport/transport.hpp"
#include "proxies.hpp"
#include "tlog.hpp"

namespace gopack::source {

// What it reads is not proved: that is ProvenTree's work. Used by one thread at a time.
class TileFetcher {
 public:
  // `endpoints` are the base URLs of one database, in the order they are to be asked; both outlive this
  // object.
  TileFetcher(const std::vector<Proxy>& endpoints, transport::Transport& transport)
      : endpoints_(endpoints), transport_(transport) {}

  // Throws Error: unreachable when no endpoint has the tile; integrity when one sends something else.
  TileHashes read(const Tile& tile);

 private:
  std::optional<TileHashes> find(const Proxy& endpoint, const Tile& tile);
  std::optional<TileHashes> find_exactly(const Proxy& endpoint, const Tile& tile);

  const std::vector<Proxy>& endpoints_;
  transport::Transport& transport_;
  std::map<std::string, TileHashes> read_;  // by path
};

}  // namespace gopack::source
