#include "gopack/bundle/bundle_target.hpp"

namespace gopack::bundle {

Put put_all(BundleTarget& target, const BundleParts& parts) {
  Put put;
  for (const auto& tree : parts.trees) put.counts += target.put_tree(tree);
  for (const auto& file : parts.files) put.counts += target.put_file(file);
  for (const auto& program : parts.programs) put.counts += target.put_file(program);
  parts.bring();
  put.counts += target.put_checksums();
  put.switched = target.set_current(parts.current);
  return put;
}

}  // namespace gopack::bundle
