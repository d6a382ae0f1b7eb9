// One HTTP request and its response; what comes before and after (redirections, retries, resuming) is
// decided elsewhere.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "curl_handle.hpp"
#include "gopack/base/bytes.hpp"
#include "gopack/transport/transport.hpp"

namespace gopack::transport {

struct ResponseHead {
  long status = 0;
  std::optional<std::uint64_t> length;  // of the body that follows
  std::string etag;
  std::string last_modified;
  std::string date;
  std::string age;
  std::string content_range;
  std::string retry_after;
  std::string location;
  std::string challenge;  // WWW-Authenticate, several with a comma between
  std::string link;
};

// Takes "Name: value" into the fields above; other headers are ignored.
void take_header(ResponseHead& head, std::string_view line);

// The time from Last-Modified to Date and, where a cache kept the response since, its Age (RFC 9110, 8.8.2
// and 6.6.1; RFC 9111, 5.1). Nothing without both dates, or when they contradict each other.
std::optional<std::chrono::seconds> unchanged_for(const ResponseHead& head);

// Takes the body of a response, as a rule of one with status 200 or 206. False ends the transfer, which is no
// failure.
class BodySink {
 public:
  virtual ~BodySink() = default;
  virtual bool wants(long status) const { return status == 200 || status == 206; }
  virtual bool begin(const ResponseHead& head) = 0;  // once, before any byte
  virtual bool write(ByteView bytes) = 0;
};

inline constexpr const char* kProxyPassword = "give the proxy's user and password in HTTPS_PROXY";

// Why there is no complete response.
struct Failure {
  std::string reason;
  std::string hint;
  bool may_pass = false;
  bool was_connected = true;
  std::optional<std::chrono::seconds> retry_after = {};
};

struct Outcome {
  ResponseHead head;
  std::optional<Failure> failure;
};

struct ExchangeRequest {
  Url url;
  std::string method = "GET";
  std::vector<std::string> headers = {};  // "Name: value"
  const File* file = nullptr;             // the body: a whole file, else `text`
  std::string_view text = {};
  bool use_netrc = true;
  bool asks_for_part = false;
  bool takes_any_status = false;  // of those that do not pass by themselves
};

// Does exchanges; keeps connections for the next one. Any number of threads may use it.
class Exchanger {
 public:
  Exchanger(const TransportOptions& options, std::stop_token stop);

  // Network trouble is a Failure of the Outcome. Throws Error (interrupted) and whatever `sink` throws.
  Outcome run(const ExchangeRequest& request, BodySink& sink);

 private:
  Easy prepare(const ExchangeRequest& request) const;
  CURLcode perform(const Multi& multi, const Easy& easy) const;
  Multi take_connections();
  void give_connections(Multi connections);

  CurlLibrary library_;  // first: the rest needs it
  TransportOptions options_;
  std::stop_token stop_;
  std::string ca_file_;
  std::string ca_directory_;
  std::mutex mutex_;
  std::vector<Multi> idle_;  // guarded by mutex_
};

}  // namespace gopack::transport
