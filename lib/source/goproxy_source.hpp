// The toolchain modules that Go's module proxies have.
#pragma once

#include <string>
#include <vector>

#include "gopack/source/source.hpp"
#include "proxies.hpp"

namespace gopack::source {

class GoproxySource final : public Source {
 public:
  GoproxySource(std::string name, std::vector<Proxy> proxies, transport::Transport& transport)
      : name_(std::move(name)), proxies_(std::move(proxies)), transport_(transport) {}
  std::string name() const override { return name_; }
  std::vector<Offer> list() override;
  void pin(Offer&) override {}

 private:
  std::string name_;
  std::vector<Proxy> proxies_;
  transport::Transport& transport_;
};

}  // namespace gopack::source
