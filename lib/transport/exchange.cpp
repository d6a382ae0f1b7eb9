#include "exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <exception>
#include <span>
#include <utility>

#include "authorities.hpp"
#include "cannot_get.hpp"
#include "gopack/base/ascii.hpp"
#include "gopack/base/process.hpp"

namespace gopack::transport {

namespace {

constexpr std::size_t kMaxHeaderBytes = 64 << 10;
constexpr std::size_t kMaxIgnoredBody =
    64 << 10;  // of errors and redirections; beyond, the connection is dropped
constexpr long kSlowestBytesPerSecond = 1024;
constexpr long kBufferBytes = 256 << 10;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

// The state of one exchange, as libcurl's callbacks see it.
class Response {
 public:
  Response(CURL* easy, const Url& url, BodySink& sink) : easy_(easy), url_(url), sink_(sink) {}

  const ResponseHead& head() const { return head_; }
  bool was_declined() const { return declined_; }

  // False ends the transfer.
  bool take_header_line(std::string_view line) noexcept {
    return parked([&] {
      header_bytes_ += line.size();
      if (header_bytes_ > kMaxHeaderBytes) throw cannot_get(url_, "endless headers");
      if (begun_) return;                         // a trailer
      if (line.starts_with("HTTP/")) head_ = {};  // an earlier response (1xx) is over
      take_header(head_, line);
    });
  }

  bool take_body(ByteView bytes) noexcept {
    return parked([&] {
             begin();
             if (!declined_) declined_ = !(is_wanted() ? sink_.write(bytes) : ignore(bytes));
           }) &&
           !declined_;
  }

  // After the transfer, too: an empty body has no bytes to begin with.
  void begin() {
    if (std::exchange(begun_, true)) return;
    check(curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &head_.status), "read a response");
    curl_off_t length = -1;
    check(curl_easy_getinfo(easy_, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length), "read a response");
    if (length >= 0) head_.length = static_cast<std::uint64_t>(length);
    if (is_wanted()) declined_ = !sink_.begin(head_);
  }

  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  bool is_wanted() const { return sink_.wants(head_.status); }

  bool ignore(ByteView bytes) {
    ignored_bytes_ += bytes.size();
    return ignored_bytes_ <= kMaxIgnoredBody;
  }

  template <typename Action>
  bool parked(Action action) noexcept {
    try {
      action();
      return true;
    } catch (...) {
      failure_ = std::current_exception();
      return false;
    }
  }

  CURL* easy_;
  const Url& url_;
  BodySink& sink_;
  ResponseHead head_;
  std::size_t header_bytes_ = 0;
  std::size_t ignored_bytes_ = 0;
  bool begun_ = false;
  bool declined_ = false;
  std::exception_ptr failure_;
};

// The body of a request, as libcurl's callbacks see it.
class Upload {
 public:
  explicit Upload(const ExchangeRequest& request)
      : file_(request.file),
        text_(as_bytes(request.text)),
        size_(file_ != nullptr ? file_->status().size : text_.size()) {}

  std::uint64_t size() const { return size_; }
  void rewind_to(std::uint64_t offset) { offset_ = offset; }

  std::size_t read(std::span<std::byte> into) noexcept {
    try {
      into = into.first(std::min<std::uint64_t>(into.size(), size_ - offset_));
      const auto read = file_ != nullptr ? file_->read_at(into, offset_) : into.size();
      if (file_ == nullptr)
        std::copy_n(text_.begin() + static_cast<std::ptrdiff_t>(offset_), read, into.begin());
      offset_ += read;
      return read;
    } catch (...) {
      failure_ = std::current_exception();
      return CURL_READFUNC_ABORT;
    }
  }

  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  const File* file_;
  ByteView text_;
  std::uint64_t size_;
  std::uint64_t offset_ = 0;
  std::exception_ptr failure_;
};

extern "C" {

std::size_t gopack_give_body(char* data, std::size_t size, std::size_t count, void* upload) noexcept {
  return static_cast<Upload*>(upload)->read(std::as_writable_bytes(std::span(data, size * count)));
}

int gopack_rewind_body(void* upload, curl_off_t offset, int origin) noexcept {
  if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
  static_cast<Upload*>(upload)->rewind_to(static_cast<std::uint64_t>(offset));
  return CURL_SEEKFUNC_OK;
}

std::size_t gopack_take_header(char* data, std::size_t size, std::size_t count, void* response) noexcept {
  const auto bytes = size * count;
  return static_cast<Response*>(response)->take_header_line({data, bytes}) ? bytes : 0;
}

std::size_t gopack_take_body(char* data, std::size_t size, std::size_t count, void* response) noexcept {
  const auto bytes = size * count;
  return static_cast<Response*>(response)->take_body(as_bytes({data, bytes})) ? bytes : 0;
}

}  // extern "C"

// An easy handle leaves its multi handle whatever happens.
struct Added {
  CURLM* multi;
  CURL* easy;
  ~Added() { curl_multi_remove_handle(multi, easy); }
};

template <typename Value>
void set(const Easy& easy, CURLoption option, Value value) {
  check(curl_easy_setopt(easy.get(), option, value), "prepare a transfer");
}

bool is_about_certificates(CURLcode code) {
  return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
         code == CURLE_SSL_ISSUER_ERROR;
}

bool may_pass(CURLcode code) {
  static constexpr std::array kLasting{CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT, CURLE_FAILED_INIT,
                                       CURLE_NOT_BUILT_IN,         CURLE_OUT_OF_MEMORY, CURLE_WRITE_ERROR,
                                       CURLE_WEIRD_SERVER_REPLY,   CURLE_SSL_CIPHER};
  return !is_about_certificates(code) && std::find(kLasting.begin(), kLasting.end(), code) == kLasting.end();
}

// Nothing unless a proxy was asked to connect and answered otherwise.
std::optional<Failure> refused_by_proxy(const Easy& easy) {
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_HTTP_CONNECTCODE, &status);
  if (status < 300) return std::nullopt;
  return Failure{.reason = fmt::format("the proxy answered with status {}", status),
                 .hint = status == 407 ? kProxyPassword : "check HTTPS_PROXY and NO_PROXY",
                 .may_pass = is_transient(status)};
}

Failure describe(CURLcode code, const Easy& easy, std::string_view detail) {
  if (auto refusal = refused_by_proxy(easy)) return *std::move(refusal);
  curl_off_t connected_after = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_CONNECT_TIME_T, &connected_after);
  // libcurl quotes a malformed proxy setting, password included.
  const bool is_printable =
      !detail.empty() && code != CURLE_COULDNT_RESOLVE_PROXY && detail.find('@') == detail.npos;
  Failure failure;
  failure.reason = printable(is_printable ? detail : std::string_view(curl_easy_strerror(code)));
  failure.may_pass = may_pass(code);
  failure.was_connected = connected_after > 0;
  failure.hint =
      is_about_certificates(code)
          ? "if your network has a certificate authority of its own, or this system has none, name a file of "
            "authorities in SSL_CERT_FILE"
          : "check the network, HTTPS_PROXY and NO_PROXY, or use another --source";
  return failure;
}

// Debian's libcurl was built with a file of them, one in a static program with none.
bool has_own_authorities() {
  const auto* built = curl_version_info(CURLVERSION_NOW);
  return built->age >= CURLVERSION_SEVENTH && (built->cainfo != nullptr || built->capath != nullptr);
}

}  // namespace

void take_header(ResponseHead& head, std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  static constexpr std::array<std::pair<std::string_view, std::string ResponseHead::*>, 8> kFields{{
      {"etag", &ResponseHead::etag},
      {"last-modified", &ResponseHead::last_modified},
      {"date", &ResponseHead::date},
      {"age", &ResponseHead::age},
      {"content-range", &ResponseHead::content_range},
      {"retry-after", &ResponseHead::retry_after},
      {"location", &ResponseHead::location},
      {"link", &ResponseHead::link},
  }};
  const auto found = line.substr(0, colon);
  const auto value = trimmed(line.substr(colon + 1));
  for (const auto& [name, field] : kFields) {
    if (equals_ignoring_case(found, name)) head.*field = value;
  }
  if (equals_ignoring_case(found, "www-authenticate")) {
    if (!head.challenge.empty()) head.challenge += ", ";
    head.challenge += value;
  }
}

std::optional<std::chrono::seconds> unchanged_for(const ResponseHead& head) {
  const auto changed = curl_getdate(head.last_modified.c_str(), nullptr);
  const auto answered = curl_getdate(head.date.c_str(), nullptr);
  if (changed < 0 || answered < changed) return std::nullopt;
  std::uint32_t kept = 0;
  std::from_chars(head.age.data(), head.age.data() + head.age.size(), kept);
  return std::chrono::seconds(answered - changed) + std::chrono::seconds(kept);
}

Exchanger::Exchanger(const TransportOptions& options, std::stop_token stop)
    : options_(options),
      stop_(std::move(stop)),
      // The curl program reads these, its library does not.
      ca_file_(authorities_file({.curl_ca_bundle = environment_variable("CURL_CA_BUNDLE").value_or(""),
                                 .ssl_cert_file = environment_variable("SSL_CERT_FILE").value_or(""),
                                 .library_has_own = has_own_authorities(),
                                 .system_places = system_authorities()})),
      ca_directory_(environment_variable("SSL_CERT_DIR").value_or("")) {}

Easy Exchanger::prepare(const ExchangeRequest& request) const {
  auto easy = made(Easy(curl_easy_init()));
  set(easy, CURLOPT_URL, request.url.secret().c_str());
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_USERAGENT, options_.user_agent.c_str());
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  // Schannel alone asks for lists of revoked certificates; some authorities have none, or none that is
  // reached.
  for (const auto option : {CURLOPT_SSL_OPTIONS, CURLOPT_PROXY_SSL_OPTIONS})
    set(easy, option, static_cast<long>(CURLSSLOPT_REVOKE_BEST_EFFORT));
  set(easy, CURLOPT_BUFFERSIZE, kBufferBytes);
  set(easy, CURLOPT_CONNECTTIMEOUT, static_cast<long>(options_.connect_timeout.count()));
  set(easy, CURLOPT_LOW_SPEED_LIMIT, kSlowestBytesPerSecond);
  set(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(options_.stall_timeout.count()));
  set(easy, CURLOPT_NETRC, static_cast<long>(request.use_netrc ? CURL_NETRC_OPTIONAL : CURL_NETRC_IGNORED));
  for (const auto option : {CURLOPT_CAINFO, CURLOPT_PROXY_CAINFO}) {
    if (!ca_file_.empty()) set(easy, option, ca_file_.c_str());
  }
  for (const auto option : {CURLOPT_CAPATH, CURLOPT_PROXY_CAPATH}) {
    if (ca_directory_.empty()) continue;
    const auto code = curl_easy_setopt(easy.get(), option, ca_directory_.c_str());
    if (code != CURLE_NOT_BUILT_IN) check(code, "prepare a transfer");  // Schannel knows no such directory
  }
  return easy;
}

namespace {

void set_method(const Easy& easy, const ExchangeRequest& request, Upload& upload) {
  if (request.method == "GET") return;
  if (request.method == "HEAD") return set(easy, CURLOPT_NOBODY, 1L);
  set(easy, CURLOPT_UPLOAD, 1L);
  set(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  set(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(upload.size()));
  set(easy, CURLOPT_READFUNCTION, &gopack_give_body);
  set(easy, CURLOPT_READDATA, &upload);
  set(easy, CURLOPT_SEEKFUNCTION, &gopack_rewind_body);
  set(easy, CURLOPT_SEEKDATA, &upload);
}

}  // namespace

Outcome Exchanger::run(const ExchangeRequest& request, BodySink& sink) {
  throw_if_stopped(stop_);
  auto multi = take_connections();
  const auto easy = prepare(request);
  HeaderList headers;
  for (const auto& line : request.headers) {
    curl_slist* longer = curl_slist_append(headers.get(), line.c_str());
    check(longer != nullptr ? CURLE_OK : CURLE_OUT_OF_MEMORY, "prepare a transfer");
    static_cast<void>(headers.release());
    headers.reset(longer);
  }
  std::array<char, CURL_ERROR_SIZE> detail{};
  Response response(easy.get(), request.url, sink);
  Upload upload(request);
  set_method(easy, request, upload);
  set(easy, CURLOPT_HTTPHEADER, headers.get());
  set(easy, CURLOPT_ERRORBUFFER, detail.data());
  set(easy, CURLOPT_HEADERFUNCTION, &gopack_take_header);
  set(easy, CURLOPT_HEADERDATA, &response);
  set(easy, CURLOPT_WRITEFUNCTION, &gopack_take_body);
  set(easy, CURLOPT_WRITEDATA, &response);

  const auto code = perform(multi, easy);
  response.rethrow();
  upload.rethrow();
  if (code == CURLE_OK) response.begin();
  give_connections(std::move(multi));
  Outcome outcome{response.head(), std::nullopt};
  if (code != CURLE_OK && !response.was_declined()) outcome.failure = describe(code, easy, detail.data());
  return outcome;
}

// Unlike curl_easy_perform it ends at once when a stop is requested, not at the next tick.
CURLcode Exchanger::perform(const Multi& multi, const Easy& easy) const {
  check(curl_multi_add_handle(multi.get(), easy.get()), "start a transfer");
  const Added added{multi.get(), easy.get()};
  const std::stop_callback wake(stop_, [&] { curl_multi_wakeup(multi.get()); });
  for (int running = 1; running > 0;) {
    check(curl_multi_perform(multi.get(), &running), "transfer");
    if (stop_.stop_requested()) {
      curl_easy_setopt(easy.get(), CURLOPT_QUICK_EXIT, 1L);  // do not wait for a name server
      throw_if_stopped(stop_);
    }
    if (running > 0) check(curl_multi_poll(multi.get(), nullptr, 0, 1000, nullptr), "transfer");
  }
  int more = 0;
  const CURLMsg* message = curl_multi_info_read(multi.get(), &more);
  return message != nullptr ? message->data.result : CURLE_FAILED_INIT;
}

Multi Exchanger::take_connections() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return made(Multi(curl_multi_init()));
  auto multi = std::move(idle_.back());
  idle_.pop_back();
  return multi;
}

void Exchanger::give_connections(Multi connections) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(connections));
}

}  // namespace gopack::transport
