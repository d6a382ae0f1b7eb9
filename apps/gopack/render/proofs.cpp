#include "render/proofs.hpp"

#include <fmt/format.h>

#include "gopack/base/error.hpp"
#include "render/table.hpp"
#include "render/trees.hpp"

namespace gopack::app {

using prove::Result;

Json to_json(const store::Store& store, const workflow::Proved& proved) {
  Json checks = Json::array();
  for (const auto& row : proved.proof.rows) {
    checks.push_back({{"capability", row.capability},
                      {"check", row.check},
                      {"target", row.target},
                      {"result", to_string(row.result)},
                      {"detail", printable(row.detail)}});
  }
  return {{"proved", proved.proof.holds()}, {"tree", to_json(store, proved.tree)}, {"checks", checks}};
}

std::string proof_text(const workflow::Proved& proved, bool all) {
  using enum Table::Align;
  Table table({left, left, left, left, left});
  for (const auto& row : proved.proof.rows) {
    if (!all && row.result == Result::same) continue;
    table.add({std::string(to_string(row.result)), row.capability, row.check, row.target, row.detail});
  }
  const auto& proof = proved.proof;
  auto text = table.text() + fmt::format("{}: {} the same as with the whole release", describe(proved.tree),
                                         count_of(proof.count(Result::same), "check"));
  if (const auto count = proof.count(Result::different); count != 0)
    text += fmt::format(", {} different", count);
  if (const auto count = proof.count(Result::not_tried); count != 0)
    text += fmt::format(", {} not tried", count);
  return text + "\n";
}

}  // namespace gopack::app
