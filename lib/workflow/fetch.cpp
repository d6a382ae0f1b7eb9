#include "gopack/workflow/fetch.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <tuple>

#include "gopack/base/error.hpp"
#include "gopack/base/parallel.hpp"
#include "gopack/base/process.hpp"
#include "gopack/base/similar.hpp"
#include "gopack/source/go_environment.hpp"
#include "gopack/workflow/choose.hpp"
#include "newest_seen.hpp"
#include "project_lock.hpp"
#include "prover.hpp"
#include "releases.hpp"
#include "room.hpp"
#include "sources.hpp"

namespace gopack::workflow {

namespace {

using source::Offer;

// What the selectors mean of what a source has. Throws Error.
std::vector<release::Version> choose_among(const Releases& there,
                                           const std::vector<release::Selector>& selectors,
                                           const PlatformChoice& platforms,
                                           const release::SelectorOptions& which, const std::string& source) {
  require_known(platforms, there);
  return in_context(fmt::format("choosing among what {} has for {}", source, platforms.text()),
                    [&] { return release::resolve_all(selectors, versions_for(there, platforms), which); });
}

// Go has had releases every month for years.
constexpr std::chrono::days kOldIndex{90};

// The archives of downloads/ as they were when it was made: their records are read once.
class Present {
 public:
  template <typename IsWanted>
  Present(const store::Downloads& downloads, IsWanted is_wanted) {
    for (auto& archive : downloads.list()) {
      if (is_wanted(archive)) archives_.try_emplace({archive.version, archive.platform}, archive);
    }
  }

  const store::Archive* find(const release::Version& version, const release::Platform& platform) const {
    const auto at = archives_.find({version, platform});
    return at == archives_.end() ? nullptr : &at->second;
  }

 private:
  std::map<std::pair<release::Version, release::Platform>, store::Archive> archives_;
};

class Fetcher {
 public:
  Fetcher(const Session& session, const FetchOptions& options)
      : session_(session),
        options_(options),
        lock_(session, options),
        proof_(options.proof),
        platforms_(parse_platforms(options.platforms)),
        downloads_(session.store.downloads()) {
    for (const auto& text : options.selectors) selectors_.push_back(parse_selector(text));
    if (lock_.is_required()) {
      selectors_ = lock_.pinned(selectors_, platforms_);
    } else {
      proof_.required.erase(Proof::lock);
    }
  }

  std::vector<Fetched> run() {
    auto fetched = fetch_all();
    lock_.record(fetched);
    return fetched;
  }

 private:
  // The lock file alone proves what is there.
  bool asks_sources() const { return proof_.required.size() > (lock_.is_required() ? 1 : 0); }
  Prover make_prover(const std::string& source) const { return {session_, source, proof_, lock_.proof()}; }

  std::vector<Fetched> fetch_all() {
    if (auto present = all_present()) return *present;
    std::vector<Fetched> fetched;
    try_sources(session_, options_.sources, [&](source::Source& source, const std::string& name) {
      auto prover = make_prover(name);
      fetched = fetch_from(source, prover);
    });
    return fetched;
  }

  // The releases that a selector means without a source being asked: the one that it names or, offline, those
  // that it chooses among what is there. None: not known.
  std::vector<release::Version> versions_at_hand(const release::Selector& selector) const {
    if (const auto version = selector.exact()) return {*version};
    const auto& sources = options_.sources;
    if (!session_.transport.is_offline() || std::any_of(sources.begin(), sources.end(), is_at_hand))
      return {};
    Releases there;
    for (const auto& archive : downloads_.list()) {
      if (is_wanted(archive)) there[archive.version].insert(archive.platform);
    }
    return selector.choose(versions_for(there, platforms_), options_.which);
  }

  // What downloads/ has, when that is surely what is asked for.
  std::optional<std::vector<Fetched>> all_present() const {
    if (platforms_.all || asks_sources() || options_.sha256) return std::nullopt;
    auto prover = make_prover("");
    std::set<release::Version> versions;
    for (const auto& selector : selectors_) {
      const auto meant = versions_at_hand(selector);
      if (meant.empty()) return std::nullopt;
      versions.insert(meant.begin(), meant.end());
    }
    const auto there = look();
    std::vector<Fetched> present;
    for (const auto& version : versions) {
      for (const auto& platform : platforms_.named) {
        const auto* archive = there.find(version, platform);
        if (archive == nullptr) return std::nullopt;
        if (!prover.must_prove(archive->file)) {
          present.push_back({*archive, true});
          continue;
        }
        const auto offer = lock_.offer_of(*archive);
        if (!offer) return std::nullopt;
        present.push_back({prover.prove_again(*archive, *offer), true});
      }
    }
    return present;
  }

  Present look() const {
    return {downloads_, [this](const store::Archive& archive) { return is_wanted(archive); }};
  }

  // A module lacks what archives have: it is not what those want who name sources of archives alone.
  bool is_wanted(const store::Archive& archive) const {
    const auto has_modules = [](const std::string& source) { return source.starts_with("goproxy"); };
    const auto& sources = options_.sources;
    return lock_.admits(archive) &&
           (!archive.is_module || std::any_of(sources.begin(), sources.end(), has_modules));
  }

  std::vector<Fetched> fetch_from(source::Source& source, Prover& prover) const {
    auto wanted = choose(source);
    if (options_.sha256 && wanted.size() != 1) {
      throw Error(ErrorKind::usage,
                  fmt::format("--sha256 names one archive, but {} are to be fetched", wanted.size()));
    }
    const auto present = look();
    require_room(wanted, present);
    announce(wanted, present);
    std::vector<std::optional<Fetched>> slots(wanted.size());
    run_parallel(wanted.size(), session_.jobs, [&](std::size_t i) {
      const auto& file = wanted[i].file;
      slots[i] = fetch_one(source, prover, wanted[i], present.find(file.version, file.platform));
    });
    std::vector<Fetched> fetched;
    for (auto& slot : slots) {
      if (slot) fetched.push_back(std::move(*slot));
    }
    return fetched;
  }

  void require_room(const std::vector<Offer>& wanted, const Present& present) const {
    const auto& directory = downloads_.directory();
    Need need(directory.space());
    for (const auto& offer : wanted) {
      if (!asks_sources() && present.find(offer.file.version, offer.file.platform) != nullptr) continue;
      const auto part = directory.find(offer.file.filename + ".part");
      need.add_file(offer.file.size - std::min(offer.file.size, part ? part->size : 0));
    }
    need.require(fmt::format("fetch into {}", printable(directory.path())));
  }

  // What is to be downloaded, before the first byte comes: so that the sum is known.
  void announce(const std::vector<Offer>& wanted, const Present& present) const {
    for (const auto& offer : wanted) {
      if (asks_sources() || present.find(offer.file.version, offer.file.platform) == nullptr)
        session_.reporter.progress(offer.file.filename, 0, offer.file.size);
    }
  }

  std::vector<Offer> choose(source::Source& source) const {
    const auto offers = source.list();
    warn_of_old_index(source);
    const auto chosen = choose_versions(source.name(), offers);
    const std::set<release::Version> versions(chosen.begin(), chosen.end());
    std::vector<Offer> wanted;
    for (const auto& offer : offers) {
      if (versions.contains(offer.file.version) && platforms_.contains(offer.file.platform))
        wanted.push_back(offer);
    }
    std::sort(wanted.begin(), wanted.end(), [](const Offer& a, const Offer& b) {
      return std::tie(a.file.version, a.file.platform) < std::tie(b.file.version, b.file.platform);
    });
    return wanted;
  }

  std::vector<release::Version> choose_versions(const std::string& source,
                                                const std::vector<Offer>& offers) const {
    Releases there;
    for (const auto& offer : offers) there[offer.file.version].insert(offer.file.platform);
    const auto resolve = [&](const Releases& releases) {
      return choose_among(releases, selectors_, platforms_, options_.which, source);
    };
    auto versions = resolve(there);
    tell_left_out(source, there);
    // A directory is the user's own; what others serve should only ever grow.
    if (offers.front().urls.front().is_file()) return versions;
    NewestSeen seen(session_);
    if (!options_.allow_older) {
      const auto newest = resolve(merged(there, seen_before(seen, source)));
      for (const auto& version : newest) {
        if (std::find(versions.begin(), versions.end(), version) == versions.end())
          throw gone_back(source, version);
      }
    }
    seen.put(source, there, options_.allow_older);
    return versions;
  }

  // From this source, or from those that it stands in for.
  Releases seen_before(const NewestSeen& seen, const std::string& source) const {
    auto all = seen.of(source);
    if (options_.sources.size() == 1) return all;
    for (const auto& name : options_.sources) all = merged(all, seen.of(source_name(session_, name)));
    return all;
  }

  // What the selectors mean, too, but is not there for every platform.
  void tell_left_out(const std::string& source, const Releases& there) const {
    std::map<std::string, std::vector<std::string>> left_out;  // releases by the platforms that they lack
    for (const auto& version : release::resolve_all(selectors_, versions_for(there, {}), options_.which)) {
      auto lacking = platforms_.named;
      std::erase_if(lacking, [&](const auto& platform) { return there.at(version).contains(platform); });
      if (!lacking.empty()) left_out[release::join(lacking)].push_back(version.name());
    }
    for (const auto& [platforms, names] : left_out) {
      session_.reporter.warning(
          fmt::format("left out, since {} lacks them for {}: {}", source, platforms, fmt::join(names, ", ")));
    }
  }

  void warn_of_old_index(const source::Source& source) const {
    const auto age =
        std::chrono::floor<std::chrono::days>(source.index_age().value_or(std::chrono::seconds(0)));
    const bool is_chosen_from = std::any_of(selectors_.begin(), selectors_.end(),
                                            [](const auto& selector) { return !selector.exact(); });
    if (age <= kOldIndex || !is_chosen_from) return;
    session_.reporter.warning(
        fmt::format("the index of {} has not changed for {} days, so newer releases may be missing from it; "
                    "ask another --source, or name the release exactly",
                    source.name(), age.count()));
  }

  static Error gone_back(const std::string& source, const release::Version& lacking) {
    return Error(ErrorKind::integrity,
                 fmt::format("cannot choose among what {} has: it lacks {}, which was there before, so its "
                             "index is out of date or replaced",
                             source, lacking.name()))
        .with_hint("name the releases exactly, or accept what it has now with --allow-older");
  }

  // Called from several threads: works on files of its own. `present`: an archive of the same release and
  // platform, or nullptr.
  Fetched fetch_one(source::Source& source, Prover& prover, Offer& offer,
                    const store::Archive* present) const {
    if (present && !prover.must_prove(present->file) &&
        present->sha256 == options_.sha256.value_or(present->sha256)) {
      return {*present, true};
    }
    if (options_.sha256) {
      offer.file.sha256 = options_.sha256;
      offer.verified_by = "digest given by the user";
    } else if (!offer.file.sha256) {
      source.pin(offer);
    }
    prover.pin(offer);
    if (present && present->file == offer.file.filename &&
        present->sha256 == offer.file.sha256.value_or(present->sha256)) {
      return {prover.prove_again(*present, offer), true};
    }
    return {prover.download_and_prove(offer), false};
  }

  const Session& session_;
  const FetchOptions& options_;
  ProjectLock lock_;
  ProofOptions proof_;
  PlatformChoice platforms_;
  std::vector<release::Selector> selectors_;
  store::Downloads downloads_;
};

// Also what another run left for us to find, which was interrupted or did not wait for the disk.
void make_durable(const Dir& downloads, const std::vector<Fetched>& fetched) {
  for (const auto& one : fetched) {
    if (one.was_there) downloads.open_file(one.archive.file).sync();
  }
  downloads.sync();
}

}  // namespace

std::set<Proof> parse_proofs(const std::vector<std::string>& texts) {
  static const std::map<std::string, Proof> kProofs{{"lock", Proof::lock},
                                                    {"index", Proof::index},
                                                    {"sumdb", Proof::sumdb},
                                                    {"signature", Proof::signature}};
  std::set<Proof> proofs;
  for (const auto& word : split_commas(texts)) {
    const auto at = kProofs.find(word);
    if (at == kProofs.end()) {
      throw Error(ErrorKind::usage,
                  fmt::format("cannot require \"{}\": there is no such proof", printable(word)))
          .with_hint(did_you_mean(word, {"lock", "index", "sumdb", "signature"},
                                  "what can be required is lock, index, sumdb and signature"));
    }
    proofs.insert(at->second);
  }
  return proofs;
}

std::vector<std::string> answering_sources(const Session& session, const FetchOptions& options) {
  check_lock_file(options);
  const auto platforms = parse_platforms(options.platforms);
  std::vector<release::Selector> selectors;
  for (const auto& text : options.selectors) selectors.push_back(parse_selector(text));
  const ProjectLock lock(session, options);
  if (lock.is_required()) selectors = lock.pinned(selectors, platforms);
  std::vector<std::string> answering;
  try_sources(session, options.sources, [&](source::Source& source, const std::string& name) {
    Releases there;
    for (const auto& offer : source.list()) there[offer.file.version].insert(offer.file.platform);
    choose_among(there, selectors, platforms, options.which, source.name());
    const auto at = std::find(options.sources.begin(), options.sources.end(), name);
    answering.assign(at, options.sources.end());
  });
  return answering;
}

std::vector<Fetched> fetch(const Session& session, const FetchOptions& options) {
  check_lock_file(options);
  const auto lock = session.store.lock(session.lock_patience, session.stop);
  auto fetched = Fetcher(session, options).run();
  if (session.store.durable()) make_durable(session.store.downloads().directory(), fetched);
  return fetched;
}

store::Archive fetch_again(const Session& session, const tree::Origin& origin,
                           const std::vector<std::string>& sources) {
  std::optional<store::Archive> archive;
  try_sources(session, sources, [&](source::Source& source, const std::string& name) {
    for (auto& offer : source.list()) {
      if (offer.file.filename != origin.file) continue;
      offer.file.sha256 = origin.sha256;
      offer.verified_by = origin.verified_by;
      archive = Prover(session, name, {}).download_and_prove(offer);
      return;
    }
    throw Error(ErrorKind::unreachable,
                fmt::format("{} does not have {}", source.name(), printable(origin.file)));
  });
  return *archive;
}

Remote list_remote(const Session& session, const std::vector<std::string>& sources) {
  Remote remote;
  try_sources(session, sources, [&](source::Source& source, const std::string&) {
    remote = {source.name(), source.list()};
  });
  return remote;
}

}  // namespace gopack::workflow
