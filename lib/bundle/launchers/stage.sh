#!/bin/sh
# stage.sh - a part of goenv.sh: copies a tree to stage/ of the data directory, for media that programs may not
# run from. The copy gets its name when it is whole and checked, not before. Who does the same at this time loses
# nothing: the first to finish gives the name, and all copies are the same. stage/ may be deleted at any time.
# shellcheck disable=SC2154 # data, bundle, tree, root, os, stage, named and bin are those of goenv.sh
case $0 in
*stage.sh)
    echo 'gopack: stage.sh is a part of goenv.sh' >&2
    exit 2
    ;;
esac

# Whether the copy is there, made from this manifest, and with as many files and bytes: a part may have been deleted
# or cut off since.
has_staged() {
    { [ -d "$data/stage/$tree" ] && command -p cmp -s "$root.json" "$data/stage/$tree.json"; } || return 1
    files='' bytes=''
    while read -r key value && [ -z "$bytes" ]; do
        case $key in
        '"files":') files=${value%,} ;;
        '"bytes":') bytes=${value%,} ;;
        esac
    done <"$root.json"
    # shellcheck disable=SC2016 # $5 is awk's: the size
    [ "$(cd "$data/stage/$tree" && LS_BLOCK_SIZE=1 command -p ls -lnR . |
        command -p awk '/^-/ { files++; bytes += $5 } END { printf "%.0f %.0f", files, bytes }')" = "$files $bytes" ]
}

discard() { # DIRECTORIES...
    command -p chmod -R u+w "$@" && command -p rm -rf "$@"
}

# FAT has no modes: they follow from the names, as in the archives of Go.
set_modes() { # TREE
    find_in "$1" -type d -exec chmod 755 {} + &&
        find_in "$1" -type f -exec chmod 444 {} + &&
        find_in "$1/bin" "$1/pkg/tool" -type f -exec chmod 555 {} + &&
        find_in "$1" -type f \( -name '*.bash' -o -name '*.sh' -o -name '*.pl' -o -name '*.rc' -o \
            -name 'go_*_*_exec' \) -exec chmod 555 {} +
}

check_sums() { # DIRECTORY with a copy of the tree and its manifest
    command -p grep "  ${tree}[./]" "$bundle/SHA256SUMS" >"$1/sums" ||
        die "$bundle/SHA256SUMS does not say what $tree should be: check it with gopack verify"
    result=$(cd "$1" && command -p sha256sum -c sums 2>/dev/null)
    code=$?
    if [ $code -eq 127 ]; then
        result=$(cd "$1" && command -p shasum -a 256 -c sums 2>/dev/null)
        code=$?
    fi
    [ $code -eq 0 ] || die "the copy of $root is not what SHA256SUMS says; is the medium damaged? \
$(printf '%s\n' "$result" | command -p sed -n '/: OK$/!{p;q;}')"
}

may_run_in() { # DIRECTORY
    printf '#!/bin/sh\n' >"$1/probe" && command -p chmod 755 "$1/probe" && "$1/probe" 2>/dev/null
}

advice='mount the medium with exec rights, or copy the bundle to a local disk'
[ "$stage" != never ] || die "$bin/go may not be executed, and 'stage' is 'never': $advice" 126
[ "$stage" != always ] || [ -n "$named" ] ||
    die "@must_name_copy|--data-dir@" 126
[ -n "$named" ] || die "$bin/go may not be executed. Name a directory on a local disk with --data-dir DIR: \
Go is copied there once and runs from it. Or $advice." 126
[ "$tree" != current ] || die "cannot copy $root: which tree it is only the server of this share knows; \
$advice, or have current.txt name the tree" 126
! has_staged || return 0
upkeep
stage_dir=$data/stage
command -p mkdir -p "$stage_dir"
new=$(command -p mktemp -d "$stage_dir/.new.XXXXXX") || die "cannot write in $stage_dir"
trap 'discard "$new"' EXIT
trap 'exit 130' HUP INT TERM
may_run_in "$new" || die "programs may not be executed in $data either: name a directory on a local disk with \
--data-dir DIR, or mount the medium with exec rights" 126
# What an attempt that was cut off has left, and a tree without its manifest.
find_in "$stage_dir" -name '.new.*' -prune -mtime +0 -exec chmod -R u+w {} + -exec rm -rf {} +
[ ! -d "$stage_dir/$tree" ] || command -p mv "$stage_dir/$tree" "$new/old"

printf 'gopack: copying %s to %s, from where it can run; this happens once\n' "$tree" "$stage_dir" >&2
copy=-R
[ "$os" != darwin ] || copy=-RX # without extended attributes: quarantine is one
problem=$({ command -p cp "$root.json" "$new/" && command -p cp $copy "$root/." "$new/$tree" && set_modes "$new/$tree"; } 2>&1) ||
    die "cannot copy $root to $stage_dir: $(printf '%s\n' "$problem" | command -p sed -n 1p)"
check_sums "$new"
command -p sync -f "$new" 2>/dev/null || command -p sync
command -p mv -f "$new/$tree.json" "$stage_dir/"
command -p mv "$new/$tree" "$stage_dir/" 2>/dev/null # fails where another one was faster
has_staged || die "cannot rename the copy of $root in $stage_dir"
discard "$new"
trap - EXIT HUP INT TERM
