// A client of the Go checksum database: what it says of a module is believed only when the record is in
// the signed tree and that tree contains the last one seen. Sources: golang.org/design/25530-sumdb,
// RFC 6962, golang.org/x/mod/sumdb (with the fixes of CVE-2026-42501, -56864 and -56865).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gopack/base/file.hpp"
#include "gopack/source/go_environment.hpp"
#include "gopack/transport/transport.hpp"

namespace gopack::source {

class ChecksumDatabase {
 public:
  // `state` is the directory that keeps the latest tree head between runs, one file a database; it may be
  // used by one process at a time. The database is asked through the proxies of GOPROXY
  // ("<proxy>/sumdb/<name>/…"), then directly. `transport` outlives this object. Any number of threads may
  // use it; they take turns. Throws Error (usage) for a GOSUMDB or GOPROXY that cannot be understood.
  ChecksumDatabase(const GoEnvironment& go, transport::Transport& transport, Dir state);
  ~ChecksumDatabase();

  // Whether it is to be asked about this module at all (GOSUMDB=off, GONOSUMDB).
  bool covers(const std::string& module_path) const;
  // The authenticated "h1:…" of the module's zip. Throws Error: unreachable when no endpoint answers or
  // knows the module; integrity when what is answered is not proved (with both tree heads for a fork).
  std::string lookup(const std::string& module_path, const std::string& version);
  // For manifests: "checksum database sum.example.org".
  std::string name() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace gopack::source
