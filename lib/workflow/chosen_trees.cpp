#include "chosen_trees.hpp"

namespace gopack::workflow {

Chosen choose(const Session& session, const BundleContent& content) {
  Chosen chosen{bundle::choose_bundled(session.store, {content.selectors, content.profile}, session.reporter),
                {}};
  if (!content.current.empty()) chosen.start = store::pick_tree(session.store, chosen.trees, content.current);
  return chosen;
}

bundle::Start choose_start(const Session& session, const BundleContent& content, const Chosen& chosen,
                           OwnTree own) {
  if (chosen.start) return {*chosen.start};
  return bundle::choose_start({.trees = chosen.trees,
                               .is_chosen_by_name = !content.selectors.empty(),
                               .store = session.store.pointer().current(),
                               .own = std::move(own.own),
                               .keeps_own = own.keeps_own});
}

}  // namespace gopack::workflow
