// What every command works with: settings, output, and the session on the store.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>
#include <string>

#include "gopack/base/error.hpp"
#include "gopack/workflow/session.hpp"
#include "render/terminal.hpp"
#include "settings.hpp"

namespace gopack::app {

using Json = nlohmann::ordered_json;

// {"kind", "message", "hint"}, as --json tells it.
Json to_json(const Error& error);

// A command that only reads must not need write access to the store; only some commands may create one, and
// some look at what there is of its directory, or of the way there.
enum class Access { look, read, write, create };

class Program {
 public:
  Program(Settings settings, Terminal& terminal, bool json, std::stop_token stop);
  ~Program();

  const Settings& settings() const { return settings_; }
  bool json() const { return json_; }
  bool is_quiet() const { return terminal_.is_quiet(); }
  Reporter& reporter() const { return terminal_; }
  const std::stop_token& stop() const { return stop_; }
  // The setting; nothing when nobody asks for a number.
  std::optional<unsigned> jobs() const;

  // For what needs no store.
  workflow::Means means();
  // The session on the store, opened at the first call. Throws Error (failed) when there is no store.
  workflow::Session session(Access access);
  // The same on another directory, e.g. a bundle.
  workflow::Session session_on(const std::filesystem::path& home, Access access);
  bool has_store() const;

  // The result, on stdout: the text or, with --json, the document ("schema": 1 is put in front).
  void print(const std::string& text, const Json& document);
  // The same of what was done: with --quiet, nobody is told.
  void print_outcome(const std::string& text, const Json& document);
  // The same of a script or file that is to be used as it is; print() escapes what terminals act upon.
  void print_as_is(const std::string& text, const Json& document);
  // A result that is a text for other programs whatever is asked for (a shell's script).
  void print_text(const std::string& text);

 private:
  Settings settings_;
  Terminal& terminal_;
  bool json_;
  std::stop_token stop_;
  std::unique_ptr<transport::Transport> transport_;
  std::optional<store::Store> store_;
};

}  // namespace gopack::app
