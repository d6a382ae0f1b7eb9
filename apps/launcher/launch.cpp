#include "launch.hpp"

#include "cache.hpp"
#include "environment.hpp"
#include "failure.hpp"
#include "options.hpp"
#include "pointer.hpp"
#include "settings.hpp"
#include "stage.hpp"
#include "system.hpp"

namespace gopack::launcher {

namespace {

using system::Kind;

constexpr int kMayNotRun = 126;

bool is_directory(const std::string& path) {
  return system::kind(path) == Kind::directory;
}
bool is_file(const std::string& path) {
  return system::kind(path) == Kind::file;
}

class Launcher {
 public:
  Launcher(const std::string& bundle, const Host& host) : bundle_(bundle), host_(host) {}

  // `name` with everything bound anew.
  std::string start(const std::string& name, const Options& options) {
    if (options.portable) read_settings();
    const auto tree = find_tree();
    places_.goroot = in_bundle(tree);
    find_programs();
    require(program(name));
    prepare_data(options);
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
    keep_warm_cache(bundle_, places_.data, host_);
    apply(binding(places_, settings_, system::variable("PATH").value_or(""), host_));
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
    if (!text) throw Failure{"--portable: cannot read " + file};
    settings_ = parse_settings(*text, host_.settings, file);
  }

  std::string find_tree() const {
    const auto choose = "; choose another with " + host_.switcher();
    auto file = in_bundle("current");
    std::string tree;
    if (const auto name = system::link_target(file)) {
      if (is_tree_name(*name)) tree = *name;
    } else if (is_file(host_.join(file, "VERSION"))) {
      return "current";  // a link that only a server sees
    } else if (const auto text = system::read_file(file + ".txt")) {
      file += ".txt";
      tree = parse_pointer(*text).value_or("");
    } else {
      throw Failure{"no Go is chosen in " + bundle_ +
                    ": it has neither the link current nor current.txt; choose one with " + host_.switcher()};
    }
    const auto is_there = [&](const std::string& name) { return is_directory(in_bundle(name)); };
    if (!tree.empty() && is_there(tree)) return tree;
    const auto problem = tree.empty() ? file + " does not name a tree (v_ and 16 hex digits)"
                                      : file + " names " + tree + ", which is not in " + bundle_;
    const auto last = fall_back(system::read_file(in_bundle(".gopack/history")).value_or(""), is_there);
    if (!last) throw Failure{problem + choose};
    system::print_error("gopack: " + problem + ": using " + *last + ", the last that was chosen" + choose);
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
    throw Failure{places_.goroot + " has no Go for " + host_.os + "_" + host_.architectures.front() +
                  ", only for:" + has};
  }

  // PATH and GOPATH are lists.
  void require_usable(const std::string& directory) const {
    if (directory.find(host_.list_separator) == std::string::npos) return;
    throw Failure{std::string("Go cannot work in a directory with ") + host_.list_separator +
                  " in its name: " + directory};
  }

  static void require(const std::string& program) {
    if (!is_file(program))
      throw Failure{program + " is missing: check the bundle with gopack verify or sha256sum -c SHA256SUMS"};
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
    if (!has_named_data_)
      throw Failure{"stage: always: name a directory for the copy with --data-dir DIR or data_dir",
                    kMayNotRun};
    return true;
  }

  // Everything that is written goes below the data directory; what is missing there is made.
  void prepare_data(const Options& options) {
    has_named_data_ = !options.data_dir.empty() || !settings_.data_dir.empty();
    auto data = in_bundle("shared");
    if (!options.data_dir.empty()) {
      data = options.data_dir;
    } else if (!settings_.data_dir.empty()) {
      data = host_.is_absolute(settings_.data_dir) ? settings_.data_dir : in_bundle(settings_.data_dir);
    }
    system::make_directories(data);
    data = system::full_path(data);
    require_usable(data);
    places_.data = data;
    const auto temporary = host_.join(data, "gopath/tmp");
    if (!system::make_directories(temporary) || !system::can_write(temporary))
      throw Failure{"cannot write in " + data + ": name a place for caches and settings with --data-dir DIR"};
    copy_go_env();
    turn_telemetry_off();
  }

  void copy_go_env() const {
    constexpr const char* kGoEnv = "gopath/go.env";
    const auto own = host_.join(places_.data, kGoEnv);
    if (system::kind(own) != Kind::none) return;
    if (const auto preset = system::read_file(host_.join(in_bundle("shared"), kGoEnv)))
      system::write_file(own, *preset);
  }

  void turn_telemetry_off() const {
    const auto directory = telemetry(places_, host_), mode = host_.join(directory, "mode");
    if (system::kind(mode) != Kind::none) return;
    system::make_directories(directory);
    system::write_file(mode, "off");
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
  return {Launcher(bundle, host).start(name, options), options.count};
}

}  // namespace gopack::launcher
