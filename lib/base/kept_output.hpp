// The part of a program's output that its caller gets. Private to base.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "gopack/base/process.hpp"

namespace gopack {

class KeptOutput {
 public:
  explicit KeptOutput(OutputPart part) : part_(part) {}

  void add(std::string_view text) {
    if (part_ == OutputPart::start) text = text.substr(0, kMost - text_.size());
    text_.append(text);
    if (text_.size() >= 2 * kMost) cut();
  }

  std::string take() && {
    if (text_.size() > kMost) cut();
    return std::move(text_);
  }

 private:
  static constexpr std::size_t kMost = 1 << 20;  // bytes

  void cut() { text_.erase(0, text_.size() - kMost); }

  OutputPart part_;
  std::string text_;
};

}  // namespace gopack
