#include "support/attacks_tar.hpp"
#include "support/attacks.hpp"

namespace gopack::test {

namespace {

using Attacks = std::vector<Attack>;

TarHeader entry(const std::string& name) {
  return {.name = name, .type = name.ends_with('/') ? '5' : '0'};
}

Attack named(const std::string& row, const std::string& name, const std::string& rule) {
  return {row,
          "name " + printable(std::string_view(name)),
          packed(started().add(entry(name))),
          {in_quotes(name), rule}};
}

void add_names(Attacks& attacks) {
  const std::vector<std::vector<std::string>> names = {
      {"A1", "go/../../x", "\"..\""},
      {"A1", "../x", "\"..\""},
      {"A1", "go/..", "\"..\""},
      {"A2", "/abs", "absolute"},
      {"A2", "//abs", "absolute"},
      {"A2", "go//b", "empty"},
      {"A10", "go/a/./b", "\".\""},
      {"A10", "./go/b", "\".\""},
      {"A14", "go\\..\\..\\x", "contains \\"},
      {"A14", "go/..\\x", "contains \\"},
      {"A15", "C:/x", "contains :"},
      {"A15", "go/C:rel", "contains :"},
      {"A15", "\\\\srv\\s", "contains \\"},
      {"A15", "\\\\?\\C:\\x", "contains \\"},
      {"A15", "//srv/s", "absolute"},
      {"A16", "go/f:stream", "contains :"},
      {"A16", "go/dir::$INDEX_ALLOCATION/", "contains :"},
      {"A17", "go/CON", "reserved"},
      {"A17", "go/nul.txt", "reserved"},
      {"A17", "go/nul .txt", "reserved"},
      {"A17", "go/con .d/x", "reserved"},
      {"A17", "go/com1.tar.gz", "reserved"},
      {"A17", "go/Lpt9/x", "reserved"},
      {"A17", "go/COM\u00b9", "not a letter"},
      {"A17", "go/CONIN$", "reserved"},
      {"A17", "go/conout$.x", "reserved"},
      {"A17", "go/aux/", "reserved"},
      {"A17", "go/prn", "reserved"},
      {"A18", "go/x.", "dot or a blank"},
      {"A18", "go/x ", "dot or a blank"},
      {"A18", "go/.. /x", "dot or a blank"},
      {"A18", "go/...", "dot or a blank"},
      {"A20", "go/a\nb", "control"},
      {"A20", "go/\033[2J", "control"},
      {"A20", "go/\x7f", "control"},
      {"A20", "go/a\u0085", "control"},
      {"A20", "go/a\u202egpj.exe", "invisible"},
      {"A20", "go/a\u2067", "invisible"},
      {"A20", "go/a\u200b", "invisible"},
      {"A20", "go/\xff", "UTF-8"},
      {"A20", "go/\xc0\xae", "UTF-8"},
      {"A20", "go/\xed\xa0\x80", "UTF-8"},
      {"A20", "go/\u20ac", "not a letter"},
      {"A32", "./", "\".\""},
      {"A32", ".", "\".\""},
      {"A32", "/", "empty"},
      {"A32", "go", "outside go/"},
      {"A32", "other/x", "outside go/"},
      {"A32", "gone", "outside go/"},
  };
  for (const auto& row : names) attacks.push_back(named(row[0], row[1], row[2]));
}

void add_twins(Attacks& attacks) {
  const std::vector<std::vector<std::string>> lists = {
      {"A10", "go/a", "go/a"},
      {"A10", "go/a/", "go/a/"},
      {"A10", "go/", "go/"},
      {"A11", "go/a", "go/a/b"},
      {"A11", "go/a/b", "go/a"},
      {"A11", "go/a/", "go/a"},
      {"A11", "go/a", "go/a/"},
      {"A11", "go/a/b/c", "go/a/b"},
      {"A12", "go/a", "go/A"},
      {"A12", "go/README", "go/readme"},
      {"A12", "go/a/b", "go/A/c"},
      {"A12", "go/a/b", "go/A/"},
      {"A12", "go/a", "go/A/b"},
      {"A12", "go/stra\u00dfe", "go/strasse"},
      {"A12", "go/stra\u00dfe", "go/STRA\u1e9eE"},
      {"A12", "go/\u00c4foo", "go/\u00e4FOO"},
      {"A12", "go/sub", "go/\u017fub"},
      {"A12", "go/ix", "go/\u0130X"},
      {"A12", "go/ix", "go/\u0131x"},
      {"A12", "go/\u03c3", "go/\u03c2"},
      {"A12", "go/\ufb01x", "go/fix"},
      {"A13", "go/k", "go/\u212a"},
      {"A13", "go/\u00c4", "go/A\u0308"},
      {"A13", "go/VERSION2", "go/A\u0308"},
      {"A13", "go/\ud55c", "go/\u1112\u1161\u11ab"},
  };
  for (const auto& names : lists) {
    auto tar = started();
    for (std::size_t i = 1; i < names.size(); ++i) tar.add(entry(names[i]));
    attacks.push_back(
        {names[0], "twins " + names[1] + " " + names[2], packed(tar), {in_quotes(names.back())}});
  }
}

void add_links_and_devices(Attacks& attacks) {
  const auto add = [&](const char* row, const char* what, const TarBuilder& tar, const char* name,
                       const char* rule) {
    attacks.push_back({row, what, packed(tar), {in_quotes(name), rule}});
  };
  const auto link = [](char type, const char* name, const char* target) {
    return started().link(type, name, target);
  };
  const char* symbolic = "symbolic link";
  add("A3", "directory link, then a file through it", link('2', "go/d", "../../outside").file("go/d/x", "x"),
      "go/d", symbolic);
  add("A4", "absolute link", link('2', "go/a", "/etc/passwd"), "go/a", symbolic);
  add("A4", "relative link out", link('2', "go/a", "../../.."), "go/a", symbolic);
  add("A4", "link that stays inside", link('2', "go/a", "VERSION"), "go/a", symbolic);
  add("A5", "link, then file", link('2', "go/a", "/tmp/x").file("go/a", "x"), "go/a", symbolic);
  add("A5", "file, then link", started().file("go/a", "x").link('2', "go/a", "/tmp/x"), "go/a", symbolic);
  add("A6", "link by link upwards",
      link('2', "go/cur", ".").link('2', "go/par", "cur/..").file("go/par/x", "x"), "go/cur", symbolic);
  const char* hard = "hard link";
  add("A7", "absolute hard link", link('1', "go/a", "/etc/passwd"), "go/a", hard);
  add("A7", "hard link upwards", link('1', "go/a", "go/../../x"), "go/a", hard);
  add("A7", "hard link inside", link('1', "go/a", "go/VERSION"), "go/a", hard);
  add("A7", "hard link with data",
      started().add({.name = "go/a", .type = '1', .size = 1, .link = "go/VERSION"}, "x"), "go/a", hard);
  add("A7", "hard link to a later link", link('1', "go/a", "go/b").link('2', "go/b", "/etc"), "go/a", hard);
  for (const auto& [type, rule] : std::initializer_list<std::pair<char, const char*>>{{'3', "device"},
                                                                                      {'4', "device"},
                                                                                      {'6', "FIFO"},
                                                                                      {'7', "neither"},
                                                                                      {'S', "sparse"},
                                                                                      {'V', "neither"},
                                                                                      {'M', "neither"},
                                                                                      {'D', "neither"},
                                                                                      {'N', "neither"},
                                                                                      {'A', "neither"},
                                                                                      {'Z', "neither"}}) {
    const char* row = type == 'S' ? "A25" : "A8";
    attacks.push_back(
        {row, std::string("type ") + type, packed(link(type, "go/odd", "")), {in_quotes("go/odd"), rule}});
  }
}

void add_extended_headers(Attacks& attacks) {
  const auto add = [&](const char* row, const char* what, const TarBuilder& tar,
                       const std::vector<std::string>& words) {
    attacks.push_back({row, what, packed(tar), words});
  };
  const auto with = [](const std::string& records, const std::string& content = "x") {
    return started().pax(records).file("go/a", content);
  };
  const auto record = [](std::string_view key, std::string_view value) { return pax_record(key, value); };
  using namespace std::string_view_literals;
  const char* rule = "which Go archives do not";
  add("A1", "pax path", with(record("path", "go/../../x")), {in_quotes("go/../../x"), "\"..\""});
  add("A1", "GNU name", started().gnu_name("go/../../x").file("go/a", "x"),
      {in_quotes("go/../../x"), "\"..\""});
  add("A19", "NUL in a pax path", with(record("path", "go/a\0/../../b"sv)), {in_quotes("go/a"), "NUL"});
  add("A19", "NUL in a GNU name", started().gnu_name(std::string("go/a\0b"sv)).file("go/a", "x"),
      {in_quotes("go/a"), "NUL"});
  add("A21", "pax linkpath", with(record("linkpath", "/etc/passwd")), {in_quotes("go/a"), "linkpath", rule});
  add("A21", "global header",
      started().add({.name = "go/g", .type = 'g', .size = 18}, record("path", "../../xyz")).file("go/a", "x"),
      {in_quotes("go/g"), "neither"});
  add("A21", "pax path twice", with(record("path", "go/b") + record("path", "go/c")),
      {in_quotes("go/a"), "twice"});
  add("A21", "empty pax path", with(record("path", "")), {in_quotes("go/a"), "no sound path"});
  add("A21", "GNU long link",
      started().add({.name = "././@LongLink", .type = 'K', .size = 5}, "/etc").file("go/a", "x"),
      {"LongLink", "neither"});
  add("A21", "malformed pax", with("99 path=go/b\n"), {in_quotes("go/a"), "malformed"});
  add("A21", "pax without length", with("path=go/b\n"), {in_quotes("go/a"), "malformed"});
  add("A21", "pax without key", with("9 pathgo\n"), {in_quotes("go/a"), "malformed"});
  add("A21", "pax length that is negative", with("-5 path=go/b\n"), {in_quotes("go/a"), "malformed"});
  add("A21", "endless pax header", started().pax(record("path", std::string(100'000, 'a'))).file("go/a", "x"),
      {"excessive size"});
  const auto inner = TarBuilder().file("go/hidden", "x").open_end();
  const char* contradict = "contradict";
  add("A22", "pax size for an empty file",
      started().pax(record("size", std::to_string(inner.size()))).add({.name = "go/a"}, inner),
      {in_quotes("go/a"), contradict});
  add("A22", "pax size 0", started().pax(record("size", "0")).file("go/a", inner),
      {in_quotes("go/a"), contradict});
  add("A22", "pax size of another size", with(record("size", "2")), {in_quotes("go/a"), contradict});
  add("A22", "pax size swallows the end",
      started().pax(record("size", "0")).file("go/a", std::string(1024, '\0')).file("go/b", "x"),
      {in_quotes("go/a"), contradict});
  add("A22", "pax size that is none", with(record("size", "1e3")), {in_quotes("go/a"), "no sound size"});
  add("A22", "pax, then GNU name", started().pax(record("size", "512")).gnu_name("go/b").file("go/c", "x"),
      {"more than one extended header"});
  add("A22", "GNU name, then pax", started().gnu_name("go/b").pax(record("size", "512")).file("go/c", "x"),
      {"more than one extended header"});
  add("A24", "pax time that is none", with(record("mtime", "nan")), {in_quotes("go/a"), "no sound mtime"});
  add("A25", "pax sparse 0.0", with(record("GNU.sparse.size", "1024") + record("GNU.sparse.offset", "0")),
      {in_quotes("go/a"), "GNU.sparse.size", rule});
  add("A25", "pax sparse 0.1", with(record("GNU.sparse.map", "0,512")),
      {in_quotes("go/a"), "GNU.sparse.map", rule});
  add("A25", "pax sparse 1.0", with(record("GNU.sparse.major", "1") + record("GNU.sparse.minor", "0")),
      {in_quotes("go/a"), "GNU.sparse.major", rule});
  add("A25", "pax sparse, 1 TiB", with(record("GNU.sparse.realsize", "1099511627776")),
      {in_quotes("go/a"), "GNU.sparse.realsize", rule});
  add("A25", "pax sparse name", with(record("GNU.sparse.name", "../x")),
      {in_quotes("go/a"), "GNU.sparse.name", rule});
  std::string map = "0,0";
  for (int i = 0; i < 1'000'000; ++i) map += ",0,0";
  add("A25", "a million map entries", with(record("GNU.sparse.map", map)), {"excessive size"});
  for (const char* key : {"SCHILY.xattr.security.capability", "SCHILY.acl.access", "LIBARCHIVE.xattr.user.x",
                          "SCHILY.fflags", "RHT.security.selinux", "security.\033[2J"}) {
    add("A26", key, with(record(key, "x")), {in_quotes("go/a"), printable(std::string_view(key)), rule});
  }
}

void add_headers(Attacks& attacks) {
  const auto add = [&](const char* row, const char* what, const TarHeader& header, const std::string& body,
                       const std::vector<std::string>& words) {
    attacks.push_back({row, what, packed(started().add(header, body)), words});
  };
  add("A11", "file named like a directory", {.name = "go/a/", .size = 1}, "x",
      {in_quotes("go/a/"), "like a directory"});
  add("A11", "file named like a directory by its prefix", {.name = "", .prefix = "go/a"}, "",
      {in_quotes("go/a/"), "like a directory"});
  for (const auto& magic : {std::string(8, '\0'), std::string("ustar  \0", 8), std::string("ustar\00001", 8)})
    add("A22", "prefix without its format", {.name = "go/x", .prefix = "zzz", .magic = magic}, "",
        {in_quotes("go/x"), "prefix"});
  add("A11", "directory with content", {.name = "go/a/", .type = '5', .size = 1}, "x",
      {in_quotes("go/a/"), "content"});
  add("A23", "base-256 size", {.name = "go/a", .raw_size = "\x80" + std::string(10, '\0') + "\1"}, "x",
      {in_quotes("go/a"), "octal"});
  add("A23", "negative size", {.name = "go/a", .raw_size = std::string(12, '\xff')}, "",
      {in_quotes("go/a"), "octal"});
  add("A23", "size of 2^63",
      {.name = "go/a", .raw_size = "\x80" + std::string(3, '\0') + "\x80" + std::string(7, '\0')}, "",
      {in_quotes("go/a"), "octal"});
  add("A23", "signed size", {.name = "go/a", .raw_size = "-0000000001"}, "", {in_quotes("go/a"), "octal"});
  add("A24", "time that is none", {.name = "go/a", .raw_time = "yesterday"}, "",
      {in_quotes("go/a"), "time is not a number"});
  add("A24", "owner that is none", {.name = "go/a", .raw_owner = "000/000"}, "",
      {in_quotes("go/a"), "owner is not a number"});
  add("A24", "owner that begins like base 256",
      {.name = "go/a",
       .raw_owner = "\xef"
                    "000000"},
      "", {in_quotes("go/a"), "owner is not a number"});
  add("A31", "huge file", {.name = "go/a", .size = 600ull << 20}, "", {in_quotes("go/a"), "larger than"});
  auto bad_sum = started().file("go/a", "x").bytes();
  bad_sum[1024] = 'G';
  attacks.push_back({"A27", "checksum", gzip(bad_sum), {"not a sound tar"}});
}

void add_beyond_limits(Attacks& attacks) {
  const auto with = [](const std::string& name) {
    return packed(started().pax(pax_record("path", name)).file("go/short", "x"));
  };
  std::string levels = "go";
  for (int i = 0; i < 2500; ++i) levels += "/d";
  std::string hundred_levels = "go";
  for (int i = 0; i < 101; ++i) hundred_levels += "/d";
  attacks.push_back(
      {"A31", "path of 5000 bytes", with("go/" + std::string(5000, 'a')), {"longer than 1024 bytes"}});
  attacks.push_back(
      {"A31", "element of 300 bytes", with("go/" + std::string(300, 'a')), {"longer than 255 bytes"}});
  attacks.push_back({"A31", "2500 levels", with(levels), {"longer than 1024 bytes"}});
  attacks.push_back({"A31", "101 levels", with(hundred_levels), {"deeper than 100"}});
  TarBuilder directories;
  for (int i = 1'000'000; i < 1'400'001; ++i) directories.directory("go/" + std::to_string(i) + "/");
  attacks.push_back({"A31", "400,001 empty directories", packed(directories), {"more than 400000 entries"}});
  TarBuilder names;
  std::string deep = "go";
  for (int i = 0; i < 3; ++i) deep += "/" + std::string(250, 'd');
  for (int i = 100'000; i < 150'000; ++i) {
    names.pax(pax_record("path", deep + "/" + std::to_string(i) + std::string(200, 'n'))).file("go/x", "");
  }
  attacks.push_back({"A31", "50,000 long names", packed(names), {"names are longer than"}});
}

}  // namespace

std::vector<Attack> tar_attacks() {
  Attacks attacks;
  add_names(attacks);
  add_twins(attacks);
  add_links_and_devices(attacks);
  add_extended_headers(attacks);
  add_headers(attacks);
  add_beyond_limits(attacks);
  return attacks;
}

std::vector<Attack> harmless_archives() {
  const auto tar = started().file("go/a", "x");
  auto named_gzip = packed(tar);
  named_gzip[3] = 8;  // FNAME
  named_gzip.insert(10, "../../../etc/passwd\0", 20);
  return {
      {"A9",
       "setuid, sticky and no bits at all",
       packed(started()
                  .file("go/s", "x", 06755)
                  .file("go/t", "x", 01777)
                  .file("go/0", "x", 0)
                  .directory("go/d/", 0)),
       {}},
      {"A18", "8.3 name", packed(started().file("go/GIT~1", "x")), {}},
      {"A24",
       "ancient, negative and far times",
       packed(started()
                  .add({.name = "go/b", .raw_time = std::string(12, '\xff')})
                  .add({.name = "go/c", .raw_time = "77777777777"})
                  .pax(pax_record("mtime", "-1.5"))
                  .file("go/d", "x")),
       {}},
      {"A29", "file name in gzip", named_gzip, {}},
      {"A27", "zeros that fill the last record", gzip(tar.bytes() + std::string(20 * 512, '\0')), {}},
  };
}

}  // namespace gopack::test
