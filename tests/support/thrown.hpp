// What an action throws.
#pragma once

#include <gtest/gtest.h>

#include "gopack/base/error.hpp"

namespace gopack::test {

// The Error that `action` ends with; it is a failure of the test when there is none.
template <typename Action>
Error thrown(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return {ErrorKind::failed, "nothing was thrown"};
}

}  // namespace gopack::test
