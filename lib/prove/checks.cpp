#include "checks.hpp"

namespace gopack::prove {

namespace {

using Words = std::vector<std::string>;

Words build(const std::string& package, const Words& flags = {}) {
  Words words{"go", "build", "-o", "{product}"};
  words.insert(words.end(), flags.begin(), flags.end());
  words.push_back(package);
  return words;
}

const Words kZones = {"ZONEINFO={goroot}/lib/time/zoneinfo.zip"};

// go help of every topic that go help names.
constexpr const char* kEveryHelp =
    R"(go help; go help | sed -n 's/^[[:blank:]]\([a-z][a-z.-]*\) .*/\1/p' | while read -r topic; do go help "$topic"; done)";

// Packages with assembly for their tests, which every build has in it: vet wants what declares it.
constexpr const char* kTestAssembly =
    R"(cd "$0/src" && go "$@" $(find . -name cmd -prune -o -name testdata -prune -o -name '*_test.s' -exec dirname {} \;))";

// What is wrong with packages, and nothing else: their lists of tests differ.
constexpr const char* kListErrors = "{{with .Error}}{{.}}\n{{end}}{{range .DepsErrors}}{{.}}\n{{end}}";

// go doc of the programs that are there: each has a page.
constexpr const char* kCommandDocs =
    R"(for program in go gofmt asm cgo compile cover link vet; do go doc "cmd/$program" || exit; done)";

// A program that is built with cgo, for the host.
Check c_build(const char* capability, const char* name, const std::string& package, const Words& flags = {}) {
  return {capability, name, "", build(package, flags), For::host, {"CGO_ENABLED=1"}, false, true, true};
}

// A tool that looks at a program which has just been built.
Check on_hello(const char* name, const std::string& tool) {
  const auto script = R"(go build -o "$0" ./hello && go tool )" + tool + R"( "$0")";
  return {"tools", name, "", {"sh", "-c", script, "{product}"}};
}

using enum For;

const std::vector<Check> kChecks = {
    {"build", "go version", "", {"go", "version"}},
    {"build", "go help", "", {"sh", "-c", kEveryHelp}},
    {"build", "go env", "", {"go", "env", "GOVERSION", "GOROOT", "GOTOOLDIR", "GOOS", "CGO_ENABLED"}},
    {"build", "go build std", "", {"go", "build", "std"}, every_target},
    {"build",
     "export data of std",
     "",
     {"go", "list", "-export", "-f", "{{.ImportPath}} {{.BuildID}} {{.Export}}", "{std}"},
     every_target},
    {"build", "hello", "", build("./hello"), every_target},
    {"build", "hello with paths", "", build("./hello"), every_target, {"GOFLAGS="}},
    {"build", "hello without symbols", "", build("./hello", {"-ldflags=-s -w"}), every_target},
    {"build", "net/http and TLS", "", build("./web"), every_target},
    {"build", "crypto", "", build("./crypto"), every_target},
    {"build", "embed and templates", "", build("./embedded"), every_target},
    {"build", "type parameters", "", build("./generic"), every_target},
    {"build", "assembly", "", build("./assembly"), every_target},
    {"build", "a vendored module", "vendored", build("."), every_target},
    {"build", "a workspace", "workspace", build("./app"), every_target},
    {"build",
     "tags netgo and osusergo",
     "",
     {"go", "list", "-export", "-tags=netgo,osusergo", "-f", "{{.ImportPath}} {{.Export}}", "net", "os/user"},
     every_target},
    {"build", "tag timetzdata", "", build("./hello", {"-tags=timetzdata"}), every_target},
    {"build", "go run", "", {"go", "run", "./hello", "a", "b"}},
    {"build", "go run, HTTP over TLS", "", {"go", "run", "./web"}},
    {"build", "go run, assembly", "", {"go", "run", "./assembly"}},
    {"build", "go list", "", {"go", "list", "-deps", "./web", "./crypto"}},
    {"build",
     "what starts go in GOROOT",
     "",
     {"go", "run", "./starting"},
     host,
     {},
     false,
     true,
     false,
     ">=1.20"},
    {"build", "go mod verify", "", {"go", "mod", "verify"}},
    {"build", "errors of types", "", {"go", "build", "./mistyped"}, host, {}, true},
    {"build", "errors of imports", "", {"go", "build", "./broken"}, host, {}, true},
    {"vet", "go vet", "", {"go", "vet", "./hello", "./tested"}},
    {"vet", "go vet where tests have assembly", "", {"sh", "-c", kTestAssembly, "{goroot}", "vet"}},
    {"vet", "a finding of go vet: formats", "", {"go", "vet", "./wrong"}, host, {}, true},
    {"vet", "a finding of go vet: locks", "", {"go", "vet", "./locked"}, host, {}, true},
    {"test", "go test", "", {"go", "test", "-count=1", "-v", "./tested"}, host, kZones},
    {"test",
     "go test where tests have assembly",
     "",
     {"sh", "-c", kTestAssembly, "{goroot}", "test", "-count=1", "-run=NONE"}},
    {"test",
     "packages that tests of std lack",
     "",
     {"go", "list", "-e", "-deps", "-test", "-f", kListErrors, "std"}},
    {"test", "go test -c", "", {"go", "test", "-c", "-o", "{product}", "./tested"}, every_target},
    {"test",
     "benchmarks",
     "",
     {"go", "test", "-run=^$", "-bench=.", "-benchtime=10x", "./tested"},
     host,
     {},
     false,
     false},
    {"test",
     "fuzzing",
     "",
     {"go", "test", "-run=^$", "-fuzz=FuzzCount", "-fuzztime=10x", "./tested"},
     host,
     {},
     false,
     false},
    {"test",
     "go test -json",
     "",
     {"go", "test", "-count=1", "-json", "./tested"},
     host,
     kZones,
     false,
     false},
    {"fmt", "gofmt", "", {"gofmt", "ugly.txt"}},
    {"fmt", "gofmt in GOROOT", "", {"sh", "-c", R"("$(go env GOROOT)/bin/gofmt" ugly.txt)"}},
    {"fmt", "go fmt", "", {"go", "fmt", "./..."}},
    {"cover",
     "go test -cover",
     "",
     {"go", "test", "-count=1", "-coverprofile={product}", "./tested"},
     host,
     kZones},
    {"cover", "-cover without tests", "", {"go", "test", "-count=1", "-cover", "./hello"}},
    {"cover", "go build -cover", "", build("./hello", {"-cover"}), host, {}, false, true, false, ">=1.20"},
    c_build("cgo", "a program that calls C", "./c"),
    {"cgo", "go run, C", "", {"go", "run", "./c"}, host, {"CGO_ENABLED=1"}, false, true, true},
    c_build("cgo", "net/http with cgo", "./web"),
    {"race",
     "go test -race",
     "",
     {"go", "test", "-count=1", "-race", "./tested"},
     host,
     {"CGO_ENABLED=1", kZones[0]},
     false,
     true,
     true},
    c_build("race", "go build -race", "./web", {"-race"}),
    c_build("plugin", "-buildmode=plugin", "./plugged", {"-buildmode=plugin"}),
    c_build("c-shared", "-buildmode=c-shared", "./shared", {"-buildmode=c-shared"}),
    c_build("c-shared", "-buildmode=c-archive", "./shared", {"-buildmode=c-archive"}),
    {"pgo",
     "go build with default.pgo",
     "optimized",
     build("."),
     every_target,
     {},
     false,
     true,
     false,
     ">=1.21"},
    {"generate",
     "go generate",
     "",
     {"go", "generate", "./generated"},
     host,
     {},
     false,
     true,
     false,
     "",
     "generated/answer.go"},
    {"doc", "go doc", "", {"go", "doc", "net/http.Client.Do"}},
    {"doc", "go doc of Go's commands", "", {"sh", "-c", kCommandDocs, "{goroot}"}},
    {"doc", "go doc -ex", "", {"go", "doc", "-ex", "strings"}, host, {}, false, true, false, ">=1.27"},
    {"doc", "go doc of a program", "", {"go", "doc", "-all", "./tested"}},
    on_hello("go tool nm", "nm -size"),
    on_hello("go tool objdump", "objdump -s main.main"),
    {"tools", "go tool buildid", "", {"go", "tool", "buildid", "{goroot}/pkg/tool/{platform}/asm"}},
    {"tools", "go tool dist list", "", {"go", "tool", "dist", "list"}, host, {}, false, true, false, "<1.25"},
    {"tools", "go tool pprof", "", {"go", "tool", "pprof", "-raw", "optimized/default.pgo"}},
    {"tools", "go tool test2json", "", {"go", "tool", "test2json", "echo", "ok"}, host, {}, false, false},
    {"tools", "go tool trace", "", {"go", "tool", "trace", "-h"}, host, {}, true},
    {"wasm", "a program for js/wasm", "", build("./web"), host, {"GOOS=js", "GOARCH=wasm"}},
    {"wasm",
     "wasm_exec.js",
     "",
     {"sh", "-c", "cat {goroot}/lib/wasm/wasm_exec.js || cat {goroot}/misc/wasm/wasm_exec.js"}},
    {"fips",
     "GOFIPS140=v1.0.0",
     "",
     build("./crypto"),
     every_target,
     {"GOFIPS140=v1.0.0"},
     false,
     true,
     false,
     ">=1.24"},
    {"boringcrypto",
     "GOEXPERIMENT=boringcrypto",
     "",
     build("./crypto"),
     host,
     {"GOEXPERIMENT=boringcrypto", "CGO_ENABLED=1"},
     false,
     true,
     true,
     ">=1.19"},
};

}  // namespace

std::span<const Check> checks() {
  return kChecks;
}

}  // namespace gopack::prove
