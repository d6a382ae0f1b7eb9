"""A headless Chromium, spoken to over the pipe of its DevTools protocol.

    with Browser(directory) as browser:
        page = browser.open(path.as_uri())
        page.evaluate("document.title")
        assert page.complaints == []

Nothing waits by time: the answers and events of the browser say when it is done.
"""

import base64
import contextlib
import json
import os
import subprocess
from pathlib import Path

CHROMIUM = "chromium"
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
         "--disable-background-networking", "--remote-debugging-pipe")  # fmt: skip


class Browser:
    """Runs with a profile of its own below `directory`."""

    def __init__(self, directory):
        self._home = Path(directory)
        self._last = 0
        self._events = []
        self._rest = b""

    def __enter__(self):
        from_us, self._out = os.pipe()
        self._in, to_us = os.pipe()
        # The protocol has it that the browser reads from descriptor 3 and writes to 4.
        connect = f'exec "$@" 3<&{from_us} 4>&{to_us}'
        self._process = subprocess.Popen(
            ["bash", "-c", connect, "-", CHROMIUM, *FLAGS, f"--user-data-dir={self._home / 'chromium'}", "about:blank"],
            pass_fds=(from_us, to_us), env=dict(os.environ, HOME=str(self._home)), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        os.close(from_us)
        os.close(to_us)
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError, EOFError):
            self.ask("Browser.close")
        os.close(self._out)
        os.close(self._in)
        self._process.wait(60)

    def open(self, url, width=1440, height=1000):
        """A new page, loaded."""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session)
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.ask(f"{domain}.enable")
        page.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        page.load(url)
        return page

    def ask(self, method, session=None, **parameters):
        """Sends a command and returns its result; what comes meanwhile are events."""
        self._last += 1
        number = self._last
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while (answer := self._read()).get("id") != number:
            self._events.append(answer)
        assert "error" not in answer, f"{method}: {answer['error']}"
        return answer["result"]

    def wait_for(self, method, session):
        """The next event of that name."""
        while True:
            for event in self._events:
                if event.get("method") == method and event.get("sessionId") == session:
                    self._events.remove(event)
                    return event["params"]
            self._events.append(self._read())

    def events(self, session):
        return [event for event in self._events if event.get("sessionId") == session]

    def _read(self):
        while b"\0" not in self._rest:
            block = os.read(self._in, 1 << 16)
            if not block:
                raise EOFError("the browser has ended")
            self._rest += block
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)


class Page:
    def __init__(self, browser, session):
        self._browser = browser
        self._session = session

    def ask(self, method, **parameters):
        return self._browser.ask(method, self._session, **parameters)

    def load(self, url):
        self.ask("Page.navigate", url=url)
        self._browser.wait_for("Page.loadEventFired", self._session)
        self.settle()

    def follow(self, selector):
        """Clicks a link that loads a page."""
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")
        self._browser.wait_for("Page.loadEventFired", self._session)
        self.settle()

    def evaluate(self, expression):
        """The value of a JavaScript expression; a promise is waited for."""
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def settle(self):
        """Returns when what was begun is drawn, and all animations have ended."""
        frame = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        ended = "Promise.allSettled(document.getAnimations().map(one => one.finished))"
        self.evaluate(f"{frame}.then(() => {ended}).then(() => true)")

    def press(self, *keys):
        """Keys by name ("Enter", "ArrowDown") or character, each as the keyboard sends it."""
        codes = {"Enter": 13, "Escape": 27, "Backspace": 8, "Tab": 9, "PageDown": 34, "PageUp": 33, "ArrowLeft": 37,
                 "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}  # fmt: skip
        for key in keys:
            text = {"text": key} if len(key) == 1 else {"text": "\r"} if key == "Enter" else {}
            code = {"windowsVirtualKeyCode": codes.get(key, 0)}
            self.ask("Input.dispatchKeyEvent", type="keyDown", key=key, **code, **text)
            self.ask("Input.dispatchKeyEvent", type="keyUp", key=key, **code)
            self.settle()

    def type(self, text):
        """Puts text where the focus is, all at once."""
        self.ask("Input.insertText", text=text)
        self.settle()

    def click(self, x, y):
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            button = {} if kind == "mouseMoved" else {"button": "left", "clickCount": 1}
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, **button)
        self.settle()

    def prefer(self, scheme):
        """"dark" or "light"."""
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.settle()

    def screenshot(self, file, whole=False):
        """A PNG of the window, or of the whole page."""
        Path(file).write_bytes(base64.b64decode(self.ask("Page.captureScreenshot", captureBeyondViewport=whole)["data"]))

    @property
    def complaints(self):
        """Uncaught exceptions, and what is in the console as a warning or an error."""
        found = []
        for event in self._browser.events(self._session):
            kind, parameters = event["method"], event["params"]
            if kind == "Runtime.exceptionThrown":
                found.append(parameters["exceptionDetails"])
            elif kind == "Log.entryAdded" and parameters["entry"]["level"] in ("warning", "error"):
                found.append(parameters["entry"])
            elif kind == "Runtime.consoleAPICalled" and parameters["type"] in ("warning", "error", "assert"):
                found.append(parameters)
        return found

    @property
    def requests(self):
        """The URLs of all that was asked for."""
        sent = [event for event in self._browser.events(self._session) if event["method"] == "Network.requestWillBeSent"]
        return [event["params"]["request"]["url"] for event in sent]
