#include "gopack/target/probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <random>
#include <set>
#include <vector>

#include "gopack/base/error.hpp"
#include "gopack/base/file_lock.hpp"
#include "gopack/base/filesystem.hpp"
#include "gopack/base/process.hpp"
#include "gopack/base/replace.hpp"
#include "names.hpp"
#include "probe_program.hpp"

namespace gopack::target {

namespace {

namespace fs = std::filesystem;

constexpr const char* kFile = "probe";
constexpr std::string_view kRoom = "gopack-probe";
constexpr std::chrono::seconds kPatience{10};  // with a script that does nothing
constexpr std::int64_t kForgotten = 3600;      // seconds: no probe takes that long

template <typename Trial>
bool succeeds(Trial trial) {
  try {
    return trial();
  } catch (const Error&) {
    return false;
  }
}

// A directory that is gone when the probing ends.
class ProbeRoom {
 public:
  explicit ProbeRoom(const fs::path& directory)
      : parent_(Dir::open(directory)),
        name_(fmt::format(".{}.{:08x}.tmp", kRoom, std::random_device()())),  // as leftovers are named
        room_(parent_.make_dir(name_, 0700)) {}
  ~ProbeRoom() {
    try {
      remove_tree(parent_, name_);
    } catch (...) {  // a filesystem that has gone away meanwhile
    }
  }
  ProbeRoom(const ProbeRoom&) = delete;
  ProbeRoom& operator=(const ProbeRoom&) = delete;

  // Removes what killed probes have left beside it, by the filesystem's own clock. Another gopack may remove
  // any of the names meanwhile.
  void remove_forgotten() const {
    const auto own = parent_.find(name_);
    if (!own) return;
    for (const auto& name : parent_.names()) {
      if (find_replaced(name) != kRoom) continue;
      const auto other = parent_.find(name);
      if (other && other->mtime + kForgotten < own->mtime) remove_tree(parent_, name);
    }
  }

  const Dir& directory() const { return room_; }

 private:
  Dir parent_;
  std::string name_;
  Dir room_;
};

void write(const Dir& room, const std::string& name, std::string_view text, std::uint32_t mode = 0644) {
  auto file = room.create_file(name, mode);
  file.write(as_bytes(text));
  file.close();
}

// Some filesystems take a name and make another one of it.
bool takes(const Dir& room, const std::string& name) {
  return succeeds([&] {
    room.create_file(name).close();
    const auto names = room.names();
    room.remove_file(name);
    return std::find(names.begin(), names.end(), name) != names.end();
  });
}

bool replaces(const Dir& room) {
  write(room, kFile, "old");
  replace_text(room, kFile, "new", false);  // an Error says more than that it cannot
  return find_text(room, kFile, 10) == "new";
}

bool ignores_case(const Dir& room) {
  replace_text(room, kFile, "", false);
  return room.find("PROBE").has_value();
}

bool is_executable(const Dir& room, std::uint32_t mode) {
  room.remove_file(kFile);
  auto file = room.create_file(kFile, mode);
  return (file.status().mode & 0111) != 0;
}

Modes find_modes(const Dir& room) {
  if (!is_executable(room, 0755)) return Modes::none_executable;
  return is_executable(room, 0644) ? Modes::all_executable : Modes::kept;
}

bool changes_modes(const Dir& room) {
  room.remove_file(kFile);
  auto file = room.create_file(kFile, 0644);
  const auto before = file.status().mode;
  file.set_mode(0444);
  return file.status().mode != before;
}

bool runs_programs(const Dir& room) {
  return succeeds([&] {
    const auto [name, content] = probe_program();
    write(room, std::string(name), content, 0755);
    const auto path = fs::absolute(room.path()) / name;
    return run_process({path.string()}, {}, {.time_limit = kPatience}).status == 0;
  });
}

// FUSE servers may tell any block size. What small files take is believed when it is the same every time, as
// it is on a stick that nobody else writes to.
std::uint64_t measure_block(const Dir& room) {
  const auto told = space_of(room).block_size;
  std::set<std::uint64_t> taken;
  for (const auto* name : {"first", "second", "third"}) {
    const auto before = space_of(room).available;
    auto file = room.create_file(name);
    file.write(as_bytes(std::string(1024, ' ')));
    file.sync();
    file.close();
    taken.insert(before - space_of(room).available);
  }
  const bool is_believed = taken.size() == 1 && std::has_single_bit(*taken.begin());
  return is_believed ? std::max(told, *taken.begin()) : told;
}

// Locks a file twice.
Locks try_locks(const Dir& room) {
  constexpr const char* kLock = "lock";
  const auto first = room.open_or_create(kLock);
  const auto second = room.open_or_create(kLock);
  const auto outcome = try_lock(first, LockMode::exclusive).outcome;
  if (outcome == LockAttempt::Outcome::unanswered) return Locks::hang;
  const bool excludes = outcome == LockAttempt::Outcome::taken &&
                        try_lock(second, LockMode::exclusive).outcome == LockAttempt::Outcome::held;
  return excludes ? Locks::work : Locks::missing;
}

// Whether the system allows a position of 4 GiB in a file; nothing is written there.
bool takes_large_files(const Dir& room) {
  return succeeds([&] {
    room.open_or_create("large").seek(std::uint64_t{4} << 30);
    return true;
  });
}

void probe_in(const Dir& room, Facts& facts) {
  facts.replaces = replaces(room);
  facts.links = can_link(room);
  facts.modes = find_modes(room);
  facts.chmod = changes_modes(room);
  facts.runs_programs = runs_programs(room);
  facts.ignores_case = ignores_case(room);
  facts.keeps_case = takes(room, "Case");
  facts.takes_long_names = takes(room, std::string(255, 'n'));
  facts.takes_any_script = takes(room, "\u00e9\u65e5\u672c");
  facts.takes_reserved_names = takes(room, "a:b");
  facts.locks = try_locks(room);
  facts.takes_large_files = takes_large_files(room);
  facts.space.block_size = measure_block(room);
}

}  // namespace

fs::path existing_part(const fs::path& directory) {
  auto path = fs::absolute(directory).lexically_normal();
  std::error_code ignored;
  while (!fs::exists(path, ignored) && path.has_relative_path()) path = path.parent_path();
  return path;
}

Facts probe(const fs::path& directory) {
  Facts facts;
  facts.directory = existing_part(directory);
  facts.mount = mount_root(facts.directory);
  const auto opened = Dir::open(facts.directory);
  facts.space = space_of(opened);
  facts.medium = mount_of(opened);
  try {
    const ProbeRoom room(facts.directory);
    // Another user's, or one that another gopack takes away just now, may stay.
    static_cast<void>(succeeds([&] {
      room.remove_forgotten();
      return true;
    }));
    probe_in(room.directory(), facts);
  } catch (const Error& error) {
    facts.refusal = error;
  }
  return facts;
}

std::vector<std::string> find_refused(const fs::path& directory, const std::vector<std::string>& names) {
  std::vector<std::string> refused;
  if (names.empty()) return refused;
  const ProbeRoom room(existing_part(directory));
  for (const auto& name : names) {
    if (!takes(room.directory(), name)) refused.push_back(name);
  }
  return refused;
}

}  // namespace gopack::target
