// Sites that offer releases over http(s): the official one and its mirrors.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gopack/source/source.hpp"

namespace gopack::source {

struct Site {
  std::string name;
  std::vector<transport::Url> indexes;  // asked in order: the JSON index, or a page that names the archives
  transport::Url archives;              // the directory they lie in
  std::string verified_by = "release index";  // what digests come from
};

// Go's own, or one laid out like a mirror in its place.
Site official_site(const std::optional<transport::Url>& instead);
Site mirror_site(const transport::Url& url);

class IndexSource final : public Source {
 public:
  IndexSource(Site site, transport::Transport& transport) : site_(std::move(site)), transport_(transport) {}
  std::string name() const override { return site_.name; }
  std::optional<std::chrono::seconds> index_age() const override { return age_; }
  void pin(Offer& offer) override;

 private:
  std::vector<Offer> ask() override;

  Site site_;
  transport::Transport& transport_;
  std::optional<std::chrono::seconds> age_;
};

// The archives whose names stand anywhere in `page`.
std::vector<release::ReleaseFile> find_archive_names(std::string_view page);

}  // namespace gopack::source
