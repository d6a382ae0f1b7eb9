// A download in progress: "<file>.part" and its sidecar "<file>.part.json", hashed while it is written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "resume.hpp"

namespace gopack::transport {

class PartFile {
 public:
  // Takes up what an earlier run left if its sidecar fits `request`, or if it has the expected size (then
  // only its end was missed); its bytes are hashed anew. Anything else is emptied.
  PartFile(const Dir& directory, const DownloadRequest& request);
  // Removes it unless it is finished or a later run can go on with it.
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  std::uint64_t size() const { return size_; }
  // By which a server can be asked for the rest; nullptr: it cannot.
  const Sidecar* resumable() const { return sidecar_ && size_ > 0 ? &*sidecar_ : nullptr; }
  // Whether its bytes come from more than one response.
  bool is_pieced() const { return is_pieced_; }

  // Its digest, when it turned out complete and as expected already.
  const std::optional<digest::Sha256>& whole() const { return whole_; }

  // Empties it; it will be the file that `sidecar` describes.
  void restart(const Sidecar& sidecar);
  // Empties it for good: from now on it is written in one piece or not at all.
  void forbid_resuming();
  void continue_with_rest() { is_pieced_ = true; }
  void write(ByteView bytes);
  // Of all that was written. Only finish(), restart() or the destructor may follow.
  digest::Sha256 digest() { return hasher_.finish(); }
  // Leaves the complete file, without a sidecar.
  Downloaded finish(const digest::Sha256& sha256);
  void discard() { is_kept_ = false; }

 private:
  void take_up(const DownloadRequest& request);
  void empty();
  std::optional<Sidecar> find_sidecar() const;

  const Dir& directory_;
  std::string name_;
  std::string sidecar_name_;
  File file_;
  digest::Hasher hasher_;
  std::uint64_t size_ = 0;
  std::optional<Sidecar> sidecar_;
  std::optional<digest::Sha256> whole_;
  bool is_pieced_ = false;
  bool may_resume_ = true;
  bool is_kept_ = false;
};

}  // namespace gopack::transport
