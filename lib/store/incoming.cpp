#include "gopack/store/incoming.hpp"

#include "names.hpp"

namespace gopack::store {

Dir incoming(const Store& store) {
  return store.state().ensure_dir(kIncoming);
}

void drop_incoming(const Store& store) {
  remove_tree(store.state(), kIncoming);
}

}  // namespace gopack::store
