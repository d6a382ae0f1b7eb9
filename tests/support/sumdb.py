"""A checksum database of a test's own, of a few records: the files that it, or a module proxy for it, serves."""

import base64
import hashlib
import subprocess

NAME = "log.example.org"


def _openssl(*words, **options):
    return subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True, **options).stdout


def _root(hashes):
    """RFC 6962, 2.1, of the hashes of the leaves."""
    if len(hashes) == 1:
        return hashes[0]
    half = 1 << ((len(hashes) - 1).bit_length() - 1)
    return hashlib.sha256(b"\1" + _root(hashes[:half]) + _root(hashes[half:])).digest()


class Database:
    """`directory` keeps its key."""

    def __init__(self, directory):
        self._key = directory / "log.pem"
        _openssl("genpkey", "-algorithm", "ed25519", "-out", self._key)
        public = b"\1" + _openssl("pkey", "-in", self._key, "-pubout", "-outform", "DER")[-32:]
        self._id = hashlib.sha256(f"{NAME}\n".encode() + public).digest()[:4]
        self.verifier = f"{NAME}+{self._id.hex()}+{base64.b64encode(public).decode()}"

    def sign(self, text):
        message = self._key.with_suffix(".txt")
        message.write_text(text)
        signature = _openssl("pkeyutl", "-sign", "-inkey", self._key, "-rawin", "-in", message)
        return f"{text}\n— {NAME} {base64.b64encode(self._id + signature).decode()}\n"

    def publish(self, root, module, version, h1):
        """Writes below `root` all that is asked for; returns the paths of lookup and tile."""
        records = ["example.org/a v1.0.0 h1:a\n", f"{module} {version} {h1}\n", "example.org/b v1.0.0 h1:b\n"]
        leaves = [hashlib.sha256(b"\0" + record.encode()).digest() for record in records]
        head = f"go.sum database tree\n{len(records)}\n{base64.b64encode(_root(leaves)).decode()}\n"
        files = {f"lookup/{module}@{version}": f"1\n{records[1]}\n{self.sign(head)}".encode()}
        files[f"tile/8/0/000.p/{len(records)}"] = b"".join(leaves)
        for name, content in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(content)
        return list(files)
