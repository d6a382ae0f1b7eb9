#include "gopack/workflow/pull.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gopack/base/error.hpp"
#include "gopack/release/platform.hpp"
#include "gopack/store/incoming.hpp"
#include "gopack/store/trees.hpp"
#include "gopack/store/verify.hpp"
#include "pulled_tree.hpp"

namespace gopack::workflow {

namespace {

// An index is nobody's word: what it says is printed before anything is proved.
void check_offer(const tree::Manifest& head) {
  store::check_names(head);
  const auto refuse = [](const std::string& text, const char* what) {
    throw Error(ErrorKind::integrity,
                fmt::format("cannot read an index: \"{}\" is not {}", printable(text), what));
  };
  if (printable(head.profile) != head.profile) refuse(head.profile, "the name of a profile");
  for (const auto& platform : head.platforms) {
    if (!release::Platform::try_parse(platform)) refuse(platform, "a platform of Go");
  }
}

std::vector<const pack::TreeOffer*> choose_offers(const pack::Offers& offers,
                                                  const std::vector<std::string>& selectors) {
  std::vector<Tree> offered;
  for (const auto& offer : offers.trees) {
    check_offer(offer.head);
    offered.push_back({offer.id, offer.head});
  }
  auto chosen = store::choose_offered(offered, selectors);
  std::sort(chosen.begin(), chosen.end(), store::is_listed_before);
  std::vector<const pack::TreeOffer*> found;
  for (const auto& tree : chosen) {
    found.push_back(&*std::find_if(offers.trees.begin(), offers.trees.end(),
                                   [&](const pack::TreeOffer& offer) { return offer.id == tree.id; }));
  }
  return found;
}

// The newest that runs here, else the newest.
const Tree& newest_of(const std::vector<Pulled>& sorted) {
  const auto found = std::find_if(sorted.rbegin(), sorted.rend(), [](const Pulled& pulled) {
    return pulled.tree.serves(release::Platform::host());
  });
  return found != sorted.rend() ? found->tree : sorted.back().tree;
}

}  // namespace

PulledTrees pull(const Session& session, const PullOptions& options) {
  const auto source = open_source(session, options.source);
  const auto reading = fmt::format("reading {}", source->name());
  const auto offers = in_context(reading, [&] { return pack::read_offers(source->index()); });
  const auto chosen = in_context(reading, [&] { return choose_offers(offers, options.selectors); });
  if (chosen.empty()) {
    throw Error(ErrorKind::unreachable, fmt::format("cannot pull from {}: it has no tree", source->name()))
        .with_hint("`gopack pack` writes trees there");
  }
  PulledTrees pulled;
  if (options.plan_only) {
    for (const auto* offer : chosen) {
      const auto plan = plan_pull(session.store, offers, *offer);
      const bool was_there = session.store.trees().find_whole(offer->id).has_value();
      pulled.trees.push_back({{offer->id, offer->head},
                              was_there,
                              plan.delta != nullptr ? std::optional(plan.delta->from) : std::nullopt,
                              was_there ? 0 : plan.bytes()});
    }
    return pulled;
  }
  const auto lock = session.store.lock(session.lock_patience, session.stop);
  for (const auto* offer : chosen) {
    // What came before may be what a delta begins at.
    const auto plan = plan_pull(session.store, offers, *offer);
    pulled.trees.push_back(pull_tree(session, options, *source, plan));
  }
  store::drop_incoming(session.store);
  const auto pointer = session.store.pointer();
  pulled.current = pointer.current();
  if (!pulled.trees.empty() && (options.use || !pulled.current)) {
    pulled.current = newest_of(pulled.trees).id;
    pointer.switch_to(*pulled.current, session.store.durable());
  }
  return pulled;
}

}  // namespace gopack::workflow
