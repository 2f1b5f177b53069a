"""Servers on loopback that misbehave, for as long as a test needs them."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

CONNECTIONS = 20


class Listening:
    """What arrived at a loopback port, and where it is."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.words: list[bytes] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


@contextlib.contextmanager
def answering(answer: bytes, *, hang_up: bool) -> Iterator[Listening]:
    """Accept, send the same bytes to everyone (none: silence), and hang up or keep the line."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        door.settimeout(20)
        heard = Listening(door.getsockname()[1])
        held: list[socket.socket] = []

        def serve() -> None:
            for _ in range(CONNECTIONS):
                with contextlib.suppress(OSError):
                    line, _who = door.accept()
                    line.settimeout(5)
                    heard.words.append(line.recv(65_536))
                    line.sendall(answer)
                    line.close() if hang_up else held.append(line)
                if door.fileno() < 0:
                    return

        threading.Thread(target=serve, daemon=True).start()
        yield heard
        for line in held:
            line.close()


def reply(status: str, body: str, kind: str = "application/json") -> bytes:
    """A whole HTTP answer."""
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body.encode())}\r\nConnection: close\r\n\r\n{body}".encode()
