// libarchive takes the names in pax headers for UTF-8 and converts them to the locale's character set;
// in the C locale every name that is not ASCII would fail.
#pragma once

#include <memory>

namespace gopack::archive {

// A locale with UTF-8 names. Where the system has none it changes nothing, and such names stay refused.
class Utf8Locale {
 public:
  Utf8Locale();
  ~Utf8Locale();
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

  // Whether the system has one.
  explicit operator bool() const { return state_ != nullptr; }

  // Runs `action` under it, in this thread alone.
  template <typename Action>
  auto run(Action&& action) const {
    const Scope scope(*this);
    return action();
  }

 private:
  struct State;
  class Scope {
   public:
    explicit Scope(const Utf8Locale& locale);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    const Utf8Locale& locale_;
  };

  std::unique_ptr<State> state_;  // nothing where the system has none
};

}  // namespace gopack::archive
