"""Which programs the launchers take on which machine."""

import os
import shutil
from pathlib import Path

import pytest
import sdks
from conftest import NEW, clean_env, current_of, run

# Tells what the kernel says, as uname -sm does; under qemu the kernel is that of an arm64 machine.
UNAME = """package main

import "syscall"

func main() {
	var u syscall.Utsname
	syscall.Uname(&u)
	syscall.Write(1, append(append(append(text(u.Sysname[:]), ' '), text(u.Machine[:])...), '\\n'))
}

func text[C int8 | uint8](chars []C) (bytes []byte) {
	for i := 0; chars[i] != 0; i++ {
		bytes = append(bytes, byte(chars[i]))
	}
	return bytes
}
"""

# A mount and user namespace where programs for arm64 run, and uname is one of them.
ARM64 = r"""mount -t binfmt_misc none /proc/sys/fs/binfmt_misc || exit 77
printf %s ':arm64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:'\
'\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:'"$1:F" \
>/proc/sys/fs/binfmt_misc/register || exit 77
mount --bind "$2" "$(readlink -f /usr/bin/uname)" || exit 77
shift 2
exec "$@"
"""


@pytest.mark.skipif(not shutil.which("qemu-aarch64"), reason="qemu-user is not installed")
def test_arm64(gopack_binary, tmp_path):
    """The real Go for linux/arm64, chosen by what an arm64 program hears from its kernel."""
    archives = [sdks.official(NEW, "linux-amd64"), sdks.official(NEW, "linux-arm64")]
    mirror, bundle = sdks.mirror(tmp_path / "mirror", archives), tmp_path / "bundle"
    gopack = [gopack_binary, "-q", "--durability", "fast", "--home", tmp_path / "store"]
    for line in (["fetch", NEW, "-p", "linux/amd64,linux/arm64", "--source", mirror], ["trim", "--profile", "minimal"],
                 ["bundle", "--target", bundle]):
        done = run([*gopack, *line], cwd=tmp_path, env=clean_env(tmp_path))
        assert done.returncode == 0, done.stderr
    (tmp_path / "uname.go").write_text(UNAME)
    done = run([bundle / "go.sh", "build", "uname.go"], cwd=tmp_path, env=clean_env(tmp_path, GOARCH="arm64"))
    assert done.returncode == 0, done.stderr
    on_arm64 = ["unshare", "-U", "-r", "-m", "sh", "-c", ARM64, "sh", shutil.which("qemu-aarch64"), tmp_path / "uname"]
    done = run([*on_arm64, "uname", "-sm"], cwd=tmp_path, env=clean_env(tmp_path))
    if done.returncode == 77:
        pytest.skip("cannot have binfmt_misc of one's own here")
    assert done.stdout == "Linux aarch64\n", done.stderr
    done = run([*on_arm64, bundle / "go.sh", "version"], cwd=tmp_path, env=clean_env(tmp_path))
    assert (done.returncode, done.stdout) == (0, f"go version {NEW} linux/arm64\n"), done.stderr
    done = run([*on_arm64, "sh", "-c", f'eval "$(sh {bundle}/goenv.sh)"; go env GOHOSTARCH GOTOOLDIR'], cwd=tmp_path,
               env=clean_env(tmp_path))
    assert done.stdout.split() == ["arm64", str(bundle / current_of(bundle) / "pkg/tool/linux_arm64")], done.stderr


# What uname says, what sysctl says, the platforms in the tree, the one that is taken.
MACHINES = [
    ("Linux x86_64", 0, "linux_386 linux_amd64", "linux_amd64"),
    ("Linux x86_64", 0, "linux_386 linux_arm64", "linux_386"),
    ("Linux i686", 0, "linux_386 linux_amd64", "linux_386"),
    ("Linux i586", 0, "linux_amd64", None),
    ("Linux aarch64", 0, "linux_arm linux_arm64", "linux_arm64"),
    ("Linux aarch64", 0, "linux_arm linux_amd64", "linux_arm"),
    ("Linux armv7l", 0, "linux_arm linux_arm64", "linux_arm"),
    ("Linux armv8l", 0, "linux_arm linux_arm64", "linux_arm"),
    ("Linux riscv64", 0, "linux_riscv64 linux_amd64", "linux_riscv64"),
    ("Linux loongarch64", 0, "linux_loong64", "linux_loong64"),
    ("Linux s390x", 0, "linux_amd64 windows_amd64", None),
    ("Darwin arm64", 0, "darwin_amd64 darwin_arm64", "darwin_arm64"),
    ("Darwin arm64", 0, "darwin_amd64 linux_arm64", "darwin_amd64"),
    ("Darwin x86_64", 1, "darwin_amd64 darwin_arm64", "darwin_arm64"),
    ("Darwin x86_64", 1, "darwin_amd64", "darwin_amd64"),
    ("Darwin x86_64", 0, "darwin_amd64 darwin_arm64", "darwin_amd64"),
    ("Darwin x86_64", 0, "darwin_arm64", None),
    ("FreeBSD amd64", 0, "freebsd_amd64 linux_amd64", "freebsd_amd64"),
    ("OpenBSD amd64", 0, "openbsd_amd64", "openbsd_amd64"),
    ("NetBSD evbarm", 0, "netbsd_amd64", None),
    ("MINGW64_NT-10.0-22631 x86_64", 0, "windows_amd64", None),
]
REPLACE = """for tool in /usr/bin/uname /usr/sbin/sysctl; do
    mount --bind "$1/${tool##*/}" "$(readlink -f $tool)" || exit
done
shift
exec "$@"
"""


@pytest.mark.parametrize("machine, translated, has, taken", MACHINES)
def test_machine(machine, translated, has, taken, shell, bundle, tmp_path):
    """Machines that are not at hand: what uname and sysctl say is replaced."""
    if run(["unshare", "-U", "-r", "-m", "true"]).returncode:
        pytest.skip("cannot mount")
    root = tmp_path / "stick"
    tree = root / current_of(bundle)
    for name in has.split():
        (tree / "pkg/tool" / name).mkdir(parents=True)
        (tree / "bin" / name).mkdir(parents=True)
        os.link(bundle / current_of(bundle) / "bin/go", tree / "bin" / name / "go")
    shutil.copy(bundle / "goenv.sh", root)
    (root / "current").symlink_to(tree.name)
    for tool, says in (("uname", machine), ("sysctl", translated)):
        (tmp_path / tool).write_text(f"#!/bin/sh\necho '{says}'\n")
        (tmp_path / tool).chmod(0o755)
    done = run(["unshare", "-U", "-r", "-m", "sh", "-c", REPLACE, "sh", tmp_path, *shell, root / "goenv.sh"], cwd=tmp_path,
               env=clean_env(tmp_path))
    if taken:
        assert (done.returncode, done.stderr) == (0, "") and f"export PATH='{tree}/bin/{taken}:" in done.stdout
    else:
        assert done.returncode == 1 and (f"only for: {has}\n" in done.stderr or "on Windows use" in done.stderr)


@pytest.fixture(scope="module")
def command(gopack_in, tmp_path_factory):
    """bin/go of a tree for several platforms."""
    import releases

    base = tmp_path_factory.mktemp("several")
    gopack = gopack_in(base)
    releases.write_mirror(base / "mirror", ["1.22.5"], ["linux-amd64", "darwin-arm64"])
    gopack.must("fetch", "1.22.5", "-p", "linux/amd64,darwin/arm64", "--source", base / "mirror")
    tree = gopack.must("--json", "trim", "1.22.5", "--profile", "minimal").json["trees"][0]["path"]
    return Path(tree) / "bin/go"


@pytest.mark.parametrize("machine, translated, has, taken", MACHINES)
def test_machine_in_goroot(machine, translated, has, taken, command, tmp_path):
    """bin/go of a tree chooses by the same rules."""
    if run(["unshare", "-U", "-r", "-m", "true"]).returncode:
        pytest.skip("cannot mount")
    tree = tmp_path / "tree"
    for name in has.split():
        (tree / "pkg/tool" / name).mkdir(parents=True)
        (tree / "bin" / name).mkdir(parents=True)
        program = tree / "bin" / name / ("go.exe" if name.startswith("windows") else "go")
        program.write_text(f"#!/bin/sh\necho {name} $GOROOT $*\n")
        program.chmod(0o755)
    shutil.copy(command, tree / "bin/go")
    (tree / "bin/go").chmod(0o755)
    for tool, says in (("uname", machine), ("sysctl", translated)):
        (tmp_path / tool).write_text(f"#!/bin/sh\necho '{says}'\n")
        (tmp_path / tool).chmod(0o755)
    done = run(["unshare", "-U", "-r", "-m", "sh", "-c", REPLACE, "sh", tmp_path, tree / "bin/go", "x"], cwd=tmp_path,
               env=clean_env(tmp_path))
    if machine.startswith("MINGW"):
        assert done.stdout == "windows_amd64 x\n", done.stderr  # which finds GOROOT by itself
    elif taken:
        assert (done.returncode, done.stdout, done.stderr) == (0, f"{taken} {tree} x\n", "")
    else:
        assert done.returncode == 1 and f"only for: {has}\n" in done.stderr
