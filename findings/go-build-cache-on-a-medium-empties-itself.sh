#!/bin/sh
# Go 1.26.10 (linux/amd64): a build cache that was copied with its times loses most of its entries at the first build.
#
# The go command deletes, once in 24 hours, each entry of GOCACHE that was not used for five days, going by its time of
# modification. The time of the last deletion is the content of trim.txt. A cache on an image, a stick or in an archive
# has the times of the day it was filled. A week later the first build on it, of one package, deletes what all other
# packages had there, although nothing was ever used from it before. Where the medium's times are fixed, as in
# reproducible images, that happens at the very first use.
# A trim.txt with the present time in it, written before the first build, keeps everything.
#
# Output seen:
#     entries of two packages: 5; after one build with a week-old cache: 2; with a new trim.txt: 5
#
# Needs a `go` and a module proxy. Ends with 0 while the behaviour is as described.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
GOTOOLCHAIN=local GOFLAGS=-modcacherw GOMODCACHE=$work/mod \
    go mod download golang.org/toolchain@v0.0.1-go1.26.10.linux-amd64
goroot=$work/mod/golang.org/toolchain@v0.0.1-go1.26.10.linux-amd64
chmod -R +x "$goroot/bin" "$goroot/pkg/tool" # modules have no modes
mkdir -p module/one module/two
printf 'module example.com/m\n' >module/go.mod
printf 'package one\n\nfunc One() int { return 1 }\n' >module/one/one.go
printf 'package two\n\nfunc Two() int { return 2 }\n' >module/two/two.go

build() { # CACHE PACKAGE
    (cd module && env -u GOFLAGS GOROOT="$goroot" GOCACHE="$work/$1" GOTOOLCHAIN=local GOPROXY=off GOTELEMETRY=off "$goroot/bin/go" build "$2")
}
objects() { find "$work/$1" -name '*-d' | wc -l; } # CACHE: what the compiler made

build filled ./...
before=$(objects filled)
week=$(date -d '7 days ago' +%s)
find filled -type f -exec touch -d "@$week" {} +
printf '%s' "$week" >filled/trim.txt
cp -a filled kept
date +%s >kept/trim.txt

build filled ./one
build kept ./one
after=$(objects filled) kept=$(objects kept)
echo "entries of two packages: $before; after one build with a week-old cache: $after; with a new trim.txt: $kept"
[ "$after" -lt "$before" ] && [ "$kept" = "$before" ]
