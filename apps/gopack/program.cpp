#include "program.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cstdio>

#include "gopack/base/error.hpp"
#include "gopack/base/mount.hpp"
#include "gopack/base/parallel.hpp"
#include "gopack/base/standard_streams.hpp"
#include "gopack/target/probe.hpp"

namespace gopack::app {

namespace {

// A setting that is a whole number, if it is set.
template <typename Number = unsigned>
std::optional<Number> find_number(const Settings& settings, const char* key) {
  const auto text = settings.find(key);
  if (!text) return std::nullopt;
  Number value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size()) {
    throw Error(ErrorKind::usage, fmt::format("{} must be a whole number, not \"{}\"",
                                              settings.as_written(key), printable(*text)));
  }
  return value;
}

store::Writing writing_of(const Settings& settings) {
  using store::Durability, store::Linking;
  return {settings.is_second("durability", "full", "fast") ? Durability::fast : Durability::full,
          settings.is_second("link", "auto", "never") ? Linking::never : Linking::automatic};
}

bool is_usual(const std::filesystem::path& home, const Settings& settings) {
  const auto usual = settings.usual_home();
  std::error_code ignored;
  return usual && (std::filesystem::equivalent(*usual, home, ignored) ||
                   usual->lexically_normal() == std::filesystem::absolute(home).lexically_normal());
}

// How hints name commands that work on the store in `home`.
store::CommandNames names_of(const std::filesystem::path& home, const Settings& settings) {
  return is_usual(home, settings) ? store::CommandNames() : store::CommandNames(home);
}

store::Store open_store(const std::filesystem::path& home, Access access, const Settings& settings) {
  const bool must_be_there = access == Access::read || access == Access::write;
  if (must_be_there && !store::Store::is_at(home)) {
    throw Error(ErrorKind::failed, fmt::format("there is no store in {}", printable(home)))
        .with_hint(fmt::format("fetch a release first ({}), or name the store with --home",
                               names_of(home, settings).command("fetch latest")));
  }
  if (access == Access::create && stands_for_device(home)) {
    throw Error(
        ErrorKind::usage,
        fmt::format("cannot make a store in {}: what lies below /dev stands for devices", printable(home)))
        .with_hint("mount the device, and name a directory where it is mounted");
  }
  const auto writing = writing_of(settings);
  switch (access) {
    case Access::look:
      return store::Store::open(target::existing_part(home));
    case Access::read:
      return store::Store::open(home, writing);
    case Access::write:
    case Access::create:
      break;
  }
  return store::Store::ensure(home, writing);
}

// Its index proves archives from elsewhere, so it must come over TLS.
std::optional<transport::Url> official_of(const Settings& settings) {
  const auto text = settings.find("official");
  if (!text) return std::nullopt;
  auto url = transport::Url::parse(*text);
  if (url.scheme() == "https") return url;
  throw Error(ErrorKind::usage, fmt::format("official must be an https URL, not {}", url.text()))
      .with_hint("its index proves what others serve");
}

archive::Limits limits_of(const Settings& settings) {
  archive::Limits limits;
  const auto set = [&](const char* key, std::uint64_t& limit) {
    limit = find_number<std::uint64_t>(settings, key).value_or(limit);
  };
  set("limits.entries", limits.entries);
  set("limits.depth", limits.depth);
  set("limits.file_bytes", limits.file_bytes);
  set("limits.total_bytes", limits.total_bytes);
  return limits;
}

}  // namespace

Json to_json(const Error& error) {
  return {{"kind", to_string(error.kind())},
          {"message", printable(error.text())},
          {"hint", printable(error.hint())}};
}

Program::Program(Settings settings, Terminal& terminal, bool json, std::stop_token stop)
    : settings_(std::move(settings)), terminal_(terminal), json_(json), stop_(std::move(stop)) {}

Program::~Program() = default;

std::optional<unsigned> Program::jobs() const {
  const auto jobs = find_number(settings_, "jobs");
  return jobs ? std::optional(std::max(1u, *jobs)) : std::nullopt;
}

bool Program::has_store() const {
  return store::Store::is_at(settings_.home());
}

workflow::Session Program::session(Access access) {
  return session_on(settings_.home(), access);
}

workflow::Session Program::session_on(const std::filesystem::path& home, Access access) {
  store_ = open_store(home, access, settings_).with_names(names_of(home, settings_));
  return {means(), *store_};
}

workflow::Means Program::means() {
  if (!transport_) {
    transport::TransportOptions options;
    options.stall_timeout =
        std::chrono::seconds(std::max(1u, find_number(settings_, "timeout").value_or(30)));
    options.connect_timeout = std::min(options.connect_timeout, options.stall_timeout);
    options.offline = settings_.is_on("offline");
    options.user_agent = "gopack/" GOPACK_VERSION;
    transport_ = std::make_unique<transport::Transport>(options, terminal_, stop_);
  }
  const auto patience = find_number(settings_, "lock_timeout").value_or(5);
  return {.transport = *transport_,
          .reporter = terminal_,
          .stop = stop_,
          .jobs = jobs().value_or(default_jobs()),
          .lock_patience = std::chrono::seconds(patience),
          .official = official_of(settings_),
          .limits = limits_of(settings_)};
}

void Program::print(const std::string& text, const Json& document) {
  print_as_is(printable_lines(text), document);
}

void Program::print_outcome(const std::string& text, const Json& document) {
  if (json_ || !is_quiet()) print(text, document);
}

void Program::print_as_is(const std::string& text, const Json& document) {
  if (!json_) return print_text(text);
  Json whole{{"schema", 1}};
  whole.update(document);
  print_text(whole.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

void Program::print_text(const std::string& text) {
  terminal_.finish_line();
  const bool is_written =
      std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (is_written) return;
  if (is_closed_by_reader(errno)) end_by_broken_pipe();
  throw system_error(errno, "write the result to standard output")
      .with_hint("what the command did is done; see where standard output goes");
}

}  // namespace gopack::app
