// verify_tree finds whatever is done to a tree.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cctype>
#include <fstream>
#include <functional>
#include <iterator>
#include <random>

#include "gopack/store/trees.hpp"
#include "gopack/store/verify.hpp"
#include "store_fixture.hpp"

namespace gopack::store {
namespace {

namespace fs = std::filesystem;

constexpr int kMutations = 10'000 / GOPACK_TEST_THINNED;

class MutationTest : public StoreTest {
 protected:
  using Undo = std::function<void()>;

  void SetUp() override {
    auto staging = store_.stage();
    fill(staging.writer(), "go1.22.5");
    for (int i = 0; i < 12; ++i) {
      add(staging.writer(), "src/p" + std::to_string(i % 4) + "/f" + std::to_string(i) + ".go",
          std::string(static_cast<std::size_t>(1 + 37 * i), 'x'), i % 5 == 0);
    }
    id_ = std::move(staging).commit(manifest_);
    for (const auto& entry : fs::recursive_directory_iterator(home() / id_.text())) {
      if (entry.is_directory()) ::chmod(entry.path().c_str(), 0755);
    }
    ::chmod((home() / id_.text()).c_str(), 0755);
  }

  bool is_whole() const {
    return verify_tree(store_.trees().open(id_), manifest_.files, Depth::contents, 1, {}).empty();
  }

  unsigned pick(std::size_t count) { return static_cast<unsigned>(random_() % count); }

  // Takes `path` out of the tree; undone, it is there again whatever came in its place.
  Undo take_away(const fs::path& path) const {
    const auto aside = home() / "aside";
    fs::rename(path, aside);
    return [path, aside] {
      fs::remove_all(path);
      fs::rename(aside, path);
    };
  }

  Undo rewrite(const fs::path& path, const std::function<void(std::string&)>& change) const {
    const auto bits = mode(path);
    std::ifstream in(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    change(text);
    auto undo = take_away(path);
    test::write_file(path, text);
    ::chmod(path.c_str(), bits);
    return undo;
  }

  static Undo add_foreign(const fs::path& path) {
    return [path] { fs::remove_all(path); };
  }

  // One of everything that may happen to a file.
  std::vector<std::function<Undo(const fs::path&)>> mutations() {
    return {
        [&](const fs::path& path) {
          return rewrite(path, [&](std::string& text) {
            auto& byte = text[pick(text.size())];
            byte = static_cast<char>(byte ^ (1 << pick(8)));
          });
        },
        [&](const fs::path& path) {
          return rewrite(path, [&](std::string& text) { text.resize(pick(text.size())); });
        },
        [&](const fs::path& path) {
          return rewrite(path, [&](std::string& text) { text.append(1 + pick(100), '\0'); });
        },
        [&](const fs::path& path) { return take_away(path); },
        [&](const fs::path& path) {
          const auto foreign = path.parent_path() / ("foreign" + std::to_string(pick(1000)));
          test::write_file(foreign, "");
          return add_foreign(foreign);
        },
        [&](const fs::path& path) {
          const auto foreign = path.parent_path() / ".hidden";
          fs::create_directory(foreign);
          return add_foreign(foreign);
        },
        [&](const fs::path& path) -> Undo {
          const auto bits = mode(path);
          ::chmod(path.c_str(), bits ^ 0111);
          return [path, bits] { ::chmod(path.c_str(), bits); };
        },
        [&](const fs::path& path) -> Undo {
          auto name = path.filename().string();
          const auto letter = static_cast<unsigned char>(name[0]);
          name[0] = static_cast<char>(std::islower(letter) ? std::toupper(letter) : std::tolower(letter));
          const auto other = path.parent_path() / name;
          fs::rename(path, other);
          return [path, other] { fs::rename(other, path); };
        },
        [&](const fs::path& path) {
          auto undo = take_away(path);
          fs::create_directory(path);
          return undo;
        },
        [&](const fs::path& path) {
          auto undo = take_away(path);
          fs::create_symlink(home() / "aside", path);  // the right bytes, by a link
          return undo;
        },
        [&](const fs::path& path) {
          auto undo = take_away(path);
          ::mkfifo(path.c_str(), 0444);
          return undo;
        },
        [&](const fs::path& path) {  // a directory on the way
          const auto parent = path.parent_path();
          if (parent.filename() == id_.text()) return take_away(path);
          auto undo = take_away(parent);
          pick(2) == 0 ? fs::create_symlink(home() / "aside", parent) : test::write_file(parent, "");
          return undo;
        },
    };
  }

  tree::Manifest manifest_;
  tree::StoreId id_ = tree::StoreId("v_0000000000000000");
  std::mt19937 random_{1};
};

TEST_F(MutationTest, EveryOneIsFoundAndNothingElse) {
  const auto all = mutations();
  for (int i = 0; i < kMutations; ++i) {
    const auto& file = manifest_.files[pick(manifest_.files.size())];
    const auto kind = pick(all.size());
    const auto undo = all[kind](in_tree(id_, file.path.text()));
    ASSERT_FALSE(is_whole()) << "mutation " << i << " of kind " << kind << ": " << file.path.text();
    undo();
    if (i % 10 == 0) {
      ASSERT_TRUE(is_whole()) << "after mutation " << i << " of kind " << kind;
    }
  }
}

}  // namespace
}  // namespace gopack::store
