# SPDX-License-Identifier: Apache-2.0
"""A server on loopback that does exactly what a test's script says, byte for byte."""

import contextlib
import socket
import ssl
import struct
import threading
import time

# A script that waits longer than this for a client has failed.
PATIENCE = 30


class Visit:
    """One connection as a script sees it."""

    def __init__(self, server, connection, number):
        self.server = server
        self.connection = connection
        self.number = number
        self.pending = b""

    def receive(self):
        """More bytes; empty at the end of the connection."""
        return self.connection.recv(1 << 16)

    def read_head(self):
        """The request's head with its empty line; empty where the client went away before one."""
        while b"\r\n\r\n" not in self.pending:
            more = self.receive()
            if not more:
                return b""
            self.pending += more
        head, self.pending = self.pending.split(b"\r\n\r\n", 1)
        return head + b"\r\n\r\n"

    def read_exactly(self, count):
        while len(self.pending) < count:
            more = self.receive()
            if not more:
                raise ConnectionError("the client ended its request early")
            self.pending += more
        taken, self.pending = self.pending[:count], self.pending[count:]
        return taken

    def read_line(self):
        while b"\r\n" not in self.pending:
            self.pending += self.receive() or b"\r\n"
        line, self.pending = self.pending.split(b"\r\n", 1)
        return line

    def read_chunks(self):
        """A chunked body."""
        body = b""
        while True:
            size = int(self.read_line(), 16)
            body += self.read_exactly(size)
            self.read_exactly(2)
            if size == 0:
                return body

    def send(self, data):
        self.connection.sendall(data)

    def answer(self, body=b"fine", status="200 OK", headers=()):
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
        self.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)

    def pause(self, seconds):
        """Waits, but not beyond the end of the test; true where it goes on."""
        return not self.server.stopped.wait(seconds)

    def wait_for_client(self):
        """Until the client ends the connection."""
        while self.receive():
            pass

    def reset(self):
        """Ends the connection with RST instead of FIN."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def cut(self):
        """Ends the connection below TLS, without close_notify."""
        # The client may have gone first.
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()


def bound(address, port, again=True):
    """`again`: also where connections to an earlier listener have not quite ended."""
    listener = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, again)
    try:
        listener.bind((address, port))
    except OSError:
        listener.close()
        raise
    return listener


def reserving(address, port, patience=50):
    """A listener on IPv6, and a socket that keeps the port on IPv4 from others: a test beside this one
    that serves `localhost` on 127.0.0.1 alone would have its visitors come here first."""
    listener = bound(address, port)
    try:
        return listener, bound("127.0.0.1", listener.getsockname()[1], again=False)
    except OSError:
        listener.close()
        if port or not patience:
            raise
        return reserving(address, port, patience - 1)


class DifficultServer:
    """Runs `script(visit)` in a thread for each connection. With `context` it speaks TLS."""

    def __init__(self, script, context=None, address="127.0.0.1", handshake=True, port=0):
        self.script = script
        self.context = context
        self.handshake = handshake
        self.problems = []
        self.heads = []
        self.stopped = threading.Event()
        self.connections = 0
        self.handshakes = []
        self.listener, self.reserved = reserving(address, port) if ":" in address else (bound(address, port), None)
        self.listener.listen(64)
        self.port = self.listener.getsockname()[1]
        self.threads = []
        self.open = []
        self.accepting = threading.Thread(target=self._accept, daemon=True)
        self.accepting.start()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.close()
        if kind is None and self.problems:
            raise AssertionError(f"the server's script failed: {self.problems}")

    def url(self, path="/", host="127.0.0.1"):
        scheme = "https" if self.context else "http"
        return f"{scheme}://{host}:{self.port}{path}"

    def close(self):
        self.stopped.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        if self.reserved:
            self.reserved.close()
        self.accepting.join(PATIENCE)
        for connection in self.open:
            # Not the method of SSLSocket, which takes its state away under the script.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(PATIENCE)

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.settimeout(PATIENCE)
            # Else the kernel may still hold back an answer when a script ends the connection.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            self.open.append(connection)
            thread = threading.Thread(
                target=self._serve, args=(connection, self.connections), daemon=True)
            self.threads.append(thread)
            thread.start()

    def _serve(self, connection, number):
        try:
            if self.context and self.handshake:
                connection = self.context.wrap_socket(
                    connection, server_side=True, do_handshake_on_connect=False)
                self.open.append(connection)
                connection.do_handshake()
                self.handshakes.append(
                    {"resumed": connection.session_reused,
                     "protocol": connection.selected_alpn_protocol()})  # fmt: skip
            self.script(Visit(self, connection, number))
        except ssl.SSLError:
            # Not a failure of the script: tests look at the client. A reset right now might take
            # the alert away from it.
            self.stopped.wait(0.2)
        except (ConnectionError, BrokenPipeError):
            pass
        except Exception as error:  # pylint: disable=broad-except
            self.problems.append(repr(error))
        finally:
            with contextlib.suppress(OSError):
                connection.close()


def serving(*answers):
    """A script that keeps every connection and answers each request on it with the next of
    `answers` (functions of the visit), the last one again and again; heads are noted."""

    def script(visit):
        turn = 0
        while head := visit.read_head():
            visit.server.heads.append(head)
            answers[min(turn, len(answers) - 1)](visit)
            turn += 1

    return script


def sending(data):
    """An answer made of these bytes."""
    return lambda visit: visit.send(data)


def fine(visit):
    visit.answer()


class full_queue:
    """A port that takes no more connections and does not refuse them either."""

    def __init__(self, address="127.0.0.1", port=0):
        self.address = (address, port)

    def __enter__(self):
        self.sockets = [socket.socket()]
        self.sockets[0].bind(self.address)
        self.sockets[0].listen(0)
        address = self.sockets[0].getsockname()
        for _ in range(4):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(address)
            self.sockets.append(client)
        time.sleep(0.1)
        return address[1]

    def __exit__(self, *_):
        for each in self.sockets:
            each.close()
