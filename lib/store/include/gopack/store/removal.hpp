// What leaves a store, and what has to stay. A view: the store outlives it. Not thread-safe.
#pragma once

#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "gopack/store/store.hpp"

namespace gopack::store {

class Removal {
 public:
  explicit Removal(const Store& store) : store_(store) {}

  // Trees that must stay, also without their directory or manifest: current, what the pointer names, and
  // where rollback goes unless its removal has begun.
  std::set<tree::StoreId> roots() const;
  // The right to remove a known tree; nothing, or Error (busy), while somebody has a lease on it.
  std::optional<Lock> try_claim(const tree::StoreId& id) const;
  Lock claim(const tree::StoreId& id) const;
  // Removes a claimed tree; first its manifest gets the name v_<hash>.removed, last it goes: what is left
  // when `stop` or a crash interrupts that is a leftover.
  void remove(const tree::StoreId& id, const Lock& claim, const std::stop_token& stop = {}) const;
  // What an interrupted run left: staging, trees half removed, others without manifest but for roots(), files
  // half replaced; a tree before what tells that it is to go. Removed by gc.
  std::vector<std::string> leftovers() const;
  // Those of `wanted` trees stay, for begin().
  void remove_leftovers(const std::vector<tree::StoreId>& wanted = {},
                        const std::stop_token& stop = {}) const;

 private:
  void finish(const std::string& mark) const;
  bool is_leftover(const std::string& name, const std::set<tree::StoreId>& kept) const;

  const Store& store_;
};

}  // namespace gopack::store
