#include <locale.h>

#include "utf8_locale.hpp"

namespace gopack::archive {

struct Utf8Locale::State {
  locale_t utf8 = nullptr;
  locale_t before = nullptr;
};

Utf8Locale::Utf8Locale() {
  for (const char* name : {"C.UTF-8", "en_US.UTF-8"}) {
    if (const auto utf8 = ::newlocale(LC_CTYPE_MASK, name, nullptr)) {
      state_ = std::make_unique<State>(State{utf8, nullptr});
      return;
    }
  }
}

Utf8Locale::~Utf8Locale() {
  if (state_) ::freelocale(state_->utf8);
}

Utf8Locale::Scope::Scope(const Utf8Locale& locale) : locale_(locale) {
  if (locale_.state_) locale_.state_->before = ::uselocale(locale_.state_->utf8);
}

Utf8Locale::Scope::~Scope() {
  if (locale_.state_) ::uselocale(locale_.state_->before);
}

}  // namespace gopack::archive
