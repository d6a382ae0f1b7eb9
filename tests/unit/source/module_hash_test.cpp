#include "gopack/source/module_hash.hpp"

#include <gtest/gtest.h>

#include "gopack/base/error.hpp"
#include "gopack/digest/base64.hpp"
#include "gopack/tree/memory_tree.hpp"

namespace gopack::source {
namespace {

const auto kVersion = release::Version::try_parse("1.22.5").value();
const release::Platform kPlatform{"linux", "arm"};

void add(tree::TreeSink& sink, const std::string& path, const std::string& content) {
  MemorySource source{std::string_view(content)};
  sink.add({tree::RelPath(path), false, content.size()}, source);
}

std::string line(const std::string& path, std::string_view content) {
  return digest::hash(content).hex() + "  golang.org/toolchain@v0.0.1-go1.22.5.linux-arm/" + path + "\n";
}
std::string h1(const std::string& lines) {
  return "h1:" + digest::base64_encode(digest::hash(std::string_view(lines)).bytes());
}

TEST(ModuleHash, NamesTheToolchainByGoosAndGoarch) {
  EXPECT_EQ(toolchain_version(kVersion, kPlatform), "v0.0.1-go1.22.5.linux-arm");
  EXPECT_EQ(toolchain_version(release::Version::try_parse("1.20").value(), {"windows", "amd64"}),
            "v0.0.1-go1.20.windows-amd64");
}

TEST(ModuleHash, SortsTheFilesOfAModuleZip) {
  ModuleHash hash(kVersion, kPlatform, ModuleHash::Input::module_zip);
  add(hash, "src/_go.mod", "module std\n");
  add(hash, "VERSION", "go1.22.5\n");
  add(hash, "src/b", "");
  add(hash, "src-a", "a");
  EXPECT_EQ(hash.finish(), h1(line("VERSION", "go1.22.5\n") + line("src-a", "a") +
                              line("src/_go.mod", "module std\n") + line("src/b", "")));
}

TEST(ModuleHash, IsTheSameFromAnOfficialArchive) {
  tree::MemoryTree official;
  add(official, "VERSION", "go1.22.5\n");
  add(official, "go.mod", "a\n");
  add(official, "src/go.mod", "module std\n");
  add(official, "src/go.mod.txt", "kept by its name\n");
  add(official, "src/test/a.go", "kept\n");
  add(official, "tests/a.go", "kept\n");
  for (const auto* const path : {"api/go1.txt", "doc/a.html", "misc/a", "test/a.go"})
    add(official, path, "left out\n");
  ModuleHash hash(kVersion, kPlatform, ModuleHash::Input::official_archive);
  official.read(hash);
  EXPECT_EQ(hash.finish(),
            h1(line("VERSION", "go1.22.5\n") + line("_go.mod", "a\n") + line("src/_go.mod", "module std\n") +
               line("src/go.mod.txt", "kept by its name\n") + line("src/test/a.go", "kept\n") +
               line("tests/a.go", "kept\n")));
}

TEST(ModuleHash, RefusesANameThatComesTwice) {
  ModuleHash hash(kVersion, kPlatform, ModuleHash::Input::official_archive);
  add(hash, "src/go.mod", "a");
  EXPECT_THROW(add(hash, "src/_go.mod", "b"), Error);
}

}  // namespace
}  // namespace gopack::source
