# The launchers' rule book: what all of them agree on, as data. cmake/GopackRules.cmake puts the tables into the C++ header
# rules.hpp.in and into every script, where a line says `@ TABLE` or a word is `@NAME@`.

# What `uname -s` says, as a shell's patterns, and GOOS.
rule(system linux Linux)
rule(system darwin Darwin)
rule(system freebsd FreeBSD)
rule(system netbsd NetBSD)
rule(system openbsd OpenBSD)
rule(system windows MINGW* MSYS* CYGWIN*)

# GOARCH, and what `uname -m` and PROCESSOR_ARCHITECTURE call it, as a shell's patterns. The first that fits counts; another
# word is its own GOARCH.
rule(architecture amd64 x86_64 amd64)
rule(architecture 386 i?86 i86pc x86)
rule(architecture arm64 aarch64 arm64)
rule(architecture arm arm*)
rule(architecture loong64 loongarch64)

# System (* is any), GOARCH of the machine, and which others it runs as well, the best first. The first that fits counts.
rule(runs windows arm64 amd64 386)
rule(runs darwin arm64 amd64)
rule(runs darwin amd64)
rule(runs linux arm64 arm)
rule(runs * amd64 386)

# What is bound: a variable, what its value is or begins with (the tree, the data directory, the toolchain), and the rest.
rule(bound GOROOT tree)
rule(bound GOPATH data gopath)
rule(bound GOMODCACHE data gopath/pkg/mod)
rule(bound GOCACHE data gopath/cache)
rule(bound GOENV data gopath/go.env)
rule(bound GOTOOLCHAIN toolchain)
rule(bound TEST_TELEMETRY_DIR data telemetry) # where Go's own programs (1.23 and newer) count, not in the home directory

# Keys of config.yaml and config.ini that stand for one variable, and the values of the others that have a choice.
rule(setting goproxy GOPROXY)
rule(setting gosumdb GOSUMDB)
rule(setting goprivate GOPRIVATE)
rule(setting gotoolchain GOTOOLCHAIN)
words(stage auto never always)
words(choose_by_project auto never)

# Values of GOTOOLCHAIN that ask for no release, and those with which a project may choose a tree.
words(any_toolchain auto path local local+auto local+path)
words(choosing_toolchain auto path local+auto local+path)

# Which capability a command of go and a tool of `go tool` need, which commands compile nothing, and the built-in profiles.
rule(command test test)
rule(command vet vet)
rule(command fmt fmt)
rule(command doc doc)
rule(command tools bug fix)
words(idle env help mod version work)
words(compiling build fix install list run test vet) # by the flags of GOFLAGS, which others pass over
rule(tool cgo cgo)
rule(tool cover cover covdata)
rule(tool doc doc)
rule(tool vet vet)
rule(tool pgo preprofile)
rule(tool tools addr2line buildid dist fix nm objdump pack pprof test2json trace)

# Which capability a flag or a variable asks for, as patterns of NAME=VALUE; a flag without a value is true, and - asks for
# nothing. The first row that fits counts, and of each name its last value. And the flags whose value may be the next word.
rule(wish race race=true race=1 race=t race=T race=TRUE race=True)
rule(wish - race=*)
rule(wish cover cover=true cover=1 cover=t cover=T cover=TRUE cover=True covermode=* coverpkg=* coverprofile=*)
rule(wish - cover=*)
rule(wish - pgo=off pgo=auto)
rule(wish pgo pgo=*)
rule(wish plugin buildmode=plugin)
rule(wish c-shared buildmode=c-shared buildmode=c-archive)
rule(wish - buildmode=*)
rule(wish cgo CGO_ENABLED=1)
rule(wish boringcrypto GOEXPERIMENT=*boringcrypto*)
rule(wish - GOFIPS140= GOFIPS140=off GOFIPS140=latest)
rule(wish fips GOFIPS140=*)
words(with_value C asmflags buildmode compiler covermode coverpkg exec gccgoflags gcflags installsuffix ldflags mod modfile
  overlay p pgo pkgdir tags toolexec)

words(profiles full standard developer minimal build-only)

# What several launchers say. {} is filled in.
said(no_such_tree "no tree of this bundle is {}; {} without an argument lists them")
said(no_profile "{} names no profile behind the +: name one, as in 1.26+minimal, or leave the + out")
said(several_trees
  "{} may be each of {}: name one of them, or the profile or platform: 1.22+minimal, 1.22/windows-amd64")
said(no_pointer "no Go is chosen in {}: it has neither the link current nor current.txt; choose one with {}")
said(no_name "{} does not name a tree (v_ and 16 hex digits)")
said(lost_tree "{} names {}, which is not in this bundle")
said(choose_one "{}; choose one with {}")
said(fell_back "{}: using {}, the last that was chosen; choose another with {}")
said(no_platform "{} has no Go for {}, only for:{}")
said(no_program "{} is missing: check the bundle with gopack verify or sha256sum -c SHA256SUMS")
said(separator "Go cannot work in a directory with '{}' in its name: {}")
said(not_writable "cannot write in {}: name a place for caches and settings with {} DIR")
said(no_data_dir "usage: --data-dir DIR: the directory is missing")
said(utf16 "{} is UTF-16, which Go does not read: save it as UTF-8")
said(mended "{} has line ends that Go takes for parts of values: it is mended")
said(not_mended "{} has line ends that Go takes for parts of values, and cannot be replaced")
said(other_release "GOTOOLCHAIN={} is ignored, {} runs: choose another Go with {}, or set gotoolchain in {}")
said(no_cgo "CGO_ENABLED=1 is ignored, this Go has no cgo: lay it out with a profile that has it, such as minimal")
said(left_out "{} is left out: {}")
said(open_quote "a quote in it is not closed")
said(names_no_program "it names no program")
said(lacks_program "this machine has no program {}")
said(must_name_copy "stage: always: name a directory for the copy with {} DIR or data_dir")
said(no_settings "{}: cannot read {}")
said(unknown_setting "unknown setting '{}'")
said(wrong_stage "stage is auto, never or always, not '{}'")
said(wrong_choice "choose_by_project is auto or never, not '{}'")
