#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "commands/commands.hpp"
#include "gopack/base/error.hpp"
#include "gopack/base/user_directories.hpp"
#include "gopack/digest/signature.hpp"
#include "gopack/workflow/pack.hpp"
#include "gopack/workflow/publish.hpp"
#include "gopack/workflow/pull.hpp"
#include "render/table.hpp"
#include "render/trees.hpp"

namespace gopack::app {

namespace {

constexpr std::uint64_t kLargestKey = 16 << 10;  // bytes

// A public key, or the file that has it.
digest::PublicKey read_public_key(const std::string& text) {
  constexpr std::size_t kLetters = 56;
  const bool is_key = text.size() == kLetters && text.starts_with("RW");
  return in_context(fmt::format("reading the trusted key {}", printable(text)), [&] {
    return digest::PublicKey::parse(is_key ? text : read_text(user_path(text), kLargestKey));
  });
}

digest::SecretKey read_secret_key(const std::string& file) {
  return in_context(fmt::format("reading the key {}", printable(file)),
                    [&] { return digest::SecretKey::parse(read_text(user_path(file), kLargestKey)); });
}

struct PackArguments {
  workflow::PackOptions pack;
  std::string out;
  std::string key;
};

int run_pack(Program& program, PackArguments& arguments) {
  auto options = arguments.pack;
  options.out = user_path(arguments.out);
  options.gopack_version = GOPACK_VERSION;
  std::optional<digest::SecretKey> key;
  if (!arguments.key.empty()) key = read_secret_key(arguments.key);
  if (key) options.key = &*key;
  const auto session = program.session(Access::read);
  const auto packed = workflow::pack(session, options);
  Json trees = Json::array();
  Json deltas = Json::array();
  std::string text;
  for (const auto& one : packed.trees) {
    auto row = to_json(session.store, one.tree);
    row["packed_bytes"] = one.bytes;
    row["packs"] = one.packs;
    trees.push_back(row);
    text += fmt::format("{}: {} in {}, {} as files\n", describe(one.tree), human_bytes(one.bytes),
                        count_of(one.packs, "pack"), human_bytes(one.tree.manifest.bytes()));
  }
  for (const auto& one : packed.deltas) {
    deltas.push_back({{"from", one.from.id.text()},
                      {"to", one.to.id.text()},
                      {"bytes", one.bytes},
                      {"kept", one.is_kept}});
    text += fmt::format("delta {} to {}: {}\n", describe(one.from), describe(one.to),
                        one.is_kept ? human_bytes(one.bytes) : "left out, it is more than half of the tree");
  }
  text +=
      fmt::format("{}. Next: copy {} to a stick, a share or a web server, and `gopack pull` from there.\n",
                  key ? "Signed by the key " + key->public_key().id() : "Not signed", printable(options.out));
  program.print_outcome(text, {{"out", options.out.string()},
                               {"key", key ? Json(key->public_key().id()) : Json(nullptr)},
                               {"trees", trees},
                               {"deltas", deltas}});
  return 0;
}

std::string line_of(const workflow::Pulled& pulled, bool is_plan) {
  const auto name = describe(pulled.tree);
  if (pulled.was_there) return fmt::format("{}: already there\n", name);
  const auto way =
      pulled.delta_from ? fmt::format("by the delta from {}", pulled.delta_from->text()) : "as packs";
  return fmt::format("{}: {} {} {}\n", name, human_bytes(pulled.bytes), is_plan ? "to get" : "got", way);
}

int run_pull(Program& program, workflow::PullOptions options) {
  for (const auto& text : program.settings().list("trust"))
    options.trust.keys.push_back(read_public_key(text));
  const auto session = program.session(options.plan_only ? Access::look : Access::create);
  const auto pulled = workflow::pull(session, options);
  Json trees = Json::array();
  std::string text;
  for (const auto& one : pulled.trees) {
    auto row = to_json(session.store, one.tree);
    row["was_there"] = one.was_there;
    row["delta_from"] = one.delta_from ? Json(one.delta_from->text()) : Json(nullptr);
    row["pulled_bytes"] = one.bytes;
    trees.push_back(row);
    text += line_of(one, options.plan_only);
  }
  if (pulled.current) text += fmt::format("{} is current\n", pulled.current->text());
  const Json document{{"plan", options.plan_only},
                      {"trees", trees},
                      {"current", pulled.current ? Json(pulled.current->text()) : Json(nullptr)}};
  options.plan_only ? program.print(text, document) : program.print_outcome(text, document);
  return 0;
}

std::string sent(const workflow::Sent& sent) {
  return sent.blobs == 0 ? "already there"
                         : fmt::format("{} in {}", human_bytes(sent.bytes), count_of(sent.blobs, "blob"));
}

int run_publish(Program& program, workflow::PublishOptions& options, const std::string& layout) {
  options.layout = user_path(layout);
  const auto published = workflow::publish(program.means(), options);
  Json trees = Json::array();
  Json deltas = Json::array();
  std::string text;
  for (const auto& [tree, was_sent] : published.trees) {
    auto row = identity({tree.id, tree.head});
    row.update({{"sha256", tree.artifact.sha256.hex()},
                {"sent_blobs", was_sent.blobs},
                {"sent_bytes", was_sent.bytes}});
    trees.push_back(row);
    text += fmt::format("{}: {}\n", describe({tree.id, tree.head}), sent(was_sent));
  }
  for (const auto& [delta, was_sent] : published.deltas) {
    deltas.push_back({{"from", delta.from.text()},
                      {"to", delta.to.text()},
                      {"sha256", delta.artifact.sha256.hex()},
                      {"sent_blobs", was_sent.blobs},
                      {"sent_bytes", was_sent.bytes}});
    text += fmt::format("delta {} to {}: {}\n", delta.from.text(), delta.to.text(), sent(was_sent));
  }
  text += fmt::format("Published. Next: `gopack pull {}`\n", published.to);
  program.print_outcome(text, {{"to", published.to}, {"trees", trees}, {"deltas", deltas}});
  return 0;
}

int run_new_key(Program& program, const std::string& name) {
  const auto path = std::filesystem::absolute(user_path(name));
  const auto directory = Dir::open(path.parent_path());
  const auto file = path.filename().string();
  for (const auto* ending : {".key", ".pub", ".pem"}) {
    if (directory.find(file + ending)) {
      throw Error(ErrorKind::failed,
                  fmt::format("cannot make a key: {}{} is there already", printable(path), ending))
          .with_hint("name another one; a key that is lost cannot be made again");
    }
  }
  const auto key = digest::SecretKey::generate();
  const auto public_key = key.public_key();
  const auto write = [&](const std::string& ending, const std::string& text, std::uint32_t mode) {
    auto out = directory.create_file(file + ending, mode);
    out.write(as_bytes(text));
    out.close();
  };
  write(".key", key.pem(), 0600);
  write(".pub", public_key.text(), 0644);
  write(".pem", public_key.pem(), 0644);
  program.print(fmt::format("Key {0}\n{1}.key  secret: `gopack pack --sign` takes it; keep it to yourself\n"
                            "{1}.pub  public: `gopack pull --trust` and `minisign -p` take it\n"
                            "{1}.pem  the same for `cosign --key`\n",
                            public_key.id(), printable(name)),
                {{"key", public_key.id()},
                 {"secret", path.string() + ".key"},
                 {"public", path.string() + ".pub"},
                 {"pem", path.string() + ".pem"}});
  return 0;
}

}  // namespace

void add_pack(Command root) {
  auto command = root.add_command("pack", "Write trees as packs, from which other machines pull them");
  auto arguments = std::make_shared<PackArguments>();
  command.add_option("selector", arguments->pack.selectors, "which trees; none: all of them");
  command.add_option("-o,--out", arguments->out, "the directory, new or packed into before",
                     Occurrence::required);
  command.add_repeated("--delta-from", arguments->pack.delta_from,
                       "trees that machines have already: also pack what changes them into the chosen ones");
  command.add_option("--sign", arguments->key, "the secret key that signs the trees (gopack key new)");
  command.set_help({.group = Group::distribution,
                    .examples = {"gopack pack 1.26 -o packs --sign team.key",
                                 "gopack pack 1.26.11 -o packs --delta-from 1.26.10 --sign team.key"},
                    .statuses = {{3}, {4}, {5}, {7}}});
  command.set_run([arguments](Program& program) { return run_pack(program, *arguments); });
}

void add_publish(Command root) {
  auto command = root.add_command("publish", "Put packs where other machines pull them from");
  struct Arguments {
    workflow::PublishOptions publish;
    std::string layout;
  };
  auto arguments = std::make_shared<Arguments>();
  command.add_option("directory", arguments->layout, "what `gopack pack` has written", Occurrence::required);
  command.add_option("--to", arguments->publish.to, "a repository (oci://host/name), or another directory",
                     Occurrence::required);
  command.set_help({.group = Group::distribution,
                    .examples = {"gopack publish packs --to oci://registry.example.com/tools/go",
                                 "gopack publish packs --to /srv/www/packs"},
                    .statuses = {{3}, {4}, {5}, {7}}});
  command.set_run(
      [arguments](Program& program) { return run_publish(program, arguments->publish, arguments->layout); });
}

void add_pull(Command root) {
  auto command = root.add_command("pull", "Bring packed trees from a directory, a web server or a registry");
  auto arguments = std::make_shared<workflow::PullOptions>();
  command.add_option("source", arguments->source,
                     "a directory that `gopack pack` wrote, its URL, or oci://host/name",
                     Occurrence::required);
  command.add_option("selector", arguments->selectors, "which trees; none: all that are there");
  command.add_setting_list("--trust", "trust", "a public key, or its file: whose signatures count");
  command.add_flag("--allow-unsigned", arguments->trust.allow_unsigned, "take trees that nobody has signed");
  command.add_flag("--plan", arguments->plan_only, "only show what would be got");
  command.add_flag("--use", arguments->use, "make the newest of them current");
  command.set_help({.group = Group::distribution,
                    .examples = {"gopack pull /media/you/STICK/packs --trust team.pub",
                                 "gopack pull https://go.example.com/packs 1.26 --trust team.pub --use",
                                 "gopack pull oci://registry.example.com/tools/go 1.26 --trust team.pub"},
                    .statuses = {{3}, {4}, {5}, {7}}});
  command.set_run([arguments](Program& program) { return run_pull(program, *arguments); });
}

void add_key(Command root) {
  auto command = root.add_command("key", "Make keys that sign packs");
  auto create = command.add_command("new", "Write NAME.key (secret), NAME.pub and NAME.pem");
  auto name = std::make_shared<std::string>();
  create.add_option("name", *name, "where the files go, without ending", Occurrence::required);
  create.set_help({.group = Group::none,
                   .examples = {"gopack key new team", "gopack key new ~/keys/lab"},
                   .statuses = {{7}}});
  create.set_run([name](Program& program) { return run_new_key(program, *name); });
  command.set_help({.group = Group::distribution,
                    .examples = {"gopack key new team", "gopack key new ~/keys/lab"},
                    .statuses = {}});
}

}  // namespace gopack::app
