#include "launch.hpp"

#include <algorithm>

#include "cache.hpp"
#include "environment.hpp"
#include "failure.hpp"
#include "gopack/launch/cacheprog.hpp"
#include "gopack/launch/go_env.hpp"
#include "gopack/launch/lacking.hpp"
#include "gopack/launch/pointer.hpp"
#include "gopack/launch/rules.hpp"
#include "options.hpp"
#include "project.hpp"
#include "settings.hpp"
#include "stage.hpp"
#include "system.hpp"
#include "trees.hpp"

namespace gopack::launcher {

namespace {

using launch::fill;
using system::Kind;
namespace message = launch::message;

constexpr int kMayNotRun = 126;

bool is_directory(const std::string& path) {
  return system::kind(path) == Kind::directory;
}
bool is_file(const std::string& path) {
  return system::kind(path) == Kind::file;
}

void tell(const std::string& line) {
  system::print_error("gopack: " + line);
}

class Launcher {
 public:
  Launcher(const std::string& bundle, const Host& host) : bundle_(bundle), host_(host) {}

  // `name` with everything bound anew; `arguments` are those for it.
  std::string start(const std::string& name, const Options& options,
                    const std::vector<std::string>& arguments) {
    if (options.portable) read_settings();
    const auto tree = choose_tree(name, options, arguments);
    places_.goroot = in_bundle(tree);
    find_programs();
    require(program(name));
    choose_data(options);
    {
      std::optional<system::ReadableForAll> for_all;
      if (!has_named_data_) for_all.emplace();
      prepare_data();
    }
    if (must_stage(program(name))) {
      if (tree == "current")
        throw Failure{
            "cannot copy " + places_.goroot +
                ": which tree it is only the server of this share knows; "
                "mount the medium with exec rights, copy the bundle to a local disk, or have current.txt "
                "name the tree",
            kMayNotRun};
      places_.goroot = staged(bundle_, tree, places_.data, host_);
      find_programs();
    }
    require_usable(places_.programs);
    require_executable(program(name), "");
    name_ignored();
    auto changes = binding(places_, settings_, system::variable("PATH").value_or(""), host_);
    leave_out_cacheprog(changes, launch::is_go_env(name, arguments));
    apply(changes);
    return program(name);
  }

 private:
  std::string in_bundle(const std::string& path) const { return host_.join(bundle_, path); }
  std::string program(const std::string& name) const {
    return host_.join(places_.programs, name + host_.suffix);
  }

  void read_settings() {
    const auto file = in_bundle(host_.settings_name());
    const auto text = system::read_file(file);
    if (!text) throw Failure{fill(message::no_settings, {"--portable", file})};
    settings_ = parse_settings(*text, host_.settings, file);
  }

  // The tree that is named, or that the project needs, or else the current one.
  std::string choose_tree(const std::string& name, const Options& options,
                          const std::vector<std::string>& arguments) const {
    const auto word = options.tree.empty() ? system::variable("GOPACK_GO").value_or("") : options.tree;
    if (!word.empty()) return find_named(word, list_trees(bundle_, host_), host_.switcher());
    auto tree = current_tree();
    if (name != "go" || !may_choose_by_project(settings_, system::variable)) return tree;
    const auto file = find_project_file(arguments, host_);
    if (file.empty()) return tree;
    auto needed = tree_for(parse_needs(system::read_file(file).value_or("")), in_bundle(tree));
    return needed.empty() ? tree : needed;
  }

  // Empty where the current tree does, or none does.
  std::string tree_for(const Needs& needs, const std::string& root) const {
    const auto release = release_of(root, host_);
    if (!is_too_old(release, needs)) return {};
    const auto profile = launch::parse_abilities(manifest_head(root + ".json")).profile;
    auto trees = list_trees(bundle_, host_);
    std::erase_if(trees, [&](const TreeFacts& tree) {
      return std::none_of(
          host_.architectures.begin(), host_.architectures.end(), [&](const std::string& architecture) {
            return is_directory(in_bundle(tree.name + "/pkg/tool/" + host_.os + "_" + architecture));
          });
    });
    return find_sufficient(needs, {{}, release, profile, false, {}, {}}, trees);
  }

  std::string current_tree() const {
    auto file = in_bundle("current");
    std::string tree;
    if (const auto target = system::link_target(file)) {
      tree = launch::parse_link(*target).value_or("");
    } else if (const auto text = system::read_file(file + ".txt")) {
      file += ".txt";
      tree = launch::parse_pointer(*text).value_or("");
    } else if (is_file(host_.join(file, "VERSION"))) {
      return "current";  // a link that only a server sees
    } else {
      throw Failure{fill(message::no_pointer, {bundle_, host_.switcher()})};
    }
    const auto is_there = [&](const std::string& name) { return is_directory(in_bundle(name)); };
    if (!tree.empty() && is_there(tree)) return tree;
    const auto problem =
        tree.empty() ? fill(message::no_name, {file}) : fill(message::lost_tree, {file, tree});
    const auto last =
        launch::fall_back(system::read_file(in_bundle(".gopack/history")).value_or(""), is_there);
    if (!last) throw Failure{fill(message::choose_one, {problem, host_.switcher()})};
    tell(fill(message::fell_back, {problem, *last, host_.switcher()}));
    return *last;
  }

  void find_programs() {
    const auto tools = host_.join(places_.goroot, "pkg/tool");
    for (const auto& architecture : host_.architectures) {
      const auto platform = host_.os + "_" + architecture;
      const auto own_tools = host_.join(tools, platform);
      if (!is_directory(own_tools)) continue;
      places_.has_cgo = is_file(host_.join(own_tools, "cgo" + host_.suffix));
      places_.programs = host_.join(places_.goroot, "bin/" + platform);
      if (!is_file(program("go"))) places_.programs = host_.join(places_.goroot, "bin");
      return;
    }
    std::string has;
    for (const auto& name : system::list(tools))
      if (name.find('_') != std::string::npos) has += " " + name;
    const auto platform = host_.os + "_" + host_.architectures.front();
    throw Failure{fill(message::no_platform, {places_.goroot, platform, has})};
  }

  // PATH and GOPATH are lists.
  void require_usable(const std::string& directory) const {
    if (directory.find(host_.list_separator) == std::string::npos) return;
    throw Failure{fill(message::separator, {{&host_.list_separator, 1}, directory})};
  }

  static void require(const std::string& program) {
    if (!is_file(program)) throw Failure{fill(message::no_program, {program})};
  }

  static void require_executable(const std::string& program, const std::string& remedy) {
    if (system::can_execute(program)) return;
    throw Failure{program + " may not be executed. Is the medium mounted without exec rights? " + remedy +
                      "Mount it with exec, or copy the bundle to a local directory.",
                  kMayNotRun};
  }

  // Whether the tree has to be copied before `program` can run.
  bool must_stage(const std::string& program) const {
    if (settings_.stage == Stage::never) return false;
    if (settings_.stage == Stage::automatic) {
      if (system::can_execute(program)) return false;
      if (!has_named_data_)
        require_executable(program, "Name a directory that the Go may be copied to with --data-dir DIR. ");
    }
    if (!has_named_data_) throw Failure{fill(message::must_name_copy, {"--data-dir"}), kMayNotRun};
    return true;
  }

  // Everything that is written goes below the data directory.
  void choose_data(const Options& options) {
    has_named_data_ = !options.data_dir.empty() || !settings_.data_dir.empty();
    auto data = in_bundle("shared");
    if (!options.data_dir.empty()) {
      data = options.data_dir;
    } else if (!settings_.data_dir.empty()) {
      data = host_.is_absolute(settings_.data_dir) ? settings_.data_dir : in_bundle(settings_.data_dir);
    }
    places_.data = data;
  }

  // What is missing there is made.
  void prepare_data() {
    auto& data = places_.data;
    require_usable(data);
    if (!host_.is_absolute(data)) require_usable(system::full_path("."));
    system::make_directories(data);
    data = system::full_path(data);
    require_usable(data);
    const auto gopath = host_.join(data, "gopath");
    if (!system::make_directories(gopath) || !system::can_write(gopath))
      throw Failure{fill(message::not_writable, {data, "--data-dir"})};
    carry_over_go_env();
    settle_go_env();
    turn_telemetry_off();
    keep_warm_cache(bundle_, data, host_);
    if (has_named_data_) share_modules(bundle_, data, host_);
  }

  // What `go env -w` has written into the copy that a bound shell has (see leave_out_cacheprog).
  void carry_over_go_env() const {
    const auto file = host_.join(places_.data, "gopath/go.env");
    const auto copy = system::read_file(file + launch::kCopy),
               was = system::read_file(file + launch::kCopiedAs);
    if (!copy || !was || *copy == *was) return;
    const auto text = system::read_file(file);
    if (!text) return;
    if (!system::write_file(file, launch::carry_over(*text, *was, *copy)) ||
        !system::write_file(file + launch::kCopiedAs, *copy))
      throw Failure{"cannot carry what is new in " + file + launch::kCopy + " over to " + file};
  }

  // A new data directory gets the bundle's go.env. What Go would misread in it is mended.
  void settle_go_env() const {
    constexpr const char* kGoEnv = "gopath/go.env";
    const auto own = host_.join(places_.data, kGoEnv);
    const bool is_new = system::kind(own) == Kind::none;
    const auto text = system::read_file(is_new ? host_.join(in_bundle("shared"), kGoEnv) : own);
    if (!text) return;
    if (launch::is_utf16(*text)) throw Failure{fill(message::utf16, {own})};
    const auto mended = launch::mended_go_env(*text);
    if (!mended && !is_new) return;
    const bool written = system::write_file(own, mended.value_or(*text));
    if (!mended) return;
    if (!written) throw Failure{fill(message::not_mended, {own})};
    tell(fill(message::mended, {own}));
  }

  void turn_telemetry_off() const {
    const auto directory = host_.join(places_.data, "telemetry"), mode = host_.join(directory, "mode");
    if (system::kind(mode) != Kind::none) return;
    system::make_directories(directory);
    system::write_file(mode, "off");
  }

  void name_ignored() const {
    const auto release = release_of(places_.goroot, host_);
    for (const auto& line : ignored(places_, settings_, release, system::variable, host_)) tell(line);
  }

  // A build cache's program that Go cannot start would end every build: the settings of the bundle do
  // without it. `go env` sees and changes them as they are.
  void leave_out_cacheprog(std::vector<Change>& changes, bool is_go_env) const {
    constexpr const char* kName = "GOCACHEPROG";
    const auto path = changes.back().value.value_or("");
    const auto lacks = [&](std::string_view command, std::string_view where) {
      if (command.empty()) return false;
      const auto fault = launch::find_cacheprog_fault(
          command, [&](const std::string& program) { return system::has_program(program, path); });
      if (!fault.empty()) tell(fill(message::left_out, {where, fault}));
      return !fault.empty();
    };
    const auto is_one = [](const Change& change) { return change.name == kName; };
    const auto setting = std::find_if(changes.rbegin(), changes.rend(), is_one);
    if (setting != changes.rend()) {
      if (!lacks(*setting->value, "env.GOCACHEPROG")) return;
      std::erase_if(changes, is_one);
    }
    if (!system::variable(kName).value_or("").empty() || is_go_env) return;
    const auto file = host_.join(places_.data, "gopath/go.env"), here = file + launch::kCopy;
    const auto text = system::read_file(file).value_or("");
    if (!lacks(launch::value_of(text, kName), "GOCACHEPROG of go.env")) return;
    // Nothing in the environment takes back what go.env says.
    const auto rest = launch::without_setting(text, kName);
    if (!system::write_file(here, rest) || !system::write_file(file + launch::kCopiedAs, rest))
      throw Failure{"cannot write " + here};
    changes.push_back({"GOENV", here});
  }

  static void apply(const std::vector<Change>& changes) {
    for (const auto& [name, value] : changes) system::set_variable(name, value);
  }

  const std::string& bundle_;
  const Host& host_;
  Settings settings_;
  Places places_;
  bool has_named_data_ = false;
};

}  // namespace

Launch prepare(const std::string& bundle, const std::string& name, const std::vector<std::string>& arguments,
               const Host& host) {
  const auto options = parse_options(arguments);
  const auto first = arguments.begin() + static_cast<std::ptrdiff_t>(options.count);
  return {Launcher(bundle, host).start(name, options, {first, arguments.end()}), options.count};
}

}  // namespace gopack::launcher
