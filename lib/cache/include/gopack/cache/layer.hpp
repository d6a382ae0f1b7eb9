// One directory in the layout of Go's build cache (cmd/go/internal/cache, unchanged from Go 1.10 on):
//   xx/<action>-a   "v1 <action> <output> <size> <time>\n": hex, hex, decimal in 20 columns, the same; time
//   in
//                   nanoseconds since 1970
//   xx/<output>-d   the body, whose SHA-256 is the output's id
// xx are the first two digits of the id. Names that start with a dot are files on their way; Go knows none of
// them. Go also keeps linked programs of `go run` as directories; they are nothing to a Layer.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gopack/base/bytes.hpp"
#include "gopack/base/file.hpp"
#include "gopack/digest/sha256.hpp"

namespace gopack::cache {

struct Entry {
  digest::Sha256 action;
  digest::Sha256 output;
  std::uint64_t size = 0;           // bytes
  std::chrono::nanoseconds time{};  // when it was made, since 1970
};

std::string to_text(const Entry& entry);
// Nothing for what is not exactly the entry of that action: Go writes in place, so a file may be half
// written.
std::optional<Entry> parse_entry(std::string_view text, const digest::Sha256& action);

// Entries are spread over this many directories by the first byte of an id.
constexpr std::size_t kShards = 256;

struct Names {
  std::vector<digest::Sha256> actions;
  std::vector<digest::Sha256> outputs;
};

// Whether directories stay open: worth a descriptor each where opening one takes a round trip.
enum class Keep { closed, open };

// Any number of threads and processes may use one directory at a time. All functions throw Error.
class Layer {
 public:
  // The directory must exist.
  explicit Layer(const std::filesystem::path& path, Keep keep = Keep::closed);

  // What the action's entry says; nothing when there is none that can be read.
  std::optional<Entry> find(const digest::Sha256& action) const;
  // Whether it has an entry, whatever that says.
  bool has(const digest::Sha256& action) const;
  // Where the body is, when it is there with its size. Its bytes are not looked at.
  std::optional<std::filesystem::path> find_body(const Entry& entry) const;
  // The body to be read, whatever its size and its bytes.
  std::optional<File> open_body(const Entry& entry) const;
  // Has both files look used, at most once an hour: the go command deletes what was not used for five days.
  void mark_used(const Entry& entry) const;

  // The directories that there are.
  std::vector<std::uint8_t> shards() const;
  // What is in one of them; nothing in one that is missing.
  Names list(std::uint8_t shard) const;
  // Takes away what writers that died have left there longer than a day ago.
  void remove_leftovers(std::uint8_t shard) const;

  const std::filesystem::path& path() const { return root_.path(); }

 private:
  friend class Incoming;
  friend void put_entry(const Layer& layer, const Entry& entry, bool flush);
  using Shard = std::shared_ptr<const Dir>;
  Shard find_shard(std::uint8_t shard) const;  // null when missing
  Shard ensure_shard(std::uint8_t shard) const;
  Shard remember(std::uint8_t shard, Dir dir) const;

  Dir root_;
  Keep keep_;
  mutable std::mutex mutex_;
  mutable std::array<Shard, kShards> open_;  // guarded by mutex_
};

// A body on its way into a layer: commit() publishes it, the destructor only discards.
class Incoming final : public ByteSink {
 public:
  // With `flush` both files are on stable storage before they get their names.
  Incoming(const Layer& layer, const Entry& entry, bool flush);
  ~Incoming() override;
  Incoming(const Incoming&) = delete;
  Incoming& operator=(const Incoming&) = delete;

  void write(ByteView bytes) override;
  // Gives the body its name, then the entry: whoever sees an entry finds its body. False, and nothing done,
  // when what was written is not the body of this entry.
  bool commit();

 private:
  const Layer& layer_;
  Entry entry_;
  bool flush_;
  Layer::Shard shard_;
  std::string temporary_;  // empty once it has its name
  File file_;
  digest::Hasher hasher_;
  std::uint64_t count_ = 0;
};

// Writes the entry alone, for a body that is there.
void put_entry(const Layer& layer, const Entry& entry, bool flush);

}  // namespace gopack::cache
