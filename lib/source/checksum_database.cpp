#include "gopack/source/checksum_database.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <sstream>
#include <utility>

#include "gopack/base/error.hpp"
#include "gopack/base/replace.hpp"
#include "gopack/digest/note.hpp"
#include "lookup_answer.hpp"
#include "proxies.hpp"
#include "tile_fetcher.hpp"
#include "tlog.hpp"

namespace gopack::source {

namespace {

// The database that Go uses by default, with its public key.
constexpr const char* kDefaultName = "sum.golang.org";
constexpr const char* kDefaultKey = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
// Its second address, which Go knows as a database name, too.
constexpr const char* kDefaultMirrorName = "sum.golang.google.cn";

constexpr std::uint64_t kAnswerLimit = 1 << 20;

struct Database {
  digest::NoteVerifier verifier;
  transport::Url url;
};

// Reads a GOSUMDB; nothing for "off".
std::optional<Database> parse_gosumdb(const std::string& gosumdb) {
  std::istringstream words(gosumdb);
  std::string key;
  std::string url;
  std::string excess;
  words >> key >> url >> excess;
  if (key == "off") return std::nullopt;
  if (key == kDefaultMirrorName && url.empty()) url = fmt::format("https://{}", kDefaultMirrorName);
  if (key.empty() || key == kDefaultName || key == kDefaultMirrorName) key = kDefaultKey;
  try {
    if (!excess.empty()) throw Error(ErrorKind::usage, "there are more than two words");
    auto verifier = digest::NoteVerifier::parse(key);
    if (url.empty()) url = "https://" + verifier.name();
    return Database{std::move(verifier), transport::Url::parse(url)};
  } catch (const Error& error) {
    throw Error(ErrorKind::usage, fmt::format("cannot use GOSUMDB: {}", error.what()))
        .with_hint("GOSUMDB is \"<name>\", \"<name>+<key>\" or \"<name>+<key> <url>\", or \"off\"");
  }
}

// Where the database answers: beneath each proxy, then at its own address.
std::vector<Proxy> endpoints_of(const Database& database, const std::string& goproxy) {
  auto endpoints = usable_proxies(goproxy);
  for (auto& proxy : endpoints) proxy.url = proxy.url / ("sumdb/" + database.verifier.name());
  endpoints.push_back({database.url});
  return endpoints;
}

// A name may have a path in it ("example.org/log").
std::string file_name(std::string name) {
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

struct SignedHead {
  TreeHead head;
  std::string note;
};

Error forked(const TreeHead& known, const TreeHead& given) {
  const auto reason = fmt::format("it signed two different histories, {} (seen before) and {} (given now)",
                                  known.text(), given.text());
  return Error(ErrorKind::integrity, "cannot trust the checksum database: " + reason)
      .with_hint("keep both: they prove that the database, or whoever holds its key, misbehaved");
}

}  // namespace

struct ChecksumDatabase::State {
  State(const GoEnvironment& go, transport::Transport& transport_in, Dir directory_in)
      : database(parse_gosumdb(go.gosumdb)),
        gonosumdb(go.gonosumdb),
        endpoints(database ? endpoints_of(*database, go.goproxy) : std::vector<Proxy>()),
        transport(transport_in),
        directory(std::move(directory_in)),
        tiles(endpoints, transport_in) {}

  // Throws Error (usage) where the database is off.
  const digest::NoteVerifier& verifier() const;
  SignedHead open(std::string note) const;
  SignedHead latest() const;
  LookupAnswer ask(const std::string& module_path, const std::string& version);
  void prove(const LookupAnswer& answer);

  const std::optional<Database> database;  // nothing: GOSUMDB=off
  const std::string gonosumdb;
  const std::vector<Proxy> endpoints;
  transport::Transport& transport;
  const Dir directory;
  std::mutex mutex;  // lookups take turns: guards `tiles` and the file of the latest head
  TileFetcher tiles;
};

const digest::NoteVerifier& ChecksumDatabase::State::verifier() const {
  if (database) return database->verifier;
  throw Error(ErrorKind::usage, "cannot look up a module in the checksum database: GOSUMDB is off")
      .with_hint("unset GOSUMDB to use the Go project's database");
}

SignedHead ChecksumDatabase::State::open(std::string note) const {
  const auto head = parse_tree_head(verifier().open(note));
  return {head, std::move(note)};
}

// The largest tree that was ever proved here; the empty one at first, which every tree contains.
SignedHead ChecksumDatabase::State::latest() const {
  const auto name = file_name(verifier().name());
  auto note = find_text(directory, name, kAnswerLimit);
  if (!note) return {{0, empty_root()}, {}};
  try {
    return open(std::move(*note));
  } catch (Error& error) {
    const auto path = printable(directory.path() / name);
    error.with_context("reading the last tree head, " + path);
    error.with_hint(fmt::format("the file is damaged or of another database; remove {} to start anew", path));
    throw;
  }
}

LookupAnswer ChecksumDatabase::State::ask(const std::string& module_path, const std::string& version) {
  const auto path = fmt::format("lookup/{}@{}", escape_module(module_path), escape_module(version));
  const auto body = first_answer(
      endpoints, [&](const Proxy& endpoint) { return transport.try_get(endpoint.url / path, kAnswerLimit); });
  if (!body) {
    throw Error(ErrorKind::unreachable,
                fmt::format("cannot look up {}@{}: the checksum database {} does not know it",
                            printable(module_path), printable(version), verifier().name()))
        .with_hint("check the version, and that GOPROXY or the network lets the checksum database through");
  }
  return parse_lookup_answer(*body);
}

// The record must be in the tree that was signed with it, and of that tree and the latest one the smaller
// must be how the larger one began. Everything is read from the larger tree, so that its tiles alone suffice.
void ChecksumDatabase::State::prove(const LookupAnswer& answer) {
  const auto known = latest();
  const auto given = open(answer.note);
  const bool is_newer = given.head.size > known.head.size;
  const auto& larger = is_newer ? given : known;
  const auto& smaller = is_newer ? known : given;
  if (answer.id >= given.head.size) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot trust the checksum database: record {} is not in {}", answer.id,
                            given.head.text()));
  }
  if (larger.head.size == smaller.head.size && larger.head != smaller.head)
    throw forked(known.head, given.head);

  ProvenTree tree(larger.head, [this](const Tile& tile) { return tiles.read(tile); });
  if (tree.root_at(smaller.head.size) != smaller.head.hash) throw forked(known.head, given.head);
  if (tree.leaf(answer.id) != leaf_hash(answer.record)) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot trust the checksum database: record {} of {} is another one", answer.id,
                            larger.head.text()));
  }
  if (is_newer) replace_text(directory, file_name(verifier().name()), given.note, true);
}

ChecksumDatabase::ChecksumDatabase(const GoEnvironment& go, transport::Transport& transport, Dir state)
    : state_(std::make_unique<State>(go, transport, std::move(state))) {}

ChecksumDatabase::~ChecksumDatabase() = default;

bool ChecksumDatabase::covers(const std::string& module_path) const {
  return state_->database && !matches_patterns(state_->gonosumdb, module_path);
}

std::string ChecksumDatabase::lookup(const std::string& module_path, const std::string& version) {
  const auto& database = state_->verifier().name();
  const std::lock_guard lock(state_->mutex);
  return in_context(fmt::format("asking the checksum database {} about {}@{}", database,
                                printable(module_path), printable(version)),
                    [&] {
                      const auto answer = state_->ask(module_path, version);
                      try {
                        state_->prove(answer);
                      } catch (Error& error) {
                        if (error.hint().empty())
                          error.with_hint("see whether a proxy answers in the database's place");
                        throw;
                      }
                      return find_module_hash(answer.record, module_path, version);
                    });
}

std::string ChecksumDatabase::name() const {
  const auto& database = state_->database;
  return "checksum database" + (database ? " " + database->verifier.name() : "");
}

}  // namespace gopack::source
