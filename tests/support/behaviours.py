"""Behaviours of the web server in server.py: each is a function of the handler that answers one request."""

import gzip
import hashlib

LAST_MODIFIED = "Tue, 02 Jul 2024 16:00:00 GMT"
HTML_PAGE = b"<!DOCTYPE html>\n<html><head><title>Please log in</title></head><body>hotel</body></html>\n"


def etag_of(data):
    return f'"{hashlib.sha256(data).hexdigest()[:16]}"'


def _send_file(handler, data, send, etag="strong", last_modified=LAST_MODIFIED, ranges=True):
    """Sends `data`, or the part asked for, through `send(bytes)` after the head that belongs to it."""
    tag = {"strong": etag_of(data), "weak": "W/" + etag_of(data), None: None}[etag]
    start = handler.range_start(data, tag) if ranges else 0
    validators = {"ETag": tag, "Last_Modified": last_modified}
    if start >= len(data) > 0:
        handler.answer(416, b"", Content_Range=f"bytes */{len(data)}")
    elif start > 0:
        span = f"bytes {start}-{len(data) - 1}/{len(data)}"
        handler.head(206, len(data) - start, Content_Range=span, **validators)
        send(data[start:])
    else:
        handler.head(200, len(data), Accept_Ranges="bytes" if ranges else None, **validators)
        send(data)


def plain(content=None, **options):
    """The file, or `content` in its place. Options: etag ("strong", "weak", None), last_modified, ranges."""

    def behaviour(handler):
        data = handler.content() if content is None else content
        if data is None:
            handler.answer(404, b"no such file\n")
        else:
            _send_file(handler, data, handler.body, **options)

    return behaviour


def status(code, body=b"", **headers):
    return lambda handler: handler.answer(code, body, **headers)


def unavailable(retry_after=0):
    return status(503, b"busy\n", Retry_After=None if retry_after is None else str(retry_after))


def html():
    return status(200, HTML_PAGE, Content_Type="text/html")


def redirect(to, code=302):
    return status(code, b"elsewhere\n", Location=to)


def cut(after, content=None, **options):
    """Promises all and ends the connection after so many bytes of the body."""

    def behaviour(handler):
        def send(data):
            handler.body(data[:after])
            handler.drop()

        _send_file(handler, handler.content() if content is None else content, send, **options)

    return behaviour


def stall(after, **options):
    """Sends so many bytes of the body and holds the connection until the server is released."""

    def behaviour(handler):
        def send(data):
            handler.body(data[:after])
            handler.server.owner.stall()
            handler.drop()

        _send_file(handler, handler.content(), send, **options)

    return behaviour


def flipped(at=0):
    """The file with one bit of one byte changed, and with the validators of the right one."""

    def behaviour(handler):
        data = handler.content()

        def send(part):
            offset = at - (len(data) - len(part))
            if 0 <= offset < len(part):
                part = part[:offset] + bytes([part[offset] ^ 1]) + part[offset + 1 :]
            handler.body(part)

        _send_file(handler, data, send)

    return behaviour


def reset(after):
    """Sends so many bytes of the body, then an RST."""

    def behaviour(handler):
        def send(data):
            handler.body(data[:after])
            handler.reset()

        _send_file(handler, handler.content(), send)

    return behaviour


def vanish():
    """Ends the connection without a word."""
    return lambda handler: handler.drop()


def trickle(after=0):
    """Sends so many bytes of the body, and the rest slowly."""

    def behaviour(handler):
        def send(data):
            handler.body(data[:after])
            handler.trickle(data[after:])

        _send_file(handler, handler.content(), send)

    return behaviour


def trickling_head():
    return lambda handler: handler.trickle(b"HTTP/1.1 200 OK\r\n" + b"X-Padding: x\r\n" * 1000)


def raw(*head, body=None):
    """Sends these lines as the head, then `body` or the file, and closes."""

    def behaviour(handler):
        handler.body("".join(line + "\r\n" for line in (*head, "")).encode() if head else b"")
        handler.body(handler.content() if body is None else body)
        handler.drop()

    return behaviour


def chunked(size_line=None, end=b"0\r\n\r\n"):
    """In two chunks; `size_line` and `end` in place of the second one's size and of what comes last."""

    def behaviour(handler):
        data = handler.content()
        half = len(data) // 2
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.body(b"%x\r\n%b\r\n" % (half, data[:half]))
        handler.body((size_line or b"%x" % (len(data) - half)) + b"\r\n" + data[half:] + b"\r\n" + end)
        handler.drop()

    return behaviour


def many_interim():
    """100 Continue without end."""

    def behaviour(handler):
        while not handler.server.owner.is_released():
            handler.body(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)

    return behaviour


def compressed():
    """The file in a gzip of its own, as Content-Encoding says."""
    return lambda handler: handler.answer(200, gzip.compress(handler.content(), 1), Content_Encoding="gzip")


def multipart_range():
    """A 206 in one part of a multipart body, as only several ranges may be answered."""

    def behaviour(handler):
        data = handler.content()
        start = handler.range_start(data, etag_of(data))
        head = f"--x\r\nContent-Range: bytes {start}-{len(data) - 1}/{len(data)}\r\n\r\n"
        body = head.encode() + data[start:] + b"\r\n--x--\r\n"
        handler.answer(206, body, Content_Type="multipart/byteranges; boundary=x", ETag=etag_of(data))

    return behaviour


def truncated(size):
    """Only the first `size` bytes, with a Content-Length to match."""
    return lambda handler: plain(handler.content()[:size])(handler)


def without_length(after=None):
    """The end of the file (or the first `after` bytes) is the end of the connection."""

    def behaviour(handler):
        handler.head(200)
        handler.body(handler.content()[:after])

    return behaviour


def endless():
    """Never ends by itself."""

    def behaviour(handler):
        handler.head(200)
        while not handler.server.owner.is_released():
            handler.body(bytes(64 * 1024))

    return behaviour


def wrong_range(shift=1, total=None, whole=False, content_range=True, other_file=False):
    """A 206 that is not the part asked for: begins `shift` bytes off, names another total, has the whole file as
    its body, says nothing of its range, or is of a file of the same size that has taken its place."""

    def behaviour(handler):
        data = handler.content()
        if other_file:
            data = data[::-1]
        start = handler.range_start(data, handler.headers.get("If-Range", ""))
        if start == 0:
            return plain()(handler)
        span = f"bytes {start + shift}-{len(data) - 1}/{total or len(data)}"
        body = data if whole else data[start + shift :]
        handler.answer(206, body, Content_Range=span if content_range else None, ETag=etag_of(data))

    return behaviour
