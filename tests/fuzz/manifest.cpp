// A tree's manifest, the pointer to the current tree, the history of switches, and a project's lock file.
#include "gopack/tree/manifest.hpp"
#include "fuzz.hpp"
#include "gopack/release/lock_file.hpp"
#include "gopack/store/pointer.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gopack;
  const auto text = fuzz::text_of(data, size);
  const tree::StoreId id("v_805d3b96e978e6eb");  // of the manifest in the corpus
  fuzz::accepts([&] {
    const auto manifest = tree::Manifest::from_json(text, id);
    fuzz::require(manifest.id() == id, "the manifest is that of the tree");
    const auto again = tree::Manifest::from_json(manifest.to_json(), id);
    fuzz::require(again.to_json() == manifest.to_json(), "a manifest that is written reads the same");
  });
  const auto dir = fuzz::scratch_dir();
  const auto state = dir.make_dir("state");
  fuzz::write(dir, "current.txt", text);
  fuzz::write(state, "history", text);
  const store::Pointer pointer(dir, &state);
  fuzz::accepts([&] { pointer.current(); });
  fuzz::accepts([&] { pointer.previous(); });
  fuzz::write(dir, "gopack.lock", text);
  fuzz::accepts([&] {
    const release::LockFile lock(dir.path() / "gopack.lock");
    lock.save(false);
    const release::LockFile again(dir.path() / "gopack.lock");
    for (const auto& archive : lock.archives())
      fuzz::require(again.find(archive.file), "what is saved reads the same");
  });
  return 0;
}
