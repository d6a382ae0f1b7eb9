#include "gopack/acquire/acquire.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "archive_verifier.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/filesystem.hpp"
#include "gopack/base/parallel.hpp"
#include "gopack/release/releases.hpp"
#include "gopack/target/space_estimate.hpp"
#include "newest_seen.hpp"
#include "present_archives.hpp"
#include "project_lock.hpp"
#include "release_choice.hpp"
#include "sources.hpp"

namespace gopack::acquire {

namespace {

using source::Offer;

ReleaseChoice to_choice(const Request& request) {
  ReleaseChoice choice{
      .selectors = {}, .platforms = release::parse_platforms(request.platforms), .which = request.which};
  for (const auto& text : request.selectors) choice.selectors.push_back(release::parse_selector(text));
  return choice;
}

// What the choice means of what a source has. Throws Error.
std::vector<release::Version> choose_among(const release::Releases& offered, const ReleaseChoice& choice,
                                           const std::string& source) {
  release::require_known(choice.platforms, offered);
  return in_context(fmt::format("choosing among what {} has for {}", source, choice.platforms.text()),
                    [&] { return choice.choose(offered); });
}

class Fetcher {
 public:
  Fetcher(const Context& context, const Request& request)
      : context_(context),
        request_(request),
        lock_(context, request),
        evidence_(request.evidence),
        choice_(to_choice(request)),
        downloads_(context.store.downloads()),
        present_(look()) {
    choice_.selectors = lock_.pinned(choice_);
    if (!lock_.is_required()) evidence_.required.erase(Evidence::lock);
  }

  std::vector<Fetched> run() {
    auto fetched = fetch_all();
    lock_.record(fetched);
    return fetched;
  }

 private:
  // The lock file alone proves what is there.
  bool asks_sources() const { return evidence_.required.size() > (lock_.is_required() ? 1 : 0); }
  ArchiveVerifier make_verifier(const std::string& source) const {
    return {context_, source, evidence_, lock_.proof()};
  }

  std::vector<Fetched> fetch_all() {
    if (auto present = all_present()) return *present;
    std::vector<Fetched> fetched;
    bool is_first = true;
    try_sources(context_, request_.sources, request_.opened, [&](const OpenedSource& opened) {
      if (!std::exchange(is_first, false)) present_ = look();  // with what the source before has given
      auto verifier = make_verifier(opened.name);
      fetched = fetch_from(*opened.source, verifier);
    });
    return fetched;
  }

  // The releases that a selector means without a source being asked: the one that it names or, offline, those
  // that it chooses among what is there. None: not known.
  std::vector<release::Version> versions_at_hand(const release::Selector& selector) const {
    if (const auto version = selector.exact()) return {*version};
    const auto& sources = request_.sources;
    if (!context_.transport.is_offline() || std::any_of(sources.begin(), sources.end(), is_at_hand))
      return {};
    return selector.choose(release::versions_for(present_.releases(), choice_.platforms), choice_.which);
  }

  // What downloads/ has, when that is surely what is asked for.
  std::optional<std::vector<Fetched>> all_present() const {
    if (choice_.platforms.all || asks_sources() || request_.sha256) return std::nullopt;
    auto verifier = make_verifier("");
    std::set<release::Version> versions;
    for (const auto& selector : choice_.selectors) {
      const auto meant = versions_at_hand(selector);
      if (meant.empty()) return std::nullopt;
      versions.insert(meant.begin(), meant.end());
    }
    std::vector<Fetched> present;
    for (const auto& version : versions) {
      for (const auto& platform : choice_.platforms.named) {
        const auto* archive = present_.find(version, platform);
        if (archive == nullptr) return std::nullopt;
        if (!verifier.must_prove(archive->file)) {
          present.push_back({*archive, true});
          continue;
        }
        const auto offer = lock_.offer_of(*archive);
        if (!offer) return std::nullopt;
        present.push_back({verifier.prove_again(*archive, *offer), true});
      }
    }
    return present;
  }

  PresentArchives look() const {
    return {downloads_, [this](const store::Archive& archive) { return is_wanted(archive); }};
  }

  // A module lacks what archives have: it is not what those want who name sources of archives alone.
  bool is_wanted(const store::Archive& archive) const {
    const auto has_modules = [](const std::string& source) { return source.starts_with("goproxy"); };
    const auto& sources = request_.sources;
    return lock_.admits(archive) &&
           (!archive.is_module || std::any_of(sources.begin(), sources.end(), has_modules));
  }

  std::vector<Fetched> fetch_from(source::Source& source, ArchiveVerifier& verifier) const {
    auto wanted = choose(source);
    if (request_.sha256 && wanted.size() != 1) {
      throw Error(ErrorKind::usage,
                  fmt::format("--sha256 names one archive, but {} are to be fetched", wanted.size()));
    }
    require_room(wanted);
    announce(wanted);
    std::vector<std::optional<Fetched>> slots(wanted.size());
    run_parallel(wanted.size(), context_.run.jobs, [&](std::size_t i) {
      const auto& file = wanted[i].file;
      slots[i] = fetch_one(source, verifier, wanted[i], present_.find(file.version, file.platform));
      context_.run.reporter.on(Finished{file.filename});
    });
    std::vector<Fetched> fetched;
    for (auto& slot : slots) {
      if (slot) fetched.push_back(std::move(*slot));
    }
    return fetched;
  }

  void require_room(const std::vector<Offer>& wanted) const {
    const auto& directory = downloads_.directory();
    target::SpaceEstimate need(space_of(directory));
    for (const auto& offer : wanted) {
      if (!asks_sources() && present_.find(offer.file.version, offer.file.platform) != nullptr) continue;
      const auto part = directory.find(offer.file.filename + ".part");
      need.add_file(offer.file.size - std::min(offer.file.size, part ? part->size : 0));
    }
    need.require(fmt::format("fetch into {}", printable(directory.path())));
  }

  // What is to be downloaded, before the first byte comes: so that the sum is known.
  void announce(const std::vector<Offer>& wanted) const {
    for (const auto& offer : wanted) {
      if (asks_sources() || present_.find(offer.file.version, offer.file.platform) == nullptr)
        context_.run.reporter.on(Started{offer.file.filename, offer.file.size});
    }
  }

  std::vector<Offer> choose(source::Source& source) const {
    const auto& offers = source.list();
    warn_of_old_index(source);
    const auto offered = releases_of(offers);
    const auto name = source.name();
    const auto versions = choose_among(offered, choice_, name);
    tell_left_out(name, offered);
    // A directory is the user's own; what others serve should only ever grow.
    if (!offers.front().urls.front().is_file()) compare_with_seen(name, offered);
    return choice_.pick(offers, versions);
  }

  void compare_with_seen(const std::string& source, const release::Releases& offered) const {
    NewestSeen seen(context_.store, context_.run.reporter);
    if (!request_.allow_older) {
      if (const auto lost = choice_.find_lost(offered, seen_before(seen, source)))
        throw gone_back(source, *lost);
    }
    seen.put(source, offered, request_.allow_older);
  }

  // From this source, or from those that it stands in for.
  release::Releases seen_before(const NewestSeen& seen, const std::string& source) const {
    auto all = seen.of(source);
    if (request_.sources.size() == 1) return all;
    for (const auto& name : request_.sources)
      all = release::merged(all, seen.of(source_name(context_, name)));
    return all;
  }

  void tell_left_out(const std::string& source, const release::Releases& offered) const {
    for (const auto& [platforms, names] : choice_.left_out(offered)) {
      context_.run.reporter.warning(
          fmt::format("left out, since {} lacks them for {}: {}", source, platforms, fmt::join(names, ", ")));
    }
  }

  void warn_of_old_index(const source::Source& source) const {
    const auto age = source.index_age().value_or(std::chrono::seconds(0));
    if (!choice_.is_outdated_by(age)) return;
    context_.run.reporter.warning(
        fmt::format("the index of {} has not changed for {} days, so newer releases may be missing from it",
                    source.name(), std::chrono::floor<std::chrono::days>(age).count()),
        "ask another --source, or name the release exactly");
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
  Fetched fetch_one(source::Source& source, ArchiveVerifier& verifier, Offer& offer,
                    const store::Archive* present) const {
    if (present && !verifier.must_prove(present->file) &&
        present->sha256 == request_.sha256.value_or(present->sha256)) {
      return {*present, true};
    }
    if (request_.sha256) {
      offer.file.sha256 = request_.sha256;
      offer.verified_by = "digest given by the user";
    } else if (!offer.file.sha256) {
      source.pin(offer);
    }
    verifier.pin(offer);
    if (present && present->file == offer.file.filename &&
        present->sha256 == offer.file.sha256.value_or(present->sha256)) {
      return {verifier.prove_again(*present, offer), true};
    }
    return {verifier.download_and_prove(offer), false};
  }

  const Context& context_;
  const Request& request_;
  ProjectLock lock_;
  EvidenceOptions evidence_;
  ReleaseChoice choice_;
  store::Downloads downloads_;
  PresentArchives present_;
};

// Also what another run left for us to find, which was interrupted or did not wait for the disk.
void make_durable(const Dir& downloads, const std::vector<Fetched>& fetched) {
  for (const auto& one : fetched) {
    if (one.was_there) downloads.open_file(one.archive.file).sync();
  }
  downloads.sync();
}

}  // namespace

void find_source(const Context& context, Request& request) {
  check_lock_file(request);
  auto choice = to_choice(request);
  const ProjectLock lock(context, request);
  choice.selectors = lock.pinned(choice);
  try_sources(context, request.sources, {}, [&](const OpenedSource& opened) {
    choose_among(releases_of(opened.source->list()), choice, opened.source->name());
    request.opened = opened;
  });
  auto& names = request.sources;
  names.erase(names.begin(), std::find(names.begin(), names.end(), request.opened.name));
}

std::vector<Fetched> fetch(const Context& context, const Request& request) {
  auto fetched = Fetcher(context, request).run();
  if (context.store.durable()) make_durable(context.store.downloads().directory(), fetched);
  return fetched;
}

store::Archive fetch_again(const Context& context, const tree::Origin& origin,
                           const std::vector<std::string>& sources) {
  store::Archive archive;
  try_sources(context, sources, {}, [&](const OpenedSource& opened) {
    for (auto offer : opened.source->list()) {
      if (offer.file.filename != origin.file) continue;
      offer.file.sha256 = origin.sha256;
      offer.verified_by = origin.verified_by;
      archive = ArchiveVerifier(context, opened.name, {}).download_and_prove(offer);
      context.run.reporter.on(Finished{offer.file.filename});
      return;
    }
    throw Error(ErrorKind::unreachable,
                fmt::format("{} does not have {}", opened.source->name(), printable(origin.file)));
  });
  return archive;
}

Remote list_remote(const Context& context, const std::vector<std::string>& sources) {
  Remote remote;
  try_sources(context, sources, {}, [&](const OpenedSource& opened) {
    remote = {opened.source->name(), opened.source->list()};
  });
  return remote;
}

}  // namespace gopack::acquire
