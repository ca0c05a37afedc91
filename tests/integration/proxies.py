# SPDX-License-Identifier: Apache-2.0
"""Proxies on loopback: one of ours that writes down what it is told, and Debian's own."""

import base64
import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import threading
import time

import support


def program(name):
    """A program of Debian's, installed or unpacked below build/proxies; None where it is not there."""
    for candidate in (shutil.which(name), support.ROOT / "build/proxies/usr/bin" / name):
        if candidate and os.access(candidate, os.X_OK):
            return str(candidate)
    return None


def wait_for_port(process, port):
    for _ in range(200):
        if process.poll() is not None:
            raise AssertionError(f"{process.args} ended")
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.05)
    raise AssertionError(f"{process.args} does not listen")


class Child:
    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for_port(self.process, self.port)

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


class Tinyproxy(Child):
    def __init__(self, folder, user="alice", password="", connect_port=None):
        self.port = support.free_port()
        lines = [f"Port {self.port}", "Listen 127.0.0.1", "Timeout 60", "MaxClients 20", f'LogFile "{folder}/tinyproxy.log"',
                 "LogLevel Connect", "DisableViaHeader Yes", f"ConnectPort {connect_port or 443}"]  # fmt: skip
        if password:
            lines.append(f"BasicAuth {user} {password}")
        configuration = pathlib.Path(folder, "tinyproxy.conf")
        configuration.write_text("\n".join(lines) + "\n", encoding="utf-8")
        super().__init__(program("tinyproxy"), "-d", "-c", str(configuration))


class Microsocks(Child):
    def __init__(self, user="", password=""):
        self.port = support.free_port()
        login = ["-u", user, "-P", password] if user else []
        super().__init__(program("microsocks"), "-i", "127.0.0.1", "-p", str(self.port), *login)


def relay(one, other):
    """Passes bytes on in both directions until both have ended; what the first one sent."""
    seen = []

    def pass_on(source, target, keep):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                keep.append(data)
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    back = threading.Thread(target=pass_on, args=(other, one, []), daemon=True)
    back.start()
    pass_on(one, other, seen)
    back.join(support.PATIENCE)
    return b"".join(seen)


class RecordingProxy:
    """An HTTP proxy that knows names no name server knows, and keeps every head that it was sent and
    every byte that went through its tunnels. `refuse` answers in its own name: (status line, headers,
    body) for a method."""

    def __init__(self, names=None, login=None, refuse=None, nonsense=None):
        self.names = names or {}
        self.login = "Basic " + base64.b64encode(login.encode()).decode() if login else None
        self.refuse = refuse
        self.nonsense = nonsense
        self.heads = []
        self.tunnelled = []
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def stop(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection, contextlib.suppress(OSError, ValueError):
            head = connection.recv(65536) if self.nonsense is not None else b""
            if self.nonsense is not None:
                connection.sendall(self.nonsense)
                return
            while b"\r\n\r\n" not in head:
                piece = connection.recv(65536)
                if not piece:
                    return
                head += piece
            head, rest = head.split(b"\r\n\r\n", 1)
            text = head.decode("latin-1")
            self.heads.append(text)
            method, target, _ = text.split("\r\n", 1)[0].split(" ")
            headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in text.split("\r\n")[1:])}
            if self.login and headers.get("proxy-authorization") != self.login:
                connection.sendall(b'HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm="p"\r\nContent-Length: 3\r\n\r\nno!')
                return
            if self.refuse:
                connection.sendall(self.refuse)
                return
            self.pass_on(connection, method, target, text, rest)

    def address(self, place):
        host, _, port = place.rpartition(":")
        return ("127.0.0.1", self.names[place]) if place in self.names else (host.strip("[]"), int(port))

    def pass_on(self, connection, method, target, head, rest):
        if method == "CONNECT":
            with socket.create_connection(self.address(target), support.PATIENCE) as server:
                connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
                self.tunnelled.append(relay(connection, server))
            return
        authority, _, path = target.removeprefix("http://").partition("/")
        place = authority if ":" in authority else authority + ":80"
        lines = [line for line in head.split("\r\n")[1:] if not line.lower().startswith("proxy-")]
        with socket.create_connection(self.address(place), support.PATIENCE) as server:
            server.sendall("\r\n".join([f"{method} /{path} HTTP/1.1", *lines, "Connection: close", "", ""]).encode("latin-1") + rest)
            relay(connection, server)


class NamingSocks:
    """A SOCKS 5 server that looks names up in `names`: what one of Debian's does with a name server of
    its own. Keeps what it was asked for."""

    def __init__(self, names):
        self.names = names
        self.asked = []
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    stop = RecordingProxy.stop
    accept = RecordingProxy.accept

    def serve(self, connection):
        with connection, contextlib.suppress(OSError):
            connection.recv(connection.recv(2)[1])
            connection.sendall(b"\x05\x00")
            kind = connection.recv(4)[3]
            host = connection.recv(connection.recv(1)[0]).decode() if kind == 3 else f"address of kind {kind}"
            place = f"{host}:{int.from_bytes(connection.recv(2), 'big')}"
            self.asked.append(place)
            if place not in self.names:
                connection.sendall(b"\x05\x04\x00\x01" + bytes(6))
                return
            with socket.create_connection(("127.0.0.1", self.names[place]), support.PATIENCE) as server:
                connection.sendall(b"\x05\x00\x00\x01" + bytes(6))
                relay(connection, server)
