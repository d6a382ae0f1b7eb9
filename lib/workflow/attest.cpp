#include "gopack/workflow/attest.hpp"

#include <fmt/format.h>

#include "gopack/base/error.hpp"
#include "gopack/base/file.hpp"
#include "gopack/release/sdk_layout.hpp"
#include "gopack/store/catalog.hpp"
#include "gopack/store/trees.hpp"
#include "lay_out.hpp"

namespace gopack::workflow {

namespace {

constexpr const char* kStdModules = "src/vendor/modules.txt";
constexpr const char* kCmdModules = "src/cmd/vendor/modules.txt";
constexpr std::uint64_t kLargestSource = 1 << 20;  // bytes

// Counts all files, and keeps the text of one.
class AccountingSink final : public tree::TreeSink {
 public:
  void add(const tree::Entry& entry, ByteSource& content) override {
    ++whole.files;
    whole.bytes += entry.size;
    if (entry.path.text() == kCmdModules && entry.size <= kLargestSource)
      cmd_modules = read_all(content, kLargestSource);
  }

  attest::WholeRelease whole;
  std::string cmd_modules;
};

// Nothing where the tree does not have it.
std::optional<std::string> find_text_in(const Session& session, const Tree& tree, const char* path) {
  const auto* const file = tree.manifest.find(path);
  if (file == nullptr) return std::nullopt;
  const auto place = session.store.path() / tree.id.text() / path;
  std::error_code ignored;
  auto text = std::filesystem::exists(place, ignored) ? read_text(place, kLargestSource) : std::string();
  if (digest::hash(text) == file->sha256) return text;
  throw Error(ErrorKind::integrity,
              fmt::format("cannot describe {}: {} is not what its manifest says", tree.id.text(), path))
      .with_hint(fmt::format("{} mends it", session.store.command("repair")));
}

void add_archives(const Session& session, const Tree& tree, attest::Facts& facts) {
  try {
    AccountingSink sink;
    lay_out(session, archives_of(session.store, tree.manifest).archives, {sink});
    facts.whole = sink.whole;
    facts.cmd_modules = attest::parse_modules(sink.cmd_modules);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::failed) throw;
    session.reporter.warning(
        fmt::format("what the profile has dropped, and the modules in Go's programs, are not known: {}",
                    error.text()),
        error.hint());
  }
}

}  // namespace

attest::Facts attest(const Session& session, const std::string& selector, const std::string& gopack_version) {
  const auto tree = store::choose_tree(session.store, selector, session.reporter);
  attest::Facts facts{.manifest = tree.manifest,
                      .manifest_sha256 = session.store.trees().manifest_digest(tree.id),
                      .time = {},
                      .std_modules = {},
                      .cmd_modules = {},
                      .whole = {},
                      .gopack_version = gopack_version};
  facts.time = release::parse_release_time(find_text_in(session, tree, "VERSION").value_or(""));
  facts.std_modules = attest::parse_modules(find_text_in(session, tree, kStdModules).value_or(""));
  add_archives(session, tree, facts);
  if (const auto text = find_text_in(session, tree, kCmdModules))
    facts.cmd_modules = attest::parse_modules(*text);
  return facts;
}

}  // namespace gopack::workflow
