#!/bin/sh
# docker-registry 2.8.2+ds1-1 (Debian 12): a manifest is refused while another client sends a blob of it that is there.
#
# A blob is in a repository. One client sends the same blob again, which the specification allows; another one puts a
# manifest that names it. Some of these puts are answered with 400: "manifest blob unknown", or "digest invalid" for the
# file in which the registry keeps the link from the repository to the blob, and which it writes anew in place. The same
# put a moment later is answered with 201. So two builds that publish images with a common layer at the same time can
# fail, although each of them has seen every blob in the registry before.
#
# Output seen (counts differ from run to run):
#     puts of the manifest while the blob is sent again: 1000, of them refused with 400: 41
#     puts while nothing is sent: 1000, of them refused: 0
#
# Needs python3 and network access to Debian's packages. Ends with 0 while the behaviour is as described.
set -eu

work=$(mktemp -d)
trap 'kill $registry 2>/dev/null || :; rm -rf "$work"' EXIT
registry=
cd "$work"
chmod 755 . # apt's own user downloads
apt-get download -qq docker-registry=2.8.2+ds1-1 2>/dev/null
dpkg -x docker-registry*.deb system
cat >registry.yml <<END
version: 0.1
log: {level: info}
storage: {filesystem: {rootdirectory: $work/data}}
http: {addr: "127.0.0.1:0", secret: x}
END
system/usr/bin/docker-registry serve registry.yml >log 2>&1 &
registry=$!
until port=$(grep -o 'listening on 127.0.0.1:[0-9]*' log | grep -o '[0-9]*$'); do sleep 0.1; done

python3 - "$port" <<'END'
import hashlib
import http.client
import json
import sys
import threading

PUTS = 1000
BLOB = b"{}"
DIGEST = "sha256:" + hashlib.sha256(BLOB).hexdigest()
KIND = "application/vnd.oci.image.manifest.v1+json"
MANIFEST = json.dumps({"schemaVersion": 2, "mediaType": KIND, "layers": [],
                       "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": DIGEST, "size": len(BLOB)}})


def ask(connection, method, path, body=None, **headers):
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    answer.read()
    return answer


def send_blob(connection):
    place = ask(connection, "POST", "/v2/a/blobs/uploads/").headers["Location"]
    place = "/v2/" + place.split("/v2/", 1)[1]
    return ask(connection, "PUT", f"{place}&digest={DIGEST}", BLOB).status


def refused(connection):
    statuses = [ask(connection, "PUT", "/v2/a/manifests/tag", MANIFEST, **{"Content-Type": KIND}).status for _ in range(PUTS)]
    assert set(statuses) <= {201, 400}, set(statuses)
    return statuses.count(400)


def connect():
    return http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))


assert send_blob(connect()) == 201
quiet = refused(connect())
end = threading.Event()


def send_again():
    connection = connect()
    while not end.is_set():
        assert send_blob(connection) == 201


other = threading.Thread(target=send_again)
other.start()
meanwhile = refused(connect())
end.set()
other.join()
print(f"puts of the manifest while the blob is sent again: {PUTS}, of them refused with 400: {meanwhile}")
print(f"puts while nothing is sent: {PUTS}, of them refused: {quiet}")
sys.exit(not (meanwhile > 0 and quiet == 0))
END
