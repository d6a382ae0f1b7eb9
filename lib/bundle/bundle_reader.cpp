#include "bundle_reader.hpp"

#include "gopack/bundle/checksums.hpp"
#include "gopack/store/trees.hpp"

namespace gopack::bundle {

namespace {

using store::Problem;

class DirectoryReader final : public BundleReader {
 public:
  explicit DirectoryReader(const store::Store& store) : store_(store) {}

  std::optional<std::string> find_text(const std::string& name, std::uint64_t limit) const override {
    return gopack::find_text(store_.home(), name, limit);
  }
  bool has(const std::string& name) const override { return store_.home().find(name).has_value(); }
  bool is_complete(const tree::StoreId& tree) const override { return store_.trees().is_complete(tree); }
  std::optional<tree::StoreId> current() const override { return store_.pointer().current(); }
  std::optional<std::uint64_t> find_size(const std::string& name) const override {
    const auto file = store_.home().try_open_file(name);
    return file ? std::optional(file->status().size) : std::nullopt;
  }
  std::optional<Problem> verify(const std::string& name, const digest::Sha256& sha256) const override {
    return store::verify_content(name, sha256, [&] { return digest::hash(store_.home().open_file(name)); });
  }

 private:
  const store::Store& store_;
};

class ImageReader final : public BundleReader {
 public:
  explicit ImageReader(const image::Reader& image) : image_(image) {}

  std::optional<std::string> find_text(const std::string& name, std::uint64_t limit) const override {
    return image_.find_text(name, limit);
  }
  bool has(const std::string& name) const override { return image_.find(name) != nullptr; }
  bool is_complete(const tree::StoreId& tree) const override {
    const auto* directory = image_.find(tree.text());
    return directory != nullptr && directory->is_directory && has(tree.text() + ".json");
  }
  std::optional<tree::StoreId> current() const override { return current_of(image_); }
  std::optional<std::uint64_t> find_size(const std::string& name) const override {
    const auto* file = image_.find(name);
    return file != nullptr && !file->is_directory ? std::optional(file->bytes) : std::nullopt;
  }
  std::optional<Problem> verify(const std::string& name, const digest::Sha256& sha256) const override {
    return store::verify_content(name, sha256, [&] { return image_.hash(*image_.find(name)); });
  }

 private:
  const image::Reader& image_;
};

}  // namespace

std::optional<tree::StoreId> current_of(const image::Reader& image) {
  constexpr std::uint64_t kMostBytes = 256;
  auto text = image.find_text(store::kPointerText, kMostBytes).value_or("");
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  return tree::StoreId::is_valid(text) ? std::optional<tree::StoreId>(text) : std::nullopt;
}

std::vector<tree::StoreId> trees_of(const image::Reader& image) {
  std::vector<tree::StoreId> ids;
  for (const auto& file : image.files()) {
    const auto stem = file.path.substr(0, file.path.find('.'));
    if (tree::StoreId::is_valid(stem) && file.path == stem + ".json") ids.emplace_back(stem);
  }
  return ids;
}

std::unique_ptr<BundleReader> read_directory(const store::Store& store) {
  return std::make_unique<DirectoryReader>(store);
}

std::unique_ptr<BundleReader> read_image(const image::Reader& image) {
  return std::make_unique<ImageReader>(image);
}

}  // namespace gopack::bundle
