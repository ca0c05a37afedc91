# SPDX-License-Identifier: Apache-2.0
"""Whole processes: start-up, and one signed request from cold, as multiples of c0.

c0 is an empty C main, started and reaped in the same rounds. Every command is measured in turn, at
least 31 times; the figure is the ratio of medians. Wall time is noisy on a shared machine, so each
thing has a row for processor time (user and system) and one by the clock.
"""

import contextlib
import importlib.util
import pathlib
import shutil
import subprocess
import sys

from support import Missing, Row

HERE = pathlib.Path(__file__).resolve().parent
ANSWER = '{"name":"alice","padding":"' + "x" * 320 + '"}'
TOKEN = b"oauth_token=t&oauth_token_secret=s&oauth_callback_confirmed=true"
NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr error;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{plain_port}; listen 127.0.0.1:{port} ssl; server_name localhost;
    ssl_certificate {folder}/server.pem; ssl_certificate_key {folder}/server.key;
    location /plugins/ {{ proxy_pass {backend}; }}
    location / {{ default_type application/json; return 200 '{answer}'; }}
  }}
}}
"""


def load_stories():
    """The helpers of tests/integration, whose module has the name of one here."""
    spec = importlib.util.spec_from_file_location("stories", HERE.parent / "integration/support.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["stories"] = module
    spec.loader.exec_module(module)
    return module


stories = load_stories()


class Front(stories.TlsFront):
    """nginx that answers by itself, so that the server costs as little as can be."""

    CONFIGURATION = NGINX

    def settings(self):
        self.plain_port = stories.free_port()
        return {"plain_port": self.plain_port, "answer": ANSWER}


def measured(bench, commands, environment=None):
    """{name: (wall, processor time)} in microseconds."""
    program = bench.program("tests/atlink-bench-spawn-time")
    words = [str(word) for command in commands.values() for word in ("--", *command)]
    done = subprocess.run(
        [program, str(max(31, bench.rounds)), *words], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Missing(f"measuring failed: {done.stderr.strip()}")
    figures = [tuple(map(float, line.split())) for line in done.stdout.splitlines()]
    return dict(zip(commands, figures))


def two_rows(aspect, name, figures, aim, peers):
    for kind, index in (("processor time", 1), ("by the clock", 0)):
        unit = figures["c0"][index]
        beside = ", ".join(f"{peer} {figures[peer][index] / unit:.1f}" for peer in peers if peer in figures)
        yield Row(f"{aspect}, {kind}", "c0", figures[name][index] / unit, aim, higher_is_better=False,
                  note=f"{beside}; c0 {unit:.0f} µs" + ("; of use only on an idle machine" if index == 0 else ""))  # fmt: skip


def there(commands):
    """The commands whose programs are installed."""
    return {name: command for name, command in commands.items() if shutil.which(str(command[0]))}


def start_up_rows(bench, c0, atlink):
    figures = measured(bench, there({
        "c0": [c0], "version": [atlink, "version"], "help": [atlink, "help"], "page": [atlink, "help", "request"],
        "git --version": ["git", "--version"], "curl --version": ["curl", "--version"],
    }))  # fmt: skip
    for name, aspect in (("version", "atlink version"), ("help", "atlink help"), ("page", "atlink help request")):
        yield from two_rows(aspect, name, figures, 4, ("git --version", "curl --version"))


def sign_in(home, site, ca):
    """Keys, a profile and a stored credential of a site that grants everything."""
    shutil.rmtree(home.folder / "keys", ignore_errors=True)
    for arguments in (
        ["keygen", "--out", home.folder / "keys"],
        ["profile", "set", "bench", "--product", "self-hosted", "--url", site, "--context-path", "/", "--consumer-key",
         "bench", "--private-key", home.folder / "keys/private.pem", "--ca-file", ca],
        ["profile", "use", "bench"], ["login", "--begin"], ["login", "--verifier", "abcdef"],
    ):  # fmt: skip
        result = home.run(*arguments)
        if result.returncode:
            raise Missing(f"{arguments[:2]} failed: {result.stderr.strip()}")


def site(_method, path, _headers, _body):
    """The part of the site that is asked while signing in."""
    if "request-token" in path or "access-token" in path:
        return 200, {"Content-Type": "text/plain"}, TOKEN
    return 200, {"Content-Type": "application/json", "X-AUSERNAME": "alice"}, b'{"name": "alice"}'


def cold_rows(bench, c0, atlink):
    with contextlib.ExitStack() as stack:
        home = stories.Home()
        stack.callback(home.remove)
        backend = stories.ScriptedServer(site)
        stack.callback(backend.stop)
        front = Front(home.folder, backend.base)
        stack.callback(front.stop)
        for scheme, base, aim in (("http", f"http://127.0.0.1:{front.plain_port}", 16), ("https", front.site, 20)):
            sign_in(home, base, front.ca)
            figures = measured(bench, there({
                "c0": [c0], "request": [atlink, "request", "GET", "/rest/x"],
                "curl, unsigned, one CA": ["curl", "-sS", "--cacert", front.ca, base + "/rest/x"],
            }), home.environment)  # fmt: skip
            yield from two_rows(f"cold signed request, {scheme}", "request", figures, aim, ("curl, unsigned, one CA",))


def rows(bench):
    c0 = bench.program("tests/atlink-bench-c0")
    atlink = bench.program("bin/atlink")
    stories.PROGRAM = atlink
    yield from start_up_rows(bench, c0, atlink)
    yield from cold_rows(bench, c0, atlink)
