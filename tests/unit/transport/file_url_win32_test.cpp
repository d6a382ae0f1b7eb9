#include "file_url.hpp"

#include <gtest/gtest.h>

namespace gopack::transport {
namespace {

TEST(FileUrl, DrivesAndSharesThereAndBack) {
  for (const auto& [path, url_path] : {std::pair{R"(E:\a b\x)", "/E:/a b/x"}, std::pair{R"(E:\)", "/E:/"},
                                       std::pair{R"(\\server\share\x)", "server/share/x"}}) {
    EXPECT_EQ(to_url_path(path), url_path);
    EXPECT_EQ(from_url_path(url_path), path);
  }
  EXPECT_EQ(from_url_path("E:/x"), R"(E:\x)");  // as libcurl spells it there
  EXPECT_EQ(from_url_path("localhost/E:/x"), R"(E:\x)");
  EXPECT_EQ(from_url_path("//server/share/x"), R"(\\server\share\x)");
}

}  // namespace
}  // namespace gopack::transport
