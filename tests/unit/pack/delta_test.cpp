#include "gopack/pack/delta.hpp"

#include <gtest/gtest.h>

#include <random>

#include "bsdiff.hpp"
#include "gopack/base/error.hpp"
#include "gopack/pack/packs.hpp"
#include "gopack/tree/memory_tree.hpp"
#include "support/temp_dir.hpp"

namespace gopack::pack {
namespace {

std::string noise(std::size_t size, std::uint_fast32_t seed) {
  std::mt19937 random(seed);
  std::string text(size, '\0');
  for (auto& byte : text) byte = static_cast<char>(random());
  return text;
}

// A tree on the disk.
class OnDisk {
 public:
  explicit OnDisk(const std::map<std::string, std::string>& files) {
    manifest.release = "go1.26.1";
    for (const auto& [path, text] : files) {
      temp_.write(path, text);
      manifest.files.push_back({tree::RelPath(path), false, text.size(), digest::hash(text)});
    }
  }
  Dir directory() const { return Dir::open(temp_.path()); }
  std::filesystem::path path() const { return temp_.path(); }

  tree::Manifest manifest;

 private:
  test::TempDir temp_;
};

class Collected final : public tree::TreeSink {
 public:
  void add(const tree::Entry& entry, ByteSource& content) override {
    files[entry.path.text()] = read_all(content, entry.size);
  }
  std::map<std::string, std::string> files;
};

const std::string kProgram = noise(200'000, 1);

std::map<std::string, std::string> old_files() {
  return {{"VERSION", "go1.26.1"},
          {"bin/go", kProgram},
          {"src/a.go", "package a\n" + noise(3000, 2)},
          {"src/same.go", "package same\n"}};
}

std::map<std::string, std::string> new_files() {
  auto files = old_files();
  files["VERSION"] = "go1.26.2";
  files["bin/go"] = kProgram.substr(0, 90'000) + "more" + kProgram.substr(90'000);
  files["src/a.go"] += "// more\n";
  files["src/new.go"] = "package new\n";
  files["src/copy.go"] = files["src/new.go"];
  files["src/empty.go"] = "";
  return files;
}

struct Made {
  Delta delta;
  std::string data;
};

std::optional<Made> try_make(const OnDisk& from, const OnDisk& to, std::uint64_t most,
                             const std::stop_token& stop = {}) {
  SilentReporter silent;
  std::string data;
  const auto from_dir = from.directory();
  const auto to_dir = to.directory();
  auto delta =
      make_delta({from.manifest, from_dir}, {to.manifest, to_dir}, data, {most, "delta"}, {silent, stop, 2});
  if (!delta) return std::nullopt;
  return Made{std::move(*delta), std::move(data)};
}

Made make(const OnDisk& from, const OnDisk& to) {
  return *try_make(from, to, 1 << 20);
}

std::map<std::string, std::string> apply(const OnDisk& from, const tree::Manifest& to, const Delta& delta,
                                         const std::string& data) {
  MemorySource source(data);
  const auto directory = from.directory();
  const TreeFiles base{from.manifest, directory};
  DeltaReader reader(delta, base, source);
  EXPECT_EQ(reader.read_manifest(), to.to_json());
  std::vector<tree::ManifestFile> wanted;
  for (const auto& file : to.files) {
    if (from.manifest.find(file.path.text()) == nullptr || *from.manifest.find(file.path.text()) != file)
      wanted.push_back(file);
  }
  Collected collected;
  reader.read_files(wanted, collected);
  return collected.files;
}

TEST(Delta, GivesWhatIsNew) {
  const OnDisk from(old_files());
  const OnDisk to(new_files());
  const auto [delta, data] = make(from, to);
  auto expected = new_files();
  expected.erase("src/same.go");
  EXPECT_EQ(apply(from, to.manifest, delta, data), expected);
  auto bytes = delta.manifest_packed;
  for (const auto& operation : delta.operations) bytes += operation.packed;
  EXPECT_EQ(bytes, data.size());
  EXPECT_LT(data.size(), 2000U);
  std::map<std::string, Codec> codecs;
  for (const auto& operation : delta.operations) {
    for (const auto& file : to.manifest.files) {
      if (file.sha256 == operation.result) codecs[file.path.text()] = operation.codec;
    }
  }
  EXPECT_EQ(codecs.at("src/new.go"), Codec::full);
  EXPECT_NE(codecs.at("bin/go"), Codec::full);
  EXPECT_NE(codecs.at("src/a.go"), Codec::full);
  EXPECT_EQ(delta.operations.size(), 5U);  // src/copy.go is src/new.go, and src/same.go is there
  const auto again = Delta::from_json(delta.to_json());
  EXPECT_EQ(again.operations, delta.operations);
  EXPECT_EQ(again.to_json(), delta.to_json());
}

TEST(Delta, IsGivenUpWhereItIsTooLarge) {
  EXPECT_FALSE(try_make(OnDisk(old_files()), OnDisk(new_files()), 100));
}

TEST(Delta, EndsWhereItIsInterrupted) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(try_make(OnDisk(old_files()), OnDisk(new_files()), 1 << 20, stop.get_token()), Error);
  const auto program = as_bytes(kProgram);
  EXPECT_THROW(make_diff(program, program, stop.get_token()), Error);
}

TEST(Delta, RefusesABaseThatIsAnother) {
  const OnDisk from(old_files());
  const OnDisk to(new_files());
  const auto made = make(from, to);
  test::write_file(from.path() / "src/a.go", "package a\n" + noise(3000, 9));
  EXPECT_THROW(apply(from, to.manifest, made.delta, made.data), Error);
}

// Numbers that anybody may have written: nothing is read or made beyond what the manifests say.
TEST(Delta, IsNotTrusted) {
  const OnDisk from(old_files());
  const OnDisk to(new_files());
  const auto made = make(from, to);
  const auto refuses = [&](const std::function<void(Operation&)>& change, std::size_t at) {
    auto delta = made.delta;
    change(delta.operations.at(at));
    try {
      apply(from, to.manifest, delta, made.data);
      ADD_FAILURE() << "was taken";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::integrity) << error.text();
    }
  };
  for (std::size_t i = 0; i < made.delta.operations.size(); ++i) {
    refuses([](Operation& one) { one.packed += 1; }, i);
    refuses([](Operation& one) { one.packed = 1ULL << 40; }, i);
    refuses([](Operation& one) { one.result = digest::hash("nothing"); }, i);
    if (made.delta.operations[i].codec == Codec::full) continue;
    refuses([](Operation& one) { one.base = digest::hash("nothing"); }, i);
    refuses([](Operation& one) { one.size = 1ULL << 40; }, i);
    refuses([](Operation& one) { one.size -= 1; }, i);
  }
}

TEST(Delta, DocumentsThatAreNotDeltasAreRefused) {
  const std::string good = make(OnDisk(old_files()), OnDisk(new_files())).delta.to_json();
  for (const auto& [from, to] : std::map<std::string, std::string>{{"\"schema\":1", "\"schema\":2"},
                                                                   {"\"full\"", "\"fuller\""},
                                                                   {"\"v_", "\"w_"},
                                                                   {"\"size\":", "\"size\":-"},
                                                                   {"\"sha256\":\"", "\"sha256\":\"x"},
                                                                   {"\"operations\"", "\"operation\""}}) {
    auto text = good;
    text.replace(text.find(from), from.size(), to);
    EXPECT_THROW(Delta::from_json(text), Error) << to;
  }
  for (const auto* text : {"", "[]", "{}", "null", "1"}) EXPECT_THROW(Delta::from_json(text), Error) << text;
}

}  // namespace
}  // namespace gopack::pack
