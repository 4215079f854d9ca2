"""A Hugging Face hub on loopback that speaks as much of the hub's protocol as its own client asks for.

The client is the real one; what is replaced is the network behind HF_ENDPOINT.
"""

import hashlib
import json
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub(ThreadingHTTPServer):
    """Serves folders as models. `gated` names answer as the hub does to someone who did not accept terms."""

    daemon_threads = True

    def __init__(self, models: dict[str, Path], gated: tuple[str, ...] = ()) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.models = models
        self.gated = gated
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Hub

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.server.asked.append(f"{self.command} {self.path}")
        path = self.path.split("?")[0]
        if found := re.fullmatch(r"/api/models/([^/]+/[^/]+)(/.*)?", path):
            self._describe(found[1], found[2] or "")
        elif found := re.fullmatch(r"/([^/]+/[^/]+)/resolve/[^/]+/(.+)", path):
            self._send_file(found[1], found[2])
        else:
            self._refuse(404, "EntryNotFound")

    def _describe(self, name: str, rest: str) -> None:
        if name in self.server.gated:
            self._json({"id": name, "sha": COMMIT, "siblings": [{"rfilename": "config.json"}]}) if not (
                rest.startswith("/tree")
            ) else self._json([_entry("config.json", b"{}")])
        elif name not in self.server.models:
            self._refuse(404, "RepoNotFound")
        else:
            files = sorted(self.server.models[name].iterdir())
            if rest.startswith("/tree"):
                self._json([_entry(file.name, file.read_bytes()) for file in files])
            else:
                siblings = [{"rfilename": file.name} for file in files]
                self._json({"id": name, "sha": COMMIT, "siblings": siblings})

    def _send_file(self, name: str, file: str) -> None:
        if name in self.server.gated:
            self._refuse(403, "GatedRepo")
            return
        path = self.server.models.get(name, Path("/nowhere")) / file
        if not path.is_file():
            self._refuse(404, "EntryNotFound" if name in self.server.models else "RepoNotFound")
            return
        content = path.read_bytes()
        status, part = 200, content
        if wanted := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers["range"] or ""):
            status, part = 206, content[int(wanted[1]) : int(wanted[2] or len(content)) + 1]
        self._send(status, part, etag=f'"{_digest(content)}"')

    def _json(self, value: Any) -> None:
        self._send(200, json.dumps(value).encode(), kind="application/json")

    def _refuse(self, status: int, code: str) -> None:
        self._send(status, b"", error=code)

    def _send(
        self,
        status: int,
        content: bytes,
        kind: str = "application/octet-stream",
        etag: str = "",
        error: str = "",
    ) -> None:
        self.send_response(status)
        headers = {
            "content-type": kind,
            "content-length": str(len(content)),
            "x-repo-commit": COMMIT,
            "etag": etag,
            "x-error-code": error,
        }
        for header, value in headers.items():
            if value:
                self.send_header(header, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        pass


def _entry(name: str, content: bytes) -> dict[str, Any]:
    return {"type": "file", "path": name, "oid": _digest(content), "size": len(content)}


def _digest(content: bytes) -> str:
    return hashlib.sha1(content).hexdigest()
