// The toolchain modules that Go's module proxies have.
#pragma once

#include <string>
#include <vector>

#include "gopack/source/source.hpp"
#include "proxies.hpp"

namespace gopack::source {

class GoproxySource final : public Source {
 public:
  // `proxies` are what GOPROXY, or the name of the source, says; `is_said`: something does.
  GoproxySource(std::string name, std::vector<Proxy> proxies, bool is_said, transport::Transport& transport)
      : name_(std::move(name)), proxies_(std::move(proxies)), is_said_(is_said), transport_(transport) {}
  std::string name() const override { return name_; }
  void pin(Offer&) override {}

 private:
  std::vector<Offer> ask() override;

  std::string name_;
  std::vector<Proxy> proxies_;
  bool is_said_;
  transport::Transport& transport_;
};

}  // namespace gopack::source
