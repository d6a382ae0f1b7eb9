// A layer on a slow share, behind threads: nobody waits for it longer than it is worth.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "gopack/base/report.hpp"
#include "gopack/cache/layer.hpp"

namespace gopack::cache {

// With the first fetch it lists the share, in the background, so that what the share lacks costs nothing, and
// copies what `local` has and the share lacks to it. A push alone looks only where its own files go. Where
// the share fails or is silent for `patience` while somebody waits, one warning says so and it is left alone:
// fetches are then answered with nothing at once.
//
// Its threads may hang in the share (a dead server): they are never waited for without a limit, and what they
// work on is theirs.
class Share {
 public:
  using Fetched = std::function<void(std::optional<Entry>)>;
  static constexpr std::chrono::seconds kPatience{5};

  // Opens nothing yet: the share may be away. `reporter` is not used after finish().
  Share(std::filesystem::path path, std::shared_ptr<const Layer> local, Reporter& reporter,
        std::chrono::milliseconds patience = kPatience);
  ~Share();
  Share(const Share&) = delete;
  Share& operator=(const Share&) = delete;

  // Brings the entry into `local` and calls `done` with it, or with nothing where the share does not have it,
  // once, from this thread or another one; never after finish().
  void fetch(const digest::Sha256& action, Fetched done);
  // Copies an entry of `local` to the share in the background.
  void push(const Entry& entry);
  // Waits until all that was given to push() is on the share, at most `longest`, then stops. What is left is
  // pushed by the next Share on these two directories. False when threads still hang in the share; the
  // process must then be ended by std::_Exit.
  bool finish(std::chrono::milliseconds longest);

 private:
  class Work;
  std::shared_ptr<Work> work_;
};

}  // namespace gopack::cache
