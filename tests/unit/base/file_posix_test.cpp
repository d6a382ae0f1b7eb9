#include <fcntl.h>
#include <gtest/gtest.h>

#include "gopack/base/file.hpp"
#include "support/thrown.hpp"

namespace gopack {
namespace {

TEST(File, AFullDiskIsAnErrorOfItsOwnKind) {
  File file(Descriptor(::open("/dev/full", O_WRONLY | O_CLOEXEC)), "/dev/full");
  const auto error = test::thrown([&] { file.write(as_bytes("x")); });
  EXPECT_EQ(error.kind(), ErrorKind::noroom);
  EXPECT_EQ(error.text(), "cannot write /dev/full: No space left on device");
}

}  // namespace
}  // namespace gopack
