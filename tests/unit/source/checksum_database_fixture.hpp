// A fake checksum database of 66,000 records (tiles on three levels), served as a file:// module proxy.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "gopack/base/error.hpp"
#include "gopack/source/checksum_database.hpp"
#include "support/fake_log.hpp"
#include "support/thrown.hpp"

namespace gopack::source {

class ChecksumDatabaseTest : public testing::Test {
 protected:
  static constexpr const char* kModule = "example.org/Module";
  static constexpr const char* kVersion = "v1.2.3";
  static constexpr const char* kHash = "h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  static constexpr const char* kForged = "h1:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=";
  static constexpr std::uint64_t kSize = 66'000;
  static constexpr std::uint64_t kId = 1000;  // of the record of kModule

  static std::string line(const std::string& module, const std::string& version, const std::string& hash) {
    return module + " " + version + " " + hash + "\n";
  }
  static std::string record() {
    return line(kModule, kVersion, kHash) + line(kModule, std::string(kVersion) + "/go.mod", kForged);
  }
  // Records from kId + 1 on read `filler` and their number.
  static test::FakeLog make_log(std::uint64_t size, const std::string& filler, std::uint8_t seed = 1) {
    test::FakeLog log(test::SigningKey("log.example.org", seed));
    log.fill(kId);
    log.add(record());
    log.fill(size, filler);
    return log;
  }
  // Made once: no test changes it.
  static const test::FakeLog& log() {
    static const test::FakeLog log = make_log(kSize, "filler");
    return log;
  }

  std::filesystem::path database() const { return temp_.path() / "proxy/sumdb/log.example.org"; }
  std::filesystem::path state_file() const { return temp_.path() / "state/log.example.org"; }
  void serve_lookup(const std::string& body) {
    test::write_file(database() / "lookup/example.org/!module@v1.2.3", body);
  }
  void serve(const test::FakeLog& log, std::uint64_t size) {
    log.publish_tiles(database(), size);
    serve_lookup(log.answer(kId, size));
  }

  std::string lookup() {
    return ChecksumDatabase(go_, transport_, Dir::ensure(temp_.path() / "state")).lookup(kModule, kVersion);
  }
  // The Error that a lookup ends with.
  Error failure() {
    return test::thrown([&] { lookup(); });
  }

  test::TempDir temp_;
  GoEnvironment go_{"file://" + (temp_.path() / "proxy").string(),
                    log().key().verifier() + " file://" + (temp_.path() / "direct").string(), ""};
  SilentReporter reporter_;
  transport::Transport transport_{{}, reporter_, {}};
};

}  // namespace gopack::source
