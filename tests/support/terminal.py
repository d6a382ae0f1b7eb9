"""A program at a terminal of its own, as a person has it."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

TIMEOUT = 60  # seconds after which what is waited for has not come
ESCAPES = re.compile(r"\x1b\[[0-9;?<>=]*[a-zA-Z]|\x1b[()][A-Z0-9]|\x1b[=>78]|\x1b\][^\x07\x1b]*(\x07|\x1b\\)")


class Terminal:
    def __init__(self, words, environment, directory, columns=200, rows=50):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.process = subprocess.Popen(words, env=environment, cwd=directory, stdin=slave, stdout=slave, stderr=slave,
                                        start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))  # fmt: skip
        os.close(slave)
        self.seen = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.master)

    def send(self, text):
        """Forgets what has been seen, then types."""
        self.seen = ""
        os.write(self.master, text.encode())

    def wait_for(self, pattern):
        """What has come since send(), without what moves the cursor, once the pattern is in it."""
        deadline = time.monotonic() + TIMEOUT
        while not re.search(pattern, self.text):
            ready, _, _ = select.select([self.master], [], [], max(0, deadline - time.monotonic()))
            assert ready, f"{pattern} never came: {self.text!r}"
            self.seen += os.read(self.master, 65536).decode(errors="replace")
        return self.text

    @property
    def text(self):
        return ESCAPES.sub("", self.seen)
