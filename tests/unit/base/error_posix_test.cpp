#include <gtest/gtest.h>

#include <cerrno>

#include "gopack/base/error.hpp"

namespace gopack {
namespace {

TEST(SystemError, AQuotaThatIsUsedUpIsNoRoom) {
  const auto error = system_error(EDQUOT, "write x");
  EXPECT_EQ(error.kind(), ErrorKind::noroom);
  EXPECT_NE(error.hint().find("quota"), std::string::npos);
}

}  // namespace
}  // namespace gopack
