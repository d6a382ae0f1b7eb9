#include "cache.hpp"

#include "system.hpp"

namespace gopack::launcher {

namespace {

using system::Kind;

constexpr const char* kWarm = "gopack-warm";        // in the bundle's cache: when it was filled
constexpr const char* kBase = "gopack-base";        // in another: what it was seeded from
constexpr const char* kModules = "gopack-modules";  // in the bundle's module cache: when gopack has filled it
constexpr std::int64_t kNearlyHalfADay = 40'000;

std::string first_line(const std::string& path) {
  const auto text = system::read_file(path).value_or("");
  return text.substr(0, text.find_first_of("\r\n"));
}

// What Go rewrites in place (NAME-a says which NAME-d an action has made) is copied, all else linked. Links
// are replaced one by one when the bundle has moved or changed: a build may be running, and what Go itself
// has written stays.
void seed(const std::string& base, const std::string& cache, const Host& host) {
  const auto is_link = [&](const std::string& path) { return host.links && system::link_target(path); };
  for (const auto& shard : system::list(base)) {
    if (shard.size() != 2) continue;
    const auto from = host.join(base, shard), to = host.join(cache, shard);
    system::make_directories(to);
    for (const auto& name : system::list(from)) {
      const auto entry = host.join(to, name);
      const bool is_index = name.ends_with("-a");
      if (is_index && is_link(entry)) system::remove_all(entry);
      const bool is_there = system::kind(entry) != system::Kind::none;
      if (!system::can_read(host.join(from, name))) continue;
      if (is_index) {
        if (!is_there) system::copy_file(host.join(from, name), entry, false, [](std::string_view) {});
      } else if (!is_there || is_link(entry)) {
        system::link_or_copy(host.join(from, name), entry);
      }
    }
    for (const auto& name : system::list(to)) {
      const auto entry = host.join(to, name);
      if (is_link(entry) && system::kind(entry) == system::Kind::none) system::remove_all(entry);
    }
  }
}

// What Go writes once, and reads only.
bool is_of_a_module(std::string_view name) {
  for (const std::string_view end : {".info", ".mod", ".zip", ".ziphash"})
    if (name.ends_with(end)) return true;
  return false;
}

enum class Giving { links, copies };

// Gives `to` what it lacks of `from`; what it has stays, but for links that lead nowhere.
void give(const std::string& from, const std::string& to, Giving giving, const Host& host) {
  system::make_directories(to);
  for (const auto& name : system::list(from)) {
    const auto source = host.join(from, name), target = host.join(to, name);
    if (system::kind(source) == Kind::directory) {
      if (name != "sumdb" || giving == Giving::copies) give(source, target, giving, host);
      continue;
    }
    const bool is_wanted = giving == Giving::copies || is_of_a_module(name);
    if (!is_wanted || system::kind(target) != Kind::none || !system::can_read(source)) continue;
    if (giving == Giving::links) {
      system::link_or_copy(source, target);
    } else if (const auto text = system::read_file(source)) {
      system::write_file(target, *text);
    }
  }
  if (!host.links) return;
  for (const auto& name : system::list(to)) {
    const auto entry = host.join(to, name);
    if (system::kind(entry) == Kind::none) system::remove_all(entry);
  }
}

// The time of the last clean-up is the content of trim.txt.
void keep_from_cleaning_up(const std::string& cache, const Host& host) {
  const auto file = host.join(cache, "trim.txt");
  std::int64_t last = 0;
  for (const char c : first_line(file).substr(0, 18)) last = c >= '0' && c <= '9' ? last * 10 + (c - '0') : 0;
  const auto age = system::now() - last;
  if (age < 0 || age > kNearlyHalfADay) system::write_file(file, std::to_string(system::now()) + "\n");
}

}  // namespace

void keep_warm_cache(const std::string& bundle, const std::string& data, const Host& host) {
  const auto base = host.join(bundle, "shared/gopath/cache"), cache = host.join(data, "gopath/cache");
  const auto warm = first_line(host.join(base, kWarm));
  if (warm.empty()) return;
  system::make_directories(cache);
  const auto stamp = host.links ? warm + " " + base : warm;  // copies do not care where the bundle lies
  if (!system::is_same(base, cache) && first_line(host.join(cache, kBase)) != stamp) {
    seed(base, cache, host);
    system::write_file(host.join(cache, kBase), stamp + "\n");
  }
  keep_from_cleaning_up(cache, host);
}

void share_modules(const std::string& bundle, const std::string& data, const Host& host) {
  const auto shared = host.join(bundle, "shared/gopath/pkg"), own = host.join(data, "gopath/pkg");
  const auto base = host.join(shared, "mod/cache"), cache = host.join(own, "mod/cache");
  if (system::kind(host.join(base, "download")) != Kind::directory) return;
  auto stamp = first_line(host.join(base, kModules));
  if (stamp.empty()) stamp = "-";
  if (host.links) stamp += " " + base;
  if (first_line(host.join(cache, kBase)) == stamp) return;
  system::make_directories(cache);
  if (!system::is_same(base, cache)) {
    const char* answers = "mod/cache/download/sumdb";
    give(host.join(base, "download"), host.join(cache, "download"), Giving::links, host);
    for (const char* part : {answers, "sumdb"})
      if (system::kind(host.join(shared, part)) == Kind::directory)
        give(host.join(shared, part), host.join(own, part), Giving::copies, host);
  }
  system::write_file(host.join(cache, kBase), stamp + "\n");
}

}  // namespace gopack::launcher
