"""A way to PostgreSQL that breaks at the worst moment: after a commit, before its answer arrives."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit


class CommitBreaker:
    """While `armed`, the next COMMIT reaches the server and is done there, and the client only sees the line
    break."""

    def __init__(self, target: tuple[str, int]) -> None:
        self.armed = False
        self.broken = 0
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        return self._listener.getsockname()[1]

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._target)
                is_cut = threading.Event()
                for way in ((client, server, is_cut, True), (server, client, is_cut, False)):
                    threading.Thread(target=self._carry, args=way, daemon=True).start()

    def _carry(
        self, source: socket.socket, sink: socket.socket, is_cut: threading.Event, is_from_client: bool
    ) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if is_from_client and self.armed and b"COMMIT" in data:
                    self.armed = False
                    is_cut.set()
                if not is_from_client and is_cut.is_set():
                    self.broken += 1
                    break
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def commit_breaker(url: str) -> Iterator[tuple[CommitBreaker, str]]:
    """The breaker and the URL that leads through it."""
    parts = urlsplit(url)
    breaker = CommitBreaker((parts.hostname or "127.0.0.1", parts.port or 5432))
    user = parts.netloc.rpartition("@")[0]
    try:
        yield breaker, urlunsplit(parts._replace(netloc=f"{user}@127.0.0.1:{breaker.port}"))
    finally:
        breaker.close()
