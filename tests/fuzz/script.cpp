// The environment as commands of a shell: whatever a directory is called, dash gets back that name and runs
// nothing else. The first byte chooses how many values the input is cut into.
#include "fuzz.hpp"
#include "gopack/base/process.hpp"
#include "gopack/bundle/environment.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gopack;
  const std::string text(fuzz::text_of(data, size));
  if (text.find('\0') != std::string::npos) return 0;  // no environment holds it
  const auto half = text.substr(0, size / 2);
  const bundle::Binding binding{.set = {{"GOROOT", text}, {"GOPATH", half}}, .path = {text}};
  for (const auto shell : {bundle::Shell::cmd, bundle::Shell::powershell, bundle::Shell::fish}) {
    fuzz::accepts([&] { bundle::to_script(binding, shell); });
  }
  std::string script;
  if (!fuzz::accepts([&] { script = bundle::to_script(binding, bundle::Shell::sh); })) return 0;
  script += "printf '%s\\n%s\\n%s.' \"$GOROOT\" \"$GOPATH\" \"$PATH\"\n";
  const auto result = run_process({"/bin/dash", "-c", script}, {{"PATH", "/bin"}});
  const auto path = text == "/bin" ? text : text + ":/bin";  // which is there already, or not
  const auto expected = text + "\n" + half + "\n" + path + ".";
  fuzz::require(result.status == 0 && result.output == expected, "dash gets back the same values");
  return 0;
}
