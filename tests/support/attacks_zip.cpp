#include <algorithm>

#include "support/archive_builder.hpp"
#include "support/attacks.hpp"

namespace gopack::test {

namespace {

using Attacks = std::vector<Attack>;

// Every archive starts with a sound file, so that something is there to be left behind.
ZipBuilder started() {
  return ZipBuilder().file("go/VERSION", "go1.99.1");
}

std::string with(const ZipFile& file) {
  return started().add(file).bytes();
}

std::string extra_field(unsigned id, const std::string& data) {
  return little_endian(id, 2) + little_endian(data.size(), 2) + data;
}

void add_names(Attacks& attacks) {
  const std::vector<std::vector<std::string>> names = {
      {"A1", "go/../../x", "\"..\""},
      {"A2", "/abs", "absolute"},
      {"A10", "go//b", "empty"},
      {"A10", "./go/b", "\".\""},
      {"A15", "C:/x", "contains :"},
      {"A16", "go/f:stream", "contains :"},
      {"A17", "go/nul.txt", "reserved"},
      {"A19", std::string("go/a\0b", 6), "control"},
      {"A20", "go/a\nb", "control"},
      {"A32", "other/x", "outside go/"},
      {"A32", "go", "outside go/"},
      {"Z15", "", "empty"},
      {"Z15", "go/" + std::string(65'532, 'a'), "longer than"},
  };
  for (const auto& row : names) {
    const auto what = "name " + printable(std::string_view(row[1]).substr(0, 40));
    attacks.push_back({row[0], what, with({.name = row[1], .content = "x"}), {in_quotes(row[1]), row[2]}});
  }
  for (const unsigned host : {0u, 3u}) {
    const ZipFile file{.name = "go\\..\\x", .content = "x", .mode = 0, .made_by = host << 8 | 20};
    attacks.push_back(
        {"Z14", "host " + std::to_string(host), with(file), {in_quotes(file.name), "contains \\"}});
  }
  attacks.push_back({"A10",
                     "twice",
                     started().file("go/a", "x").file("go/a", "x").bytes(),
                     {in_quotes("go/a"), "was there before"}});
  attacks.push_back({"A12",
                     "twins",
                     started().file("go/a/b", "x").file("go/A/c", "x").bytes(),
                     {in_quotes("go/A/c"), "other case"}});
}

void add_types(Attacks& attacks) {
  const std::pair<const char*, ZipFile> types[] = {
      {"symbolic link", {.name = "go/a", .content = "/etc/passwd", .mode = 0120777}},
      {"its type", {.name = "go/a", .content = "", .mode = 020644}},
      {"its type", {.name = "go/a", .content = "", .mode = 060644}},
      {"its type", {.name = "go/a", .content = "", .mode = 010644}},
      {"its type", {.name = "go/a", .content = "", .mode = 0140644}},
      {"its type", {.name = "go/a", .content = "", .mode = 040755}},
      {"its type", {.name = "go/a/", .content = "", .mode = 0100644}},
      {"its type", {.name = "go/a", .content = "", .dos_attributes = 0x10}},
      {"content", {.name = "go/a/", .content = "x", .mode = 040755}},
      {"operating system", {.name = "go/a", .content = "x", .made_by = 5 << 8 | 20}},
  };
  for (const auto& [rule, file] : types) {
    attacks.push_back(
        {"Z12", "mode " + std::to_string(file.mode) + " " + rule, with(file), {in_quotes(file.name), rule}});
  }
}

void add_features(Attacks& attacks) {
  const auto add = [&](const char* row, const char* what, const ZipFile& file, const char* rule) {
    attacks.push_back({row, what, with(file), {in_quotes(file.name), rule}});
  };
  add("Z6", "zip64 field", {.extra = extra_field(1, std::string(16, '\0'))}, "zip64");
  add("Z6", "zip64 field, empty", {.extra = extra_field(1, "")}, "zip64");
  add("Z6", "zip64 version", {.needs = 45}, "newer");
  add("Z7", "encrypted", {.flags = 9}, "encrypted");
  add("Z7", "strong encryption", {.flags = 0x49}, "encrypted");
  add("Z7", "masked headers", {.flags = 0x2008}, "features");
  for (const unsigned method : {1u, 6u, 9u, 12u, 14u, 93u, 99u}) {
    add("Z8", ("method " + std::to_string(method)).c_str(), {.flags = 0, .method = method}, "neither stored");
  }
  add("Z10", "stored with a descriptor", {.method = 0}, "descriptor");
  add("Z11", "second name", {.extra = extra_field(0x7075, "\1....go/b")}, "second name");
  add("Z11", "same second name", {.extra = extra_field(0x7075, "\1....go/a")}, "second name");
  add("Z11", "no UTF-8 flag", {.name = "go/\xc3\x84"}, "UTF-8");
  add("Z11", "CP437", {.name = "go/\x8e", .flags = 0x808}, "UTF-8");
  add("Z15", "extra field overruns", {.extra = {"\1\2\xff\xff", 4}}, "malformed");
  add("Z15", "extra field cut off", {.extra = "abc"}, "malformed");
  add("Z15", "comment", {.comment = std::string(65'535, 'c')}, "comment");
}

void add_contradictions(Attacks& attacks) {
  const auto add = [&](const char* row, const std::string& what, const std::string& bytes, const char* rule) {
    attacks.push_back({row, what, bytes, {in_quotes("go/a"), rule}});
  };
  const char* rule = "contradict";
  add("Z1", "name", with({.name = "go/a", .content = "x", .local_name = "../b"}), rule);
  add("Z1", "longer name", with({.name = "go/a", .content = "x", .local_name = "go/ab"}), rule);
  add("Z1", "CRC", with({.name = "go/a", .content = "x", .flags = 0, .local_crc_change = 1}), rule);
  const std::string one = ZipBuilder().file("go/a", "x").bytes();
  // Version, flags, method, time and date of the local header, byte by byte; CRC and sizes that should be
  // zero.
  for (std::size_t at = 4; at < 26; ++at) {
    auto bytes = one;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x40);
    add("Z1", "byte " + std::to_string(at), bytes, rule);
  }
  add("Z4", "no local header", "PK\3\4" + one.substr(4, 40) + std::string(4, 'x') + one.substr(48), "go/a");
  const ZipFile file{.name = "go/a", .content = "x"};
  auto described = file;
  described.descriptor = "PK\7\10" + std::string(12, '\1');
  add("Z10", "wrong descriptor", with(described), rule);
  described.descriptor = std::string(16, '\0');
  add("Z10", "unsigned descriptor", with(described), rule);
  described.descriptor = "";
  attacks.push_back({"Z10", "no descriptor", with(described), {"cannot accept the archive"}});
}

void add_content(Attacks& attacks) {
  const auto add = [&](const char* row, const std::string& what, const ZipFile& file, const char* rule) {
    attacks.push_back({row, what, with(file), {in_quotes(file.name), rule}});
  };
  for (const unsigned method : {0u, 8u}) {
    const ZipFile file{.name = "go/a", .content = std::string(1000, 'x'), .flags = 0, .method = method};
    const auto suffix = ", method " + std::to_string(method);
    auto wrong = file;
    wrong.crc_change = 1;
    add("Z9", "CRC" + suffix, wrong, "CRC-32");
    wrong = file;
    wrong.size_change = 1;
    add("Z9", "longer" + suffix, wrong, "announces");
    wrong.size_change = -1;
    add("Z9", "shorter" + suffix, wrong, "announces");
  }
  auto damaged = ZipBuilder().file("go/a", std::string(1000, 'x')).bytes();
  damaged[30 + 4] = '\x07';  // an unknown kind of block
  attacks.push_back({"Z9", "damaged", damaged, {"damaged"}});
  const std::string zeros(16 << 20, '\0');
  add("Z13", "1000:1, announced as 10 bytes",
      {.name = "go/a", .content = zeros, .size_change = 10 - static_cast<int>(zeros.size())}, "announces");
  add("Z13", "announced as 600 MB", {.name = "go/a", .content = "x", .size_change = 600 << 20},
      "larger than");
}

void add_tilings(Attacks& attacks) {
  const auto add = [&](const char* row, const char* what, const std::string& bytes,
                       const std::vector<std::string>& words) {
    attacks.push_back({row, what, bytes, words});
  };
  const auto one = ZipBuilder().file("go/a", "x");
  const auto sound = one.bytes();
  const auto local = sound.substr(0, sound.find("PK\1\2"));
  const auto central = sound.substr(local.size(), 46 + 4);
  const char* behind = "right behind";
  add("Z2", "overlap", started().add({.name = "go/a", .content = "x", .offset_change = -10}).bytes(),
      {in_quotes("go/a"), behind});
  add("Z2", "one local header for two entries", ZipBuilder(one).raw_directory(central).bytes(1),
      {in_quotes("go/a"), behind});
  std::string quotes;
  for (int i = 0; i < 300; ++i) quotes += central;
  add("Z2", "one local header for 301 entries", ZipBuilder(one).raw_directory(quotes).bytes(300),
      {in_quotes("go/a"), behind});
  add("Z3", "prefix", "#!/bin/sh\n" + sound, {"neither a .tar.gz nor a .zip"});
  add("Z3", "prefixed by a zip", sound + ZipBuilder().file("go/b", "x").bytes(), {"central directory"});
  add("Z3", "trailing byte", sound + "x", {"end record"});
  add("Z3", "trailing zeros", sound + std::string(100, '\0'), {"end record"});
  add("Z3", "comment", one.bytes(0, "hello"), {"end record"});
  add("Z3", "end record in a comment", one.bytes(0, sound.substr(sound.size() - 22)), {"central directory"});
  add("Z3", "two end records", sound + sound.substr(sound.size() - 22), {"central directory"});
  add("Z4", "gap", started().raw("junk").file("go/a", "x").bytes(), {in_quotes("go/a"), behind});
  add("Z4", "hidden entry", started().raw(local).bytes(), {"belongs to no entry"});
  add("Z4", "hidden entry before the last", started().raw(local).file("go/b", "x").bytes(),
      {in_quotes("go/b"), behind});
}

void add_ends(Attacks& attacks) {
  const auto two = ZipBuilder().file("go/a", "x").file("go/b", "x");
  const auto sound = two.bytes();
  const auto end = sound.size() - 22;
  const auto changed = [&](std::size_t at, char value) {
    auto bytes = sound;
    bytes[end + at] = value;
    return bytes;
  };
  const auto add = [&](const char* row, const char* what, const std::string& bytes, const char* rule) {
    attacks.push_back({row, what, bytes, {rule}});
  };
  add("Z5", "too few entries", two.bytes(-1), "longer than its entries");
  add("Z5", "too many entries", two.bytes(1), "shorter than its entries");
  add("Z5", "entries modulo 65536", two.bytes(-65536 + 1), "shorter than its entries");
  add("Z5", "junk in the directory", ZipBuilder(two).raw_directory("junk").bytes(), "longer");
  add("Z5", "directory size", changed(12, '\1'), "central directory");
  add("Z5", "directory offset", changed(16, '\1'), "central directory");
  add("Z5", "disk number", changed(4, '\1'), "volumes");
  add("Z5", "disk of the directory", changed(6, '\1'), "volumes");
  add("Z5", "entries on this disk", changed(8, '\1'), "volumes");
  add("Z5", "no directory", sound.substr(0, sound.find("PK\1\2")), "end record");
  add("Z5", "cut off", sound.substr(0, sound.size() - 1), "end record");
  add("Z5", "start alone", "PK\3\4", "too short");
  // The zip64 end record and its locator, as they would stand before the end record.
  const auto record64 = "PK\6\6" + little_endian(44, 8) + little_endian(45, 2) + little_endian(45, 2) +
                        little_endian(0, 8) + little_endian(2, 8) + little_endian(2, 8) +
                        little_endian(end - sound.find("PK\1\2"), 8) + little_endian(sound.find("PK\1\2"), 8);
  const auto locator = "PK\6\7" + little_endian(0, 4) + little_endian(end, 8) + little_endian(1, 4);
  const auto body = sound.substr(0, end);
  auto sentinels = sound.substr(end);
  std::fill_n(sentinels.begin() + 8, 12, '\xff');
  add("Z6", "zip64 end", body + record64 + locator + sound.substr(end), "central directory");
  add("Z6", "zip64 end with sentinels", body + record64 + locator + sentinels, "central directory");
  add("Z6", "locator alone", body + locator + sound.substr(end), "central directory");
}

void add_modules(Attacks& attacks) {
  const std::string root = "golang.org/toolchain@v0.0.1-go1.99.1.linux-amd64";
  const auto add = [&](const char* what, const std::vector<std::string>& names, const char* rule) {
    auto zip = ZipBuilder().file(root + "/go.mod", "module golang.org/toolchain");
    for (const auto& name : names) zip.file(name, "x");
    attacks.push_back({"M1", what, zip.bytes(), {in_quotes(names.back()), rule}, root});
  };
  add("other prefix", {"golang.org/toolchain@v0.0.1-go1.99.2.linux-amd64/VERSION"}, "outside");
  add("longer prefix", {root + "x/VERSION"}, "outside");
  add("file outside", {root + "/a", "golang.org/x"}, "outside");
  add("go.mod twice", {root + "/a", root + "/go.mod"}, "was there before");
}

}  // namespace

std::vector<Attack> zip_attacks() {
  Attacks attacks;
  add_names(attacks);
  add_types(attacks);
  add_features(attacks);
  add_contradictions(attacks);
  add_content(attacks);
  add_tilings(attacks);
  add_ends(attacks);
  add_modules(attacks);
  return attacks;
}

}  // namespace gopack::test
