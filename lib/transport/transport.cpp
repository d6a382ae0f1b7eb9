#include "gopack/transport/transport.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <random>
#include <utility>

#include "cannot_get.hpp"
#include "download_body.hpp"
#include "exchange.hpp"
#include "part_file.hpp"
#include "redirect.hpp"

namespace gopack::transport {

namespace {

bool is_absent(long status) {
  return status == 404 || status == 410;
}

// What a status means. Parts are of use only to those who asked for one.
std::optional<Failure> judge(const ResponseHead& head, const ExchangeRequest& request) {
  if (head.status == 200 || is_absent(head.status)) return std::nullopt;
  if (request.asks_for_part && (head.status == 206 || head.status == 416)) return std::nullopt;
  if (request.takes_any_status && !is_transient(head.status)) return std::nullopt;
  Failure failure;
  failure.reason = fmt::format("the server answered with status {}", head.status);
  failure.may_pass = is_transient(head.status);
  failure.retry_after = parse_retry_after(head.retry_after, std::chrono::system_clock::now());
  if (failure.may_pass) {
    failure.hint = "try again later, or use another --source";
  } else if (head.status == 401 || head.status == 403) {
    failure.hint = "give user and password in ~/.netrc, or use another --source";
  } else if (head.status == 407) {
    failure.hint = kProxyPassword;
  } else {
    failure.hint = kOtherSource;
  }
  return failure;
}

Error absent(const Url& url) {
  return cannot_get(url, "there is no such file");
}

// The body of a small document.
class TextBody final : public BodySink {
 public:
  TextBody(const Url& url, std::uint64_t limit) : url_(url), limit_(limit) {}
  std::string& text() { return text_; }

  bool begin(const ResponseHead& head) override {
    text_.clear();
    return head.status == 200;
  }
  bool write(ByteView bytes) override {
    if (text_.size() + bytes.size() > limit_) {
      throw cannot_get(url_, fmt::format("it has more than {} bytes", limit_));
    }
    text_ += as_text(bytes);
    return true;
  }

 private:
  const Url& url_;
  std::uint64_t limit_;
  std::string text_;
};

// The body of any answer; of one that tells of a fault as much as is allowed.
class AnswerBody final : public BodySink {
 public:
  AnswerBody(const Url& url, std::uint64_t limit) : url_(url), limit_(limit) {}
  std::string& text() { return text_; }

  bool wants(long) const override { return true; }
  bool begin(const ResponseHead& head) override {
    text_.clear();
    is_fault_ = head.status >= 300;
    return true;
  }
  bool write(ByteView bytes) override {
    const auto room = limit_ - text_.size();
    if (bytes.size() > room && !is_fault_)
      throw cannot_get(url_, fmt::format("the answer has more than {} bytes", limit_));
    text_ += as_text(bytes.first(std::min<std::uint64_t>(bytes.size(), room)));
    return bytes.size() <= room;
  }

 private:
  const Url& url_;
  std::uint64_t limit_;
  std::string text_;
  bool is_fault_ = false;
};

// A file URL is a source like any other: what is wrong with it is the source's fault.
std::optional<File> try_open(const Url& url) {
  const std::filesystem::path path = url.file_path();
  std::error_code code;
  const auto status = std::filesystem::status(path, code);
  if (status.type() == std::filesystem::file_type::not_found) return std::nullopt;
  const auto reason = code ? code.message() : "it is not a file";
  if (!std::filesystem::is_regular_file(status)) throw cannot_get(url, reason);
  try {
    return File::open(path);
  } catch (const Error& error) {
    throw Error(ErrorKind::unreachable, error.text()).with_hint(error.hint());
  }
}

std::optional<Url> next_page(const Url& from, std::string_view link) {
  const auto begin = link.find('<');
  const auto end = link.find('>', begin);
  if (end == link.npos || link.find("rel=\"next\"", end) == link.npos) return std::nullopt;
  return redirected(from, link.substr(begin + 1, end - begin - 1));
}

}  // namespace

struct Transport::State {
  State(TransportOptions given, Reporter& to, std::stop_token token)
      : options(std::move(given)), reporter(to), stop(std::move(token)), exchanger(options, stop) {}

  void refuse_offline(const Url& url) const;
  Outcome follow(ExchangeRequest request, BodySink& sink, Authenticator* authenticator = nullptr);
  Outcome exchange(const ExchangeRequest& request, BodySink& sink, Authenticator* authenticator);
  void pause(std::chrono::milliseconds delay) const;
  template <typename Attempt>
  ResponseHead persist(const Url& url, Attempt attempt, std::string_view verb = "get");
  void pass_local(const Url& url, BodySink& sink) const;
  std::optional<Downloaded> fetch(const DownloadRequest& request, PartFile& part);

  TransportOptions options;
  Reporter& reporter;
  std::stop_token stop;
  Exchanger exchanger;
};

void Transport::State::refuse_offline(const Url& url) const {
  if (!options.offline) return;
  throw cannot_get(url, "gopack is offline").with_hint("leave out --offline, or use a directory as --source");
}

// One request; once more where the server refuses it and there is another authorization.
Outcome Transport::State::exchange(const ExchangeRequest& request, BodySink& sink,
                                   Authenticator* authenticator) {
  if (authenticator == nullptr) return exchanger.run(request, sink);
  for (bool is_last = false;; is_last = true) {
    auto authorized = request;
    authorized.use_netrc = false;
    const auto authorization = authenticator->authorization(request.url);
    if (!authorization.empty()) authorized.headers.push_back("Authorization: " + authorization);
    auto outcome = exchanger.run(authorized, sink);
    const bool is_refused = !outcome.failure && outcome.head.status == 401;
    if (!is_refused || is_last || !authenticator->renew(request.url, outcome.head.challenge, authorization))
      return outcome;
  }
}

// Every hop is a request of its own, so that each is judged and none inherits credentials.
Outcome Transport::State::follow(ExchangeRequest request, BodySink& sink, Authenticator* authenticator) {
  const auto asked = request.url;
  const bool has_body = request.method != "GET" && request.method != "HEAD";
  const auto is_followed = [&](long status) {
    return has_body ? status == 307 || status == 308 : is_redirection(status);
  };
  for (int hop = 0;; ++hop) {
    auto outcome = exchange(request, sink, authenticator);
    if (!outcome.failure && is_followed(outcome.head.status)) {
      if (hop == kMaxRedirections) {
        throw cannot_get(asked, fmt::format("redirected more than {} times", hop));
      }
      const auto target = redirected(request.url, outcome.head.location);
      const bool stays = is_same_origin(request.url, target);
      if (has_body && !stays) throw cannot_get(asked, "a redirection leads to another host", "send to");
      if (!stays) {
        std::erase_if(request.headers,
                      [](const std::string& line) { return line.starts_with("Authorization:"); });
      }
      request.use_netrc = request.use_netrc && stays;
      request.url = target;
      continue;
    }
    if (!outcome.failure) outcome.failure = judge(outcome.head, request);
    if (outcome.failure && hop > 0)
      outcome.failure->reason += fmt::format(" (redirected to {})", request.url.text());
    return outcome;
  }
}

void Transport::State::pause(std::chrono::milliseconds delay) const {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, delay, [] { return false; });
  throw_if_stopped(stop);
}

// Repeats `attempt` while there is hope. Throws Error (unreachable) when there is none.
template <typename Attempt>
ResponseHead Transport::State::persist(const Url& url, Attempt attempt, std::string_view verb) {
  std::random_device random;
  std::uniform_real_distribution<> jitter(0.5, 1.0);
  bool ever_connected = false;
  for (int count = 1;; ++count) {
    Outcome outcome = attempt();
    if (!outcome.failure) return outcome.head;
    const Failure& failure = *outcome.failure;
    ever_connected = ever_connected || failure.was_connected;
    auto policy = options.retry;
    if (!ever_connected) policy.attempts = std::min(policy.attempts, policy.connect_attempts);
    const auto delay =
        failure.may_pass ? retry_delay(policy, count + 1, jitter(random), failure.retry_after) : std::nullopt;
    if (!delay) {
      const auto attempts = count > 1 ? fmt::format(" ({} attempts)", count) : "";
      throw cannot_get(url, failure.reason + attempts, verb).with_hint(failure.hint);
    }
    reporter.detail(fmt::format("{}: {}; trying again in {} ms", url.text(), failure.reason, delay->count()));
    pause(*delay);
  }
}

void Transport::State::pass_local(const Url& url, BodySink& sink) const {
  auto file = try_open(url);
  if (!file) throw absent(url);
  ResponseHead head;
  head.status = 200;
  head.length = file->status().size;
  sink.begin(head);
  FileSource source(*file);
  for (auto block = source.next(); !block.empty(); block = source.next()) {
    throw_if_stopped(stop);
    sink.write(block);
  }
}

// One way from the first byte (or from what is there) to the last; nothing when what was there turns out
// not to belong to the file.
std::optional<Downloaded> Transport::State::fetch(const DownloadRequest& request, PartFile& part) {
  DownloadBody body(request, part, reporter);
  if (request.url.is_file()) {
    part.forbid_resuming();
    pass_local(request.url, body);
    return body.finish();
  }
  const auto head = persist(request.url, [&] {
    ExchangeRequest exchange{.url = request.url};
    const auto* sidecar = part.resumable();
    exchange.asks_for_part = sidecar != nullptr;
    if (sidecar != nullptr) exchange.headers = range_headers(*sidecar, part.size());
    auto outcome = follow(std::move(exchange), body, request.authenticator);
    if (!outcome.failure && outcome.head.status <= 206 && !body.is_unfit() && body.is_short()) {
      outcome.failure = Failure{
          .reason = fmt::format("the connection ended after {} of {} bytes", part.size(), request.size),
          .hint = "run the same command again to go on where it stopped",
          .may_pass = true};
    }
    return outcome;
  });
  if (is_absent(head.status)) throw absent(request.url);
  if (head.status == 416 || body.is_unfit()) return std::nullopt;
  return body.finish();
}

Transport::Transport(TransportOptions options, Reporter& reporter, std::stop_token stop)
    : state_(std::make_unique<State>(std::move(options), reporter, std::move(stop))) {}

Transport::~Transport() = default;

bool Transport::is_offline() const {
  return state_->options.offline;
}

std::optional<Document> Transport::try_get_document(const Url& url, std::uint64_t limit) {
  TextBody body(url, limit);
  if (url.is_file()) {
    auto file = try_open(url);
    if (!file) return std::nullopt;
    state_->pass_local(url, body);
    return Document{std::move(body.text()), std::nullopt};
  }
  state_->refuse_offline(url);
  const auto head = state_->persist(url, [&] { return state_->follow({.url = url}, body); });
  if (is_absent(head.status)) return std::nullopt;
  return Document{std::move(body.text()), unchanged_for(head)};
}

std::optional<std::string> Transport::try_get(const Url& url, std::uint64_t limit) {
  auto document = try_get_document(url, limit);
  if (!document) return std::nullopt;
  return std::move(document->text);
}

std::string Transport::get(const Url& url, std::uint64_t limit) {
  auto text = try_get(url, limit);
  if (!text) throw absent(url);
  return *std::move(text);
}

Answer Transport::send(const Request& first, const std::function<std::optional<Request>(const Answer&)>& next,
                       std::uint64_t limit) {
  state_->refuse_offline(first.url);
  Answer answer;
  auto place = first.url;  // of the last request
  state_->persist(
      place,
      [&] {
        Outcome outcome;
        for (std::optional<Request> request = first; request; request = next(answer)) {
          place = request->url;
          AnswerBody body(request->url, limit);
          outcome = state_->follow({.url = request->url,
                                    .method = request->method,
                                    .headers = request->headers,
                                    .file = request->file,
                                    .text = request->text,
                                    .takes_any_status = true},
                                   body, request->authenticator);
          if (outcome.failure) return outcome;
          const auto& head = outcome.head;
          const bool leads_on = head.status == 202 && !head.location.empty();
          answer = {
              .method = request->method,
              .status = head.status,
              .text = std::move(body.text()),
              .location = leads_on ? std::optional(redirected(request->url, head.location)) : std::nullopt,
              .next = next_page(request->url, head.link)};
        }
        return outcome;
      },
      "reach");
  return answer;
}

Downloaded Transport::download(const DownloadRequest& request, const Dir& directory) {
  PartFile part(directory, request);
  if (const auto& sha256 = part.whole()) return part.finish(*sha256);
  if (!request.url.is_file()) state_->refuse_offline(request.url);
  if (auto done = state_->fetch(request, part)) return *std::move(done);
  state_->reporter.detail(fmt::format("{}: what is there does not fit, starting over", request.url.text()));
  part.forbid_resuming();
  auto done = state_->fetch(request, part);
  if (!done) throw cannot_get(request.url, "it changes all the time");
  return *std::move(done);
}

}  // namespace gopack::transport
