#include "cache.hpp"

#include "system.hpp"

namespace gopack::launcher {

namespace {

constexpr const char* kWarm = "gopack-warm";  // in the bundle's cache: when it was filled
constexpr const char* kBase = "gopack-base";  // in another: what it was seeded from
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

}  // namespace gopack::launcher
