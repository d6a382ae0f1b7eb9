#include <locale.h>

#include <cerrno>
#include <new>

#include "utf8_locale.hpp"

namespace gopack::archive {

struct Utf8Locale::State {
  State() = default;
  ~State() {
    if (utf8 != nullptr) ::freelocale(utf8);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  locale_t utf8 = nullptr;
  locale_t before = nullptr;
};

Utf8Locale::Utf8Locale() : state_(std::make_unique<State>()) {
  for (const char* name : {"C.UTF-8", "en_US.UTF-8"}) {
    state_->utf8 = ::newlocale(LC_CTYPE_MASK, name, nullptr);
    if (state_->utf8 != nullptr) return;
    if (errno == ENOMEM) throw std::bad_alloc();
  }
  state_.reset();
}

Utf8Locale::~Utf8Locale() = default;

Utf8Locale::Scope::Scope(const Utf8Locale& locale) : locale_(locale) {
  if (locale_.state_) locale_.state_->before = ::uselocale(locale_.state_->utf8);
}

Utf8Locale::Scope::~Scope() {
  if (locale_.state_) ::uselocale(locale_.state_->before);
}

}  // namespace gopack::archive
