// A bundle that is looked at: a directory, or an image. Private to bundle.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "gopack/image/reader.hpp"
#include "gopack/store/store.hpp"
#include "gopack/store/verify.hpp"

namespace gopack::bundle {

// Names are those of files at its top.
class BundleReader {
 public:
  virtual ~BundleReader() = default;
  // Nothing when there is no such file.
  virtual std::optional<std::string> find_text(const std::string& name, std::uint64_t limit) const = 0;
  virtual bool has(const std::string& name) const = 0;
  virtual bool is_complete(const tree::StoreId& tree) const = 0;
  virtual std::optional<tree::StoreId> current() const = 0;
  // The size of a file, if it is one.
  virtual std::optional<std::uint64_t> find_size(const std::string& name) const = 0;
  virtual std::optional<store::Problem> verify(const std::string& name,
                                               const digest::Sha256& sha256) const = 0;
};

// What they look at outlives them.
std::unique_ptr<BundleReader> read_directory(const store::Store& store);
std::unique_ptr<BundleReader> read_image(const image::Reader& image);

}  // namespace gopack::bundle
