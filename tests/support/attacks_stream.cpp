#include "support/attacks.hpp"
#include "support/attacks_tar.hpp"

namespace gopack::test {

namespace {

using Attacks = std::vector<Attack>;

// Bytes that do not compress away.
std::string noise(std::size_t size) {
  std::string text(size, '\0');
  std::uint64_t state = 88172645463325252u;
  for (auto& c : text) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    c = static_cast<char>(state);
  }
  return text;
}

void add_ends(Attacks& attacks) {
  const auto tar = started().file("go/a", std::string(700, 'x'));
  const auto& open = tar.open_end();
  const std::string block(512, '\0');
  const auto second = TarBuilder().file("go/b", "x").bytes();
  const std::vector<Attack> ends = {
      {"A27", "no end", gzip(open), {"end marker"}},
      {"A27", "one end block", gzip(open + block), {"end marker"}},
      {"A27", "half a block more", gzip(open + block + block + std::string(1, '\0')), {"end marker"}},
      {"A27", "cut in a header", gzip(open + open.substr(0, 100)), {"end marker"}},
      {"A27", "cut in a body", gzip(open.substr(0, open.size() - 512)), {"end marker"}},
      {"A27",
       "an extended header at the end",
       gzip(TarBuilder(tar).pax(pax_record("path", "go/b")).bytes()),
       {"belongs to no entry"}},
      {"A28", "a second archive", gzip(tar.bytes() + second), {"follows"}},
      {"A28", "an entry between the end blocks", gzip(open + block + open + block + block), {"follows"}},
      {"A28", "an entry far behind", gzip(tar.bytes() + std::string(300 << 10, '\0') + second), {"follows"}},
      {"A28", "only an end", gzip(std::string(1024, '\0') + "x"), {"archive"}},
  };
  attacks.insert(attacks.end(), ends.begin(), ends.end());
}

void add_gzip(Attacks& attacks) {
  const auto sound = packed(started().file("go/a", noise(100'000)));
  const auto changed = [&](std::size_t at, char bits) {
    auto bytes = sound;
    bytes[at] = static_cast<char>(bytes[at] ^ bits);
    return bytes;
  };
  std::string empty_members;
  for (int i = 0; i < 2000; ++i) empty_members += gzip("");
  const std::vector<Attack> members = {
      {"A29", "CRC", changed(sound.size() - 8, 1), {"checksum or length"}},
      {"A29", "length", changed(sound.size() - 1, 1), {"checksum or length"}},
      {"A29", "one byte more", sound + "x", {"follows"}},
      {"A29", "zeros behind", sound + std::string(600 << 10, '\0'), {"follows"}},
      {"A29", "a second member", sound + gzip("x"), {"follows"}},
      {"A29", "2000 empty members", sound + empty_members, {"follows"}},
      {"A29", "2000 empty members before", empty_members + sound, {"archive"}},
      {"A29", "twice", gzip(sound), {"archive"}},
      {"A29", "header alone", sound.substr(0, 5), {"cut off"}},
      {"A29", "method", changed(2, 1), {"damaged"}},
      {"A29", "reserved flags", changed(3, '\x40'), {"reserved"}},
      {"A29", "damaged", changed(sound.size() / 2, '\xff'), {"archive"}},
  };
  attacks.insert(attacks.end(), members.begin(), members.end());
  for (const std::size_t cut : {1u, 4u, 8u, 9u, 5'000u}) {
    attacks.push_back(
        {"A29", "cut by " + std::to_string(cut), sound.substr(0, sound.size() - cut), {"cut off"}});
  }
}

void add_containers(Attacks& attacks) {
  const std::string cpio = "070701" + std::string(104, '0');
  const std::pair<const char*, std::string> others[] = {
      {"nothing", ""},
      {"mtree", "#mtree\n./x type=link link=/etc/passwd\n"},
      {"cpio", cpio},
      {"iso", std::string(32769, '\0') + "CD001"},
      {"xar", "xar!" + std::string(24, '\0')},
      {"7z", "7z\xbc\xaf\x27\x1c"},
      {"rar", "Rar!\x1a\x07"},
      {"bzip2", "BZh91AY&SY"},
      {"xz", std::string("\xfd"
                         "7zXZ\0",
                         6)},
      {"zstd", "\x28\xb5\x2f\xfd"},
      {"ar", "!<arch>\n"},
      {"empty zip", std::string("PK\5\6") + std::string(18, '\0')},
      {"tar without gzip", started().bytes()},
  };
  for (const auto& [what, bytes] : others) {
    attacks.push_back({"A30", what, bytes, {"neither a .tar.gz nor a .zip"}});
    attacks.push_back({"A30", std::string(what) + " in gzip", gzip(bytes), {"archive"}});
  }
  attacks.pop_back();  // that is a .tar.gz
  attacks.push_back({"A30", "web page", "<!DOCTYPE html><html>log in</html>", {"web page"}});
}

}  // namespace

std::vector<Attack> stream_attacks() {
  Attacks attacks;
  add_ends(attacks);
  add_gzip(attacks);
  add_containers(attacks);
  return attacks;
}

}  // namespace gopack::test
