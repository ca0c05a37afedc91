# SPDX-License-Identifier: Apache-2.0
"""A real Chromium, driven over WebDriver, that can reach nothing but this machine and writes down what it asked for."""

import base64
import json
import pathlib
import shutil
import subprocess
import urllib.request

import support

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {"tab": "\ue004", "enter": "\ue007", "space": " "}


class Browser:
    """One window with a profile of its own, which is gone afterwards. `folder` keeps pictures and the log."""

    def __init__(self, folder):
        support.need("chromedriver", "chromium")
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.log = self.folder / "net.json"
        port = support.free_port()
        self.driver = subprocess.Popen(
            ["chromedriver", f"--port={port}", "--log-level=OFF"], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)  # fmt: skip
        self.root = f"http://127.0.0.1:{port}"
        self.session = None
        self.wait_until_it_listens()
        arguments = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-extensions", "--disable-dev-shm-usage",
            "--disable-client-side-phishing-detection", "--no-proxy-server", "--window-size=900,900", "--hide-scrollbars",
            "--disable-features=Translate,OptimizationHints,MediaRouter,InterestFeedContentSuggestions,AutofillServerCommunication",
            # Whatever it may still want to ask for has no address.
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
            f"--log-net-log={self.log}", f"--user-data-dir={self.folder / 'profile'}",
        ]  # fmt: skip
        options = {"binary": shutil.which("chromium"), "args": arguments}
        made = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}})
        self.session = f"/session/{made['sessionId']}"

    def wait_until_it_listens(self):
        for _ in range(400):
            try:
                if self.ask("GET", "/status")["ready"]:
                    return
            except OSError:
                support.time.sleep(0.05)
        self.stop()
        raise AssertionError("chromedriver does not listen")

    def ask(self, method, path, body=None):
        data = None if method == "GET" else json.dumps(body or {}).encode()
        request = urllib.request.Request(self.root + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=support.PATIENCE) as answer:
                return json.loads(answer.read())["value"]
        except urllib.error.HTTPError as error:
            with error:
                raise AssertionError(json.loads(error.read())["value"]["message"]) from None

    def do(self, method, path, body=None):
        return self.ask(method, self.session + path, body)

    # What a person does.

    def open(self, url):
        self.do("POST", "/url", {"url": url})

    def url(self):
        return self.do("GET", "/url")

    def back(self):
        self.do("POST", "/back")

    def find(self, selector):
        return self.do("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]

    def click(self, selector):
        self.do("POST", f"/element/{self.find(selector)}/click")

    def double_click(self, selector):
        move = {"type": "pointerMove", "origin": {ELEMENT: self.find(selector)}, "x": 0, "y": 0, "duration": 0}
        press, release = {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}
        self.do("POST", "/actions", {"actions": [{"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"},
                                                  "actions": [move, press, release, press, release]}]})  # fmt: skip

    def press(self, *names):
        for name in names:
            key = KEYS[name]
            self.do("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": [
                {"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]}]})  # fmt: skip

    def window(self):
        return self.do("GET", "/window")

    def new_tab(self):
        handle = self.do("POST", "/window/new", {"type": "tab"})["handle"]
        self.do("POST", "/window", {"handle": handle})

    def close_tab(self, then):
        """Closes the one in front; `then` is in front afterwards."""
        if self.window() != then:
            self.do("DELETE", "/window")
        self.do("POST", "/window", {"handle": then})

    # What a person sees.

    def run(self, script, *arguments):
        return self.do("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def text(self):
        return self.run("return document.body ? document.body.innerText : ''")

    def heading(self):
        return self.run("const h = document.querySelector('h1'); return h ? h.innerText : document.title")

    def focused(self):
        """The element that has the keyboard: its name and words."""
        return self.run("const e = document.activeElement; return e.tagName.toLowerCase() + ' ' + (e.innerText || e.value || '').trim()")

    def wait_for(self, words):
        """Until the page shows these words."""
        for _ in range(600):
            try:
                if words in self.text():
                    return
            except AssertionError:  # between two pages
                pass
            support.time.sleep(0.05)
        raise AssertionError(f"{words!r} was not shown: {self.url()} {self.text()!r}")

    def scheme(self, name):
        self.do("POST", "/goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia", "params": {"features": [{"name": "prefers-color-scheme", "value": name}]}})

    def picture(self, name):
        """The whole page as a file; its path."""
        shown = self.do("POST", "/goog/cdp/execute", {"cmd": "Page.captureScreenshot", "params": {"format": "png", "captureBeyondViewport": True}})
        path = self.folder / f"{name}.png"
        path.write_bytes(base64.b64decode(shown["data"]))
        return path

    def printed(self, name):
        """On paper, and a picture of that."""
        self.do("POST", "/goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia", "params": {"media": "print"}})
        self.picture(name + "-print")
        self.do("POST", "/goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia", "params": {"media": ""}})
        path = self.folder / f"{name}.pdf"
        path.write_bytes(base64.b64decode(self.do("POST", "/print", {"background": False})))
        return path

    def complaints(self):
        """What a page did that its policy forbids, and errors of its scripts; not that an answer has a status of 400 and more."""
        return [entry["message"] for entry in self.do("POST", "/se/log", {"type": "browser"}) if "Failed to load resource" not in entry["message"]]

    def stop(self):
        if self.session is not None:
            try:
                self.do("DELETE", "")
            except (AssertionError, OSError):
                pass
            self.session = None
        self.driver.terminate()
        self.driver.wait(10)

    def asked_for(self):
        """(addresses that it connected to, URLs that its pages asked for); after `stop`."""
        log = json.loads(self.log.read_text(encoding="utf-8", errors="replace"))
        kinds = {number: name for name, number in log["constants"]["logEventTypes"].items()}
        connected, asked = set(), set()
        for event in log["events"]:
            kind, params = kinds[event["type"]], event.get("params", {})
            if kind == "TCP_CONNECT_ATTEMPT" and "address" in params:
                connected.add(params["address"])
            # What the browser itself wants to know (updates and the like) is no page's, and finds no address.
            if kind == "URL_REQUEST_START_JOB" and params.get("initiator", "not an origin") != "not an origin":
                asked.add(params["url"])
        return connected, asked
