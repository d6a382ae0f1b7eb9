#include "gopack/cache/serve.hpp"

#include <fmt/format.h>

#include "gopack/base/error.hpp"
#include "gopack/base/utf8.hpp"
#include "gopack/cache/layer.hpp"
#include "requests.hpp"
#include "share.hpp"

namespace gopack::cache {

namespace {

// How long the end of a build may take because of the share.
constexpr std::chrono::seconds kShortClose{2};
constexpr std::chrono::hours kPatientClose{24};  // a share that is silent is left alone long before

std::chrono::nanoseconds now() {
  return std::chrono::system_clock::now().time_since_epoch();
}

// JSON cannot say a path that is not UTF-8.
void require_utf8(const std::filesystem::path& path) {
  const auto text = path.string();
  for (std::string_view rest = text; !rest.empty();) {
    const auto length = utf8_length(rest);
    if (length == 0) {
      throw Error(ErrorKind::usage,
                  fmt::format("cannot tell Go of {}: the name is not UTF-8", printable(path)));
    }
    rest.remove_prefix(length);
  }
}

// A body on its way into local. When that fails the rest is still taken, so that the next request is found.
class PutSink final : public ByteSink {
 public:
  PutSink(const Layer& local, const Entry& entry) {
    attempt([&] { incoming_.emplace(local, entry, false); });
  }
  void write(ByteView bytes) override {
    attempt([&] {
      if (incoming_) incoming_->write(bytes);
    });
  }
  // Throws Error: what failed first, or integrity.
  void commit() {
    if (failure_) throw Error(*failure_);
    if (!incoming_ || !incoming_->commit()) {
      throw Error(ErrorKind::integrity, "cannot keep what was put: it is not what its id says");
    }
  }

 private:
  template <typename Action>
  void attempt(Action action) {
    if (failure_) return;
    try {
      action();
    } catch (const Error& error) {
      failure_ = error;
    }
  }

  std::optional<Incoming> incoming_;
  std::optional<Error> failure_;
};

struct Found {
  Entry entry;
  std::filesystem::path body;
};

// A layer that cannot be read (a stick that was pulled out) has nothing.
std::optional<Found> find_in(const Layer& layer, const digest::Sha256& action) {
  try {
    const auto entry = layer.find(action);
    if (!entry) return std::nullopt;
    auto body = layer.find_body(*entry);
    if (!body) return std::nullopt;
    return Found{*entry, std::move(*body)};
  } catch (const Error&) {
    return std::nullopt;
  }
}

class Server {
 public:
  Server(const ServeOptions& options, File out, Reporter& reporter)
      : answers_(std::make_shared<Answers>(std::move(out))) {
    Dir::ensure(options.local);
    local_ = std::make_shared<const Layer>(options.local);
    for (const auto& path : options.bases) bases_.push_back(std::make_unique<const Layer>(path));
    if (options.share) share_.emplace(*options.share, local_, reporter);
    if (options.wait) longest_close_ = kPatientClose;
  }

  bool run(File& in, const std::stop_token& stop) {
    answers_->greet();
    RequestReader requests(in);
    while (const auto request = requests.next()) {
      if (request->verb == Verb::close) return close(*request, stop);
      if (request->verb == Verb::get) get(*request);
      if (request->verb == Verb::put) put(*request, requests);
      if (request->verb == Verb::unknown) answers_->failure(request->id, "there is no such command here");
    }
    return !share_ || share_->finish(std::chrono::seconds(0));  // killed: whoever did it is in a hurry
  }

 private:
  std::optional<Entry> get_from(const Layer& layer, const Request& request) {
    const auto found = find_in(layer, request.action);
    if (!found) return std::nullopt;
    answers_->hit(request.id, found->entry, found->body);
    return found->entry;
  }

  // A cache that cannot be written to serves all the same.
  void mark_used(const Entry& entry) {
    try {
      local_->mark_used(entry);
    } catch (const Error&) {
    }
  }

  void get(const Request& request) {
    if (const auto entry = get_from(*local_, request)) return mark_used(*entry);
    for (const auto& base : bases_) {
      if (get_from(*base, request)) return;
    }
    if (!share_) return answers_->miss(request.id);
    share_->fetch(request.action, [answers = answers_, local = local_, id = request.id](const auto& entry) {
      const auto found = entry ? find_in(*local, entry->action) : std::nullopt;
      found ? answers->hit(id, found->entry, found->body) : answers->miss(id);
    });
  }

  void put(const Request& request, RequestReader& requests) {
    const Entry entry{request.action, request.output, request.size, now()};
    PutSink sink(*local_, entry);
    const bool is_base64 = requests.read_body(request, sink);
    try {
      if (!is_base64) throw Error(ErrorKind::failed, "cannot read what was put: it is not base64");
      sink.commit();
      const auto body = local_->find_body(entry);
      if (!body)
        throw Error(ErrorKind::failed, "cannot find what was put: somebody has removed it meanwhile");
      answers_->stored(request.id, *body);
    } catch (const Error& error) {
      return answers_->failure(request.id, error.text());
    }
    if (share_) share_->push(entry);
  }

  bool close(const Request& request, const std::stop_token& stop) {
    const bool ended =
        !share_ || share_->finish(stop.stop_requested() ? std::chrono::seconds(0) : longest_close_);
    answers_->done(request.id);
    return ended;
  }

  std::shared_ptr<Answers> answers_;
  std::shared_ptr<const Layer> local_;
  std::vector<std::unique_ptr<const Layer>> bases_;
  std::optional<Share> share_;
  std::chrono::seconds longest_close_ = kShortClose;
};

}  // namespace

bool serve(const ServeOptions& options, File& in, File out, Reporter& reporter, const std::stop_token& stop) {
  require_utf8(options.local);
  for (const auto& base : options.bases) require_utf8(base);
  return Server(options, std::move(out), reporter).run(in, stop);
}

}  // namespace gopack::cache
