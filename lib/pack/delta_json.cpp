#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "gopack/base/error.hpp"
#include "gopack/base/json_fault.hpp"
#include "gopack/base/json_size.hpp"
#include "gopack/pack/delta.hpp"

namespace gopack::pack {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::pair<Codec, const char*>, 3> kCodecs = {
    {{Codec::full, "full"}, {Codec::zstd_patch, "zstd-patch"}, {Codec::bsdiff, "bsdiff"}}};

Error malformed_delta(std::string_view reason) {
  return {ErrorKind::integrity, fmt::format("cannot read a delta: {}", reason)};
}

Codec parse_codec(const std::string& text) {
  for (const auto& [codec, name] : kCodecs) {
    if (text == name) return codec;
  }
  throw malformed_delta(fmt::format("the codec \"{}\" is not known", printable(text)));
}

std::uint64_t parse_size(const Json& json) {
  const auto size = find_size(json);
  if (!size) throw malformed_delta("a size is malformed");
  return *size;
}

digest::Sha256 parse_digest(const Json& json) {
  const auto digest = digest::Sha256::try_parse(json.get_ref<const std::string&>());
  if (!digest) throw malformed_delta("a SHA-256 is malformed");
  return *digest;
}

Json to_json(const Operation& operation) {
  Json json{{"codec", kCodecs.at(static_cast<std::size_t>(operation.codec)).second},
            {"sha256", operation.result.hex()},
            {"size", operation.size},
            {"packed", operation.packed}};
  if (operation.codec != Codec::full) json["base"] = operation.base.hex();
  return json;
}

Operation parse_operation(const Json& json) {
  Operation operation;
  operation.codec = parse_codec(json.at("codec"));
  operation.result = parse_digest(json.at("sha256"));
  operation.size = parse_size(json.at("size"));
  operation.packed = parse_size(json.at("packed"));
  if (operation.codec != Codec::full) operation.base = parse_digest(json.at("base"));
  return operation;
}

tree::StoreId parse_id(const Json& json) {
  const auto& text = json.get_ref<const std::string&>();
  if (!tree::StoreId::is_valid(text)) throw malformed_delta("the name of a tree is malformed");
  return tree::StoreId(text);
}

}  // namespace

std::string Delta::to_json() const {
  Json json{{"schema", 1},
            {"from", from.text()},
            {"to", to.text()},
            {"manifest", {{"size", manifest_size}, {"packed", manifest_packed}}},
            {"operations", Json::array()}};
  for (const auto& operation : operations) json["operations"].push_back(pack::to_json(operation));
  return json.dump() + "\n";
}

Delta Delta::from_json(std::string_view text) {
  try {
    const auto json = Json::parse(text);
    if (json.at("schema") != 1) throw malformed_delta("its schema is not 1");
    Delta delta{.from = parse_id(json.at("from")), .to = parse_id(json.at("to")), .operations = {}};
    delta.manifest_size = parse_size(json.at("manifest").at("size"));
    delta.manifest_packed = parse_size(json.at("manifest").at("packed"));
    for (const auto& operation : json.at("operations"))
      delta.operations.push_back(parse_operation(operation));
    return delta;
  } catch (const nlohmann::json::exception& error) {
    throw malformed_delta(json_fault(error.id, error.what()));
  }
}

}  // namespace gopack::pack
