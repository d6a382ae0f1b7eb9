#include "credentials.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "gopack/base/error.hpp"
#include "gopack/base/json_fault.hpp"
#include "gopack/base/user_directories.hpp"
#include "gopack/digest/base64.hpp"

namespace gopack::registry {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kLargestFile = 1 << 20;  // bytes
constexpr std::chrono::seconds kPatience{60};    // with a helper, which may ask its user

template <typename Read>
auto read_json(std::string_view text, const std::string& name, Read read) {
  try {
    return read(Json::parse(text));
  } catch (const Json::exception& error) {
    throw Error(ErrorKind::failed, fmt::format("cannot read the credentials in {}: {}", printable(name),
                                               json_fault(error.id, error.what())))
        .with_hint("log in to the registry again, with the client that wrote it");
  }
}

// Null is as good as nothing. Throws the library's exception for anything else that is not an object.
const Json::object_t& members(const Json& json) {
  static const Json::object_t kNone;
  return json.is_null() ? kNone : json.get_ref<const Json::object_t&>();
}

std::string text_or_empty(const Json& object, const char* key) {
  const auto at = members(object).find(key);
  const bool is_there = at != members(object).end() && !at->second.is_null();
  return is_there ? at->second.get<std::string>() : std::string();
}

// How a registry is named there: by its authority, and in old files by the URL of its interface.
bool is_named(std::string_view key, std::string_view authority) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (key.starts_with(scheme)) key.remove_prefix(scheme.size());
  }
  if (!key.starts_with(authority)) return false;
  constexpr std::array<std::string_view, 6> kRests{"", "/", "/v1", "/v1/", "/v2", "/v2/"};
  return std::find(kRests.begin(), kRests.end(), key.substr(authority.size())) != kRests.end();
}

const Json* find_entry(const Json& config, const char* section, std::string_view authority) {
  const auto at = members(config).find(section);
  if (at == members(config).end()) return nullptr;
  for (const auto& [key, value] : members(at->second)) {
    if (is_named(key, authority)) return &value;
  }
  return nullptr;
}

std::optional<Credentials> ask_helper(const std::string& name, std::string_view authority,
                                      const Environment& environment, const std::stop_token& stop) {
  const auto program = "docker-credential-" + name;
  if (name.find_first_of("/\\") != std::string::npos) {
    throw Error(
        ErrorKind::failed,
        fmt::format("cannot ask for credentials: \"{}\" is not the name of a helper", printable(name)));
  }
  const auto result = run_process({program, "get"}, environment,
                                  {.input = std::string(authority), .stop = stop, .time_limit = kPatience});
  if (result.is_overdue) {
    throw Error(ErrorKind::failed,
                fmt::format("cannot ask for credentials: {} has not answered in time", printable(program)));
  }
  if (result.status != 0) {
    if (result.output.find("not found") != std::string::npos)
      return std::nullopt;  // the protocol's word for none
    throw Error(ErrorKind::failed, fmt::format("cannot ask for credentials: {} ended with status {}",
                                               printable(program), result.status));
  }
  return read_json(result.output, program, [](const Json& answer) {
    Credentials found{answer.at("Username"), answer.at("Secret"), {}};
    if (found.user == "<token>") found = {{}, {}, found.password};
    return found;
  });
}

std::optional<Credentials> read_entry(const Json& entry, const std::string& file) {
  const auto token = text_or_empty(entry, "identitytoken");
  if (!token.empty()) return Credentials{{}, {}, token};
  const auto encoded = text_or_empty(entry, "auth");
  if (encoded.empty()) {
    const Credentials plain{text_or_empty(entry, "username"), text_or_empty(entry, "password"), {}};
    return plain.user.empty() ? std::nullopt : std::optional(plain);
  }
  const auto decoded = digest::base64_decode(encoded);
  const auto colon = decoded ? std::find(decoded->begin(), decoded->end(), ':') : decltype(decoded->end())();
  if (!decoded || colon == decoded->end()) {
    throw Error(
        ErrorKind::failed,
        fmt::format("cannot read the credentials in {}: an \"auth\" is not a user and a password in Base64",
                    printable(file)));
  }
  return Credentials{std::string(decoded->begin(), colon), std::string(colon + 1, decoded->end()), {}};
}

}  // namespace

std::string credentials_file(const Environment& environment) {
  const std::filesystem::path home = value_of(environment, kHomeVariable);
  const std::filesystem::path directory = value_of(environment, "DOCKER_CONFIG");
  return ((directory.empty() ? home / ".docker" : directory) / "config.json").string();
}

std::optional<Credentials> find_credentials(std::string_view authority, const Environment& environment,
                                            const std::stop_token& stop) {
  const auto file = credentials_file(environment);
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return std::nullopt;
  return read_json(
      read_text(file, kLargestFile), file, [&](const Json& config) -> std::optional<Credentials> {
        const auto* helper = find_entry(config, "credHelpers", authority);
        const auto name = helper != nullptr && !helper->is_null() ? helper->get<std::string>()
                                                                  : text_or_empty(config, "credsStore");
        std::optional<Error> trouble;
        try {
          if (auto found = name.empty() ? std::nullopt : ask_helper(name, authority, environment, stop))
            return found;
        } catch (const Error& error) {
          if (error.kind() == ErrorKind::interrupted) throw;
          trouble = error;
        }
        const auto* entry = find_entry(config, "auths", authority);
        auto found = entry != nullptr ? read_entry(*entry, file) : std::nullopt;
        if (!found && trouble) throw Error(*trouble);
        return found;
      });
}

}  // namespace gopack::registry
