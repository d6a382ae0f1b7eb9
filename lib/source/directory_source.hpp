// Archives in a directory: a stick, a share, what somebody downloaded.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "gopack/source/source.hpp"

namespace gopack::source {

class DirectorySource final : public Source {
 public:
  DirectorySource(const std::filesystem::path& path, transport::Transport& transport)
      : path_(std::filesystem::absolute(path)), transport_(transport) {}
  std::string name() const override { return path_.string(); }
  void pin(Offer& offer) override;

 private:
  std::vector<Offer> ask() override;

  std::filesystem::path path_;
  transport::Transport& transport_;
};

}  // namespace gopack::source
