#!/bin/sh
# Go 1.26.10 (linux/amd64): after GOROOT has moved, its own packages with cgo come from the build cache with the old path.
#
# What Go compiles of its standard library does not depend on where GOROOT lies, so a cache that came with a GOROOT on a
# medium serves it at any path. The Go files that cgo has made are in the cache as well, with //line directives that name
# the place where GOROOT was. The keys of these entries do not have that path: from a GOROOT elsewhere, `go list -compiled`
# hands out the files of the old place, and every tool that follows their positions (linters, debuggers, coverage) looks
# for sources that are not there. Two caches that were filled from the same release at two paths have different bytes
# under the same key, so an image of one cannot be reproduced elsewhere.
#
# Output seen:
#     built in …/first, moved to …/second: os/user's compiled files name …/first/src/os/user (2 lines), …/second 0
#
# Needs a `go`, gcc and a module proxy. Ends with 0 while the behaviour is as described.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
GOTOOLCHAIN=local GOFLAGS=-modcacherw GOMODCACHE=$work/mod \
    go mod download golang.org/toolchain@v0.0.1-go1.26.10.linux-amd64
mv mod/golang.org/toolchain@v0.0.1-go1.26.10.linux-amd64 first
chmod -R +x first/bin first/pkg/tool # modules have no modes

go_at() { # GOROOT ARGUMENT…
    root=$work/$1
    shift
    env -u GOFLAGS GOROOT="$root" GOCACHE="$work/cache" GOENV=off GOTOOLCHAIN=local GOTELEMETRY=off GO111MODULE=off CGO_ENABLED=1 "$root/bin/go" "$@"
}
lines_with() { # PATH
    go_at second list -compiled -f '{{range .CompiledGoFiles}}{{.}}{{"\n"}}{{end}}' os/user | grep "^$work/cache" | xargs cat | grep -c "^//line $work/$1/" || :
}

go_at first list -compiled os/user >/dev/null
mv first second
old=$(lines_with first) new=$(lines_with second)
echo "built in …/first, moved to …/second: os/user's compiled files name …/first/src/os/user ($old lines), …/second $new"
[ "$old" -gt 0 ] && [ "$new" = 0 ]
