#include "authorities.hpp"

#include <gtest/gtest.h>

#include <array>
#include <fstream>

#include "support/temp_dir.hpp"

namespace gopack::transport {
namespace {

class Authorities : public ::testing::Test {
 protected:
  static std::string make(const std::filesystem::path& path) {
    std::ofstream(path) << "-----BEGIN CERTIFICATE-----\n";
    return path.string();
  }

  test::TempDir temp_;
  std::string missing_ = (temp_.path() / "missing.pem").string();
  std::string first_ = make(temp_.path() / "first.pem");
  std::string second_ = make(temp_.path() / "second.pem");
  std::string directory_ = temp_.path().string();
  std::array<const char*, 4> places_{missing_.c_str(), directory_.c_str(), first_.c_str(), second_.c_str()};
};

TEST_F(Authorities, AreTheFirstFileThatTheSystemHas) {
  EXPECT_EQ(authorities_file({.system_places = places_}), first_);
  EXPECT_EQ(authorities_file({.system_places = std::span(places_).first(2)}), "");
}

TEST_F(Authorities, AreLeftToALibraryThatHasItsOwn) {
  EXPECT_EQ(authorities_file({.library_has_own = true, .system_places = places_}), "");
}

// As the curl program has it; also a file that is not there, or a mistake would be trust in others.
TEST_F(Authorities, AreThoseThatTheUserNames) {
  for (const bool library_has_own : {false, true}) {
    EXPECT_EQ(authorities_file(
                  {.ssl_cert_file = missing_, .library_has_own = library_has_own, .system_places = places_}),
              missing_);
    EXPECT_EQ(authorities_file({.curl_ca_bundle = second_,
                                .ssl_cert_file = missing_,
                                .library_has_own = library_has_own,
                                .system_places = places_}),
              second_);
  }
}

TEST(SystemAuthorities, AreAbsolutePaths) {
  for (const auto* place : system_authorities())
    EXPECT_TRUE(std::filesystem::path(place).is_absolute()) << place;
}

}  // namespace
}  // namespace gopack::transport
