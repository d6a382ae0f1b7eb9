#include "gopack/base/error.hpp"

#include <gtest/gtest.h>

#include <cerrno>

#include "support/thrown.hpp"

namespace gopack {
namespace {

TEST(Error, TextHasTheContextFromTheInsideOut) {
  const auto error = test::thrown([] {
    in_context("fetching go1.22.5", [] {
      in_context("reading the index",
                 [] { throw Error(ErrorKind::usage, "cannot parse it").with_hint("look at it"); });
    });
  });
  EXPECT_EQ(error.text(), "cannot parse it (while reading the index) (while fetching go1.22.5)");
  EXPECT_STREQ(error.what(), "cannot parse it");
  EXPECT_EQ(error.hint(), "look at it");
  EXPECT_EQ(in_context("counting", [] { return 3; }), 3);
}

TEST(Error, KindsAreExitStatusesWithNames) {
  const std::pair<int, const char*> kinds[] = {{1, "failed"},      {2, "usage"},        {3, "integrity"},
                                               {4, "unreachable"}, {5, "busy"},         {6, "unsafe"},
                                               {7, "noroom"},      {130, "interrupted"}};
  for (const auto& [status, name] : kinds) EXPECT_EQ(to_string(static_cast<ErrorKind>(status)), name);
}

TEST(SystemError, SaysWhatTheSystemSaidAndWhatToDo) {
  for (const int code : {ENOSPC, EFBIG, EROFS, EOPNOTSUPP, ENAMETOOLONG}) {
    EXPECT_EQ(system_error(code, "write x").kind(), ErrorKind::noroom) << code;
    EXPECT_NE(system_error(code, "write x").hint(), "") << code;
  }
  for (const int code : {EACCES, ENOENT, EIO}) {
    EXPECT_EQ(system_error(code, "write x").kind(), ErrorKind::failed) << code;
  }
  EXPECT_EQ(system_error(ENOSPC, "write x").text(), "cannot write x: No space left on device");
}

}  // namespace
}  // namespace gopack
