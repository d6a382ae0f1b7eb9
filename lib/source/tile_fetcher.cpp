#include "tile_fetcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <system_error>

namespace gopack::source {

namespace {

constexpr std::uint64_t kBodyLimit = 64 << 10;

std::optional<TileHashes> parse_hashes(std::string_view bytes, std::uint32_t width) {
  if (bytes.size() != std::size_t{width} * digest::Sha256::kSize) return std::nullopt;
  TileHashes hashes;
  for (std::size_t at = 0; at < bytes.size(); at += digest::Sha256::kSize) {
    std::array<std::uint8_t, digest::Sha256::kSize> hash{};
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), hash.size(), hash.begin());
    hashes.emplace_back(hash);
  }
  return hashes;
}

// The narrowest of the partial tiles in a local directory that `tile` is a part of.
std::optional<Tile> find_wider(const transport::Url& endpoint, const Tile& tile) {
  const std::filesystem::path path = (endpoint / tile.path()).file_path();
  std::optional<Tile> best;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(path.parent_path(), code)) {
    const auto name = entry.path().filename().string();
    std::uint32_t width = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), width);
    if (error != std::errc() || end != name.data() + name.size()) continue;
    if (width <= tile.width || width >= Tile::kFullWidth || (best && width >= best->width)) continue;
    best = Tile{tile.level, tile.index, width};
  }
  return best;
}

}  // namespace

TileHashes TileFetcher::read(const Tile& tile) {
  const auto path = tile.path();
  const auto known = read_.find(path);
  if (known != read_.end()) return known->second;
  auto hashes = in_context("reading " + path, [&] {
    return first_answer(endpoints_, [&](const Proxy& endpoint) { return find(endpoint, tile); });
  });
  if (!hashes) {
    throw Error(ErrorKind::unreachable,
                fmt::format("cannot get {} of the checksum database: no endpoint has it", path))
        .with_hint("set GOPROXY to a proxy that serves the checksum database, or allow the database itself");
  }
  return read_.emplace(path, std::move(*hashes)).first->second;
}

std::optional<TileHashes> TileFetcher::find(const Proxy& endpoint, const Tile& tile) {
  auto hashes = find_exactly(endpoint, tile);
  if (hashes || !tile.is_partial()) return hashes;
  // A tile only grows: a later state of it starts with the same hashes. Databases drop partial tiles once the
  // full one is there, and a module cache has only those that the go command needed.
  hashes = find_exactly(endpoint, {tile.level, tile.index});
  if (!hashes && endpoint.url.is_file()) {
    if (const auto wider = find_wider(endpoint.url, tile)) hashes = find_exactly(endpoint, *wider);
  }
  if (hashes) hashes->resize(tile.width);
  return hashes;
}

std::optional<TileHashes> TileFetcher::find_exactly(const Proxy& endpoint, const Tile& tile) {
  const auto url = endpoint.url / tile.path();
  const auto body = transport_.try_get(url, kBodyLimit);
  if (!body) return std::nullopt;
  auto hashes = parse_hashes(*body, tile.width);
  if (!hashes) {
    throw Error(ErrorKind::integrity, fmt::format("cannot use {}: expected {} bytes, found {}", url.text(),
                                                  tile.width * digest::Sha256::kSize, body->size()))
        .with_hint("see whether a proxy answers in the database's place");
  }
  return hashes;
}

}  // namespace gopack::source
