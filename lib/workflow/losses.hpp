// Going on where something fails. Private to workflow.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string_view>
#include <vector>

#include "gopack/base/error.hpp"

namespace gopack::workflow {

// What could not be done, while everything else goes on.
class Losses {
 public:
  // An Error of `attempt` is noted under `name`, unless the user has stopped the command.
  template <typename Attempt>
  void attempt(std::string_view name, Attempt attempt) {
    try {
      attempt();
    } catch (Error& error) {
      if (error.kind() == ErrorKind::interrupted) throw;
      add(error.with_context(fmt::format("repairing {}", name)));
    }
  }
  void add(Error error) { errors_.push_back(std::move(error)); }

  // One that names them all.
  std::optional<Error> error() const;

 private:
  std::vector<Error> errors_;
};

}  // namespace gopack::workflow
