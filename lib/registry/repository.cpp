#include "gopack/registry/repository.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <type_traits>

#include "gopack/base/error.hpp"
#include "login.hpp"

namespace gopack::registry {

namespace {

using Json = nlohmann::json;
using transport::Answer;
using transport::Request;

constexpr std::uint64_t kLargestTagList = 16 << 20;  // bytes
constexpr std::size_t kMostTags = 100'000;

constexpr const char* kAccept =
    "Accept: application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, "
    "application/vnd.docker.distribution.manifest.v2+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json";

constexpr const char* kHint =
    "check the repository's name, the network, HTTPS_PROXY and, for a certificate authority of your own, "
    "SSL_CERT_FILE; the same command goes on where it stopped";

std::string digest_of(const pack::Descriptor& descriptor) {
  return "sha256:" + descriptor.sha256.hex();
}

// The registry's own word for a fault, such as "MANIFEST_UNKNOWN"; empty where it gives none.
std::string code_of(const Answer& answer) {
  const auto json = Json::parse(answer.text, nullptr, false);
  if (!json.is_object() || !json.contains("errors") || !json["errors"].is_array() || json["errors"].empty())
    return {};
  const auto& first = json["errors"].front();
  if (!first.is_object() || !first.contains("code") || !first["code"].is_string()) return {};
  return printable(first["code"].get<std::string>());
}

bool is_about_blobs(std::string_view code) {
  return code == "MANIFEST_BLOB_UNKNOWN" || code == "BLOB_UNKNOWN" || code == "DIGEST_INVALID";
}

std::vector<std::string> tags_of(const Answer& answer) {
  const auto json = Json::parse(answer.text, nullptr, false);
  if (!json.is_object() || !json.contains("tags")) return {};
  std::vector<std::string> tags;
  for (const auto& tag : json["tags"]) {
    if (tag.is_string()) tags.push_back(tag);
  }
  return tags;
}

}  // namespace

class Repository::Client {
 public:
  Client(const Reference& reference, transport::Transport& transport, std::stop_token stop)
      : reference_(reference), transport_(transport), login_(reference, transport, std::move(stop)) {}

  transport::Url url(std::string_view below) const {
    return reference_.host / fmt::format("v2/{}/{}", reference_.repository, below);
  }

  Request request(const char* method, transport::Url url, std::vector<std::string> headers = {}) {
    return {.method = method, .url = std::move(url), .headers = std::move(headers), .authenticator = &login_};
  }

  // The answer is one that `accepted` lists.
  Answer send(
      const char* what, const Request& first, std::initializer_list<long> accepted,
      std::uint64_t limit = pack::kLargestDocument,
      const std::function<std::optional<Request>(const Answer&)>& next = [](const Answer&) {
        return std::nullopt;
      }) {
    auto answer = hinted([&] { return transport_.send(first, next, limit); });
    if (std::find(accepted.begin(), accepted.end(), answer.status) == accepted.end()) refuse(what, answer);
    return answer;
  }

  transport::Downloaded download(const pack::Descriptor& descriptor, const Dir& directory) {
    return hinted([&] {
      return transport_.download({.url = url("blobs/" + digest_of(descriptor)),
                                  .file = descriptor.sha256.hex(),
                                  .size = descriptor.size,
                                  .max_size = descriptor.size,
                                  .sha256 = descriptor.sha256,
                                  .authenticator = &login_},
                                 directory);
    });
  }

  std::string prove(const char* what, const pack::Descriptor& descriptor, std::string text) const {
    pack::require_content(
        descriptor, text,
        fmt::format("{} {} of {}", what, digest_of(descriptor), printable(reference_.text())));
    return text;
  }

  [[noreturn]] void refuse(const char* what, const Answer& answer) {
    const auto begin = fmt::format("cannot {} {}", what, printable(reference_.text()));
    const auto word = code_of(answer);
    const auto code = word.empty() ? word : ", " + word;
    if (answer.status == 401 || answer.status == 403) {
      const auto reason = login_.trouble();
      throw Error(ErrorKind::unreachable,
                  fmt::format("{}: {} (status {}{})", begin, reason, answer.status, code))
          .with_hint(fmt::format("log in as someone who may, for instance with `docker login {}`",
                                 printable(reference_.authority)));
    }
    throw Error(ErrorKind::unreachable,
                fmt::format("{}: the registry answered with status {}{}", begin, answer.status, code))
        .with_hint(kHint);
  }

 private:
  template <typename Action>
  std::invoke_result_t<Action> hinted(Action action) {
    try {
      return action();
    } catch (Error& error) {
      if (error.kind() == ErrorKind::unreachable && !transport_.is_offline()) error.with_hint(kHint);
      throw;
    }
  }

  const Reference& reference_;
  transport::Transport& transport_;
  Login login_;
};

Repository::Repository(Reference reference, transport::Transport& transport, std::stop_token stop)
    : reference_(std::move(reference)),
      client_(std::make_unique<Client>(reference_, transport, std::move(stop))) {}

Repository::~Repository() = default;

std::optional<std::string> Repository::find_manifest(const std::string& tag) const {
  auto answer =
      client_->send("read", client_->request("GET", client_->url("manifests/" + tag), {kAccept}), {200, 404});
  if (answer.status == 404) return std::nullopt;
  return std::move(answer.text);
}

std::string Repository::manifest(const pack::Descriptor& descriptor) const {
  auto answer = client_->send(
      "read", client_->request("GET", client_->url("manifests/" + digest_of(descriptor)), {kAccept}), {200});
  return client_->prove("read the manifest", descriptor, std::move(answer.text));
}

std::string Repository::blob(const pack::Descriptor& descriptor, std::uint64_t limit) const {
  auto answer = client_->send("read", client_->request("GET", client_->url("blobs/" + digest_of(descriptor))),
                              {200}, limit);
  return client_->prove("read the blob", descriptor, std::move(answer.text));
}

transport::Downloaded Repository::download(const pack::Descriptor& descriptor, const Dir& directory) const {
  return client_->download(descriptor, directory);
}

bool Repository::put_blob(const pack::Descriptor& descriptor, const File& content) const {
  const auto digest = digest_of(descriptor);
  // After a cut it begins with the question again.
  const auto next = [&](const Answer& answer) -> std::optional<Request> {
    if (answer.method == "HEAD" && answer.status == 404)
      return client_->request("POST", client_->url("blobs/uploads/"));
    if (answer.method != "POST" || answer.status != 202 || !answer.location) return std::nullopt;
    auto request = client_->request("PUT", answer.location->and_query("digest=" + digest),
                                    {"Content-Type: application/octet-stream"});
    request.file = &content;
    return request;
  };
  const auto answer =
      client_->send("send a blob to", client_->request("HEAD", client_->url("blobs/" + digest)), {200, 201},
                    pack::kLargestDocument, next);
  return answer.method == "PUT";
}

void Repository::put_manifest(const std::string& tag, const Document& document) const {
  if (document.text.size() > pack::kLargestDocument) {
    throw Error(ErrorKind::unreachable,
                fmt::format("cannot send {} to {}: it has {} bytes, registries take {}", tag,
                            printable(reference_.text()), document.text.size(), pack::kLargestDocument))
        .with_hint("publish to another repository");
  }
  auto request =
      client_->request("PUT", client_->url("manifests/" + tag), {"Content-Type: " + document.media_type});
  request.text = document.text;
  // While another client sends a blob that is there already, some registries do not know it for a moment.
  constexpr int kMostAttempts = 20;
  int attempts = 1;
  client_->send("send a manifest to", request, {201}, pack::kLargestDocument,
                [&](const Answer& answer) -> std::optional<Request> {
                  const bool may_pass = answer.status == 400 && is_about_blobs(code_of(answer));
                  if (!may_pass || ++attempts > kMostAttempts) return std::nullopt;
                  return request;
                });
}

std::vector<std::string> Repository::tags() const {
  std::vector<std::string> tags;
  std::optional place = client_->url("tags/list").with_query("n=1000");
  std::set<transport::Url> seen;
  while (place && seen.insert(*place).second) {
    if (tags.size() > kMostTags) {
      throw Error(ErrorKind::unreachable, fmt::format("cannot list the tags of {}: there are more than {}",
                                                      printable(reference_.text()), kMostTags))
          .with_hint("publish to another repository");
    }
    const auto answer =
        client_->send("list the tags of", client_->request("GET", *place), {200, 404}, kLargestTagList);
    if (answer.status == 404) break;
    auto found = tags_of(answer);
    tags.insert(tags.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
    place = answer.next;
  }
  return tags;
}

}  // namespace gopack::registry
