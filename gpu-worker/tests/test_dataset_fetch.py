"""Downloads, from a real server that misbehaves on request."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from archloom.datasets import fetch
from archloom.datasets.cifar import CIFAR10
from archloom.datasets.errors import DatasetUnavailable, FetchStopped
from archloom.datasets.fetch import fetch_file, fetch_files
from archloom.datasets.originals import DataFile, DataFolder

CONTENT = b"".join(hashlib.sha256(bytes([i % 256, i // 256])).digest() for i in range(40_000))
MD5 = hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()


@dataclass
class Source:
    """What the server sends, and what it was asked for."""

    content: bytes = CONTENT
    cut_after: int | None = None
    """Bytes of one response after which the connection ends."""
    understands_ranges: bool = True
    status: int | None = None
    asked: list[str | None] = field(default_factory=list)
    """The Range header of each request."""
    is_open: threading.Event = field(default_factory=threading.Event)
    """While it is not set, responses wait after their headers."""
    url: str = ""

    @property
    def file(self) -> DataFile:
        return DataFile("data.tar.gz", f"{self.url}/data.tar.gz", len(CONTENT), f"md5:{MD5}")


@pytest.fixture
def source() -> Iterator[Source]:
    source = Source()
    source.is_open.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            source.asked.append(wanted)
            start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
            if not source.understands_ranges:
                start = 0
            body = source.content[start:]
            self.send_response(source.status or (206 if start else 200))
            self.send_header("Content-Length", str(len(body)))
            if start:
                self.send_header(
                    "Content-Range", f"bytes {start}-{len(source.content) - 1}/{len(source.content)}"
                )
            self.end_headers()
            source.is_open.wait(10)
            with contextlib.suppress(ConnectionError):
                self.wfile.write(body[: source.cut_after])
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        source.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield source
        source.is_open.set()
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "RETRY_SECONDS", 0.0)


def never() -> bool:
    return False


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.suffix != ".lock"}


def test_a_download_that_breaks_off_is_resumed_where_it_ended(source: Source, tmp_path: Path) -> None:
    source.cut_after = len(CONTENT) // 2 + 1
    seen: list[int] = []
    path = fetch_file(source.file, tmp_path / "data", seen.append, never)
    assert path.read_bytes() == CONTENT
    assert source.asked == [None, f"bytes={source.cut_after}-"]
    assert seen == sorted(seen)
    assert seen[-1] == len(CONTENT)
    assert names(tmp_path / "data") == {"data.tar.gz"}


def test_a_server_that_knows_no_ranges_is_asked_for_all_of_it_again(source: Source, tmp_path: Path) -> None:
    (tmp_path / "data.tar.gz.part").write_bytes(CONTENT[:1000])
    source.understands_ranges = False
    assert fetch_file(source.file, tmp_path, print, never).read_bytes() == CONTENT
    assert source.asked == ["bytes=1000-"]


def test_stopping_leaves_a_part_and_no_file(source: Source, tmp_path: Path) -> None:
    arrived: list[int] = []
    with pytest.raises(FetchStopped):
        fetch_file(source.file, tmp_path, arrived.append, lambda: bool(arrived))
    assert names(tmp_path) == {"data.tar.gz.part"}
    kept = (tmp_path / "data.tar.gz.part").stat().st_size
    assert kept == arrived[-1] < len(CONTENT)
    assert fetch_file(source.file, tmp_path, print, never).read_bytes() == CONTENT
    assert source.asked == [None, f"bytes={kept}-"]


def test_what_is_not_the_published_file_never_gets_its_name(source: Source, tmp_path: Path) -> None:
    source.content = bytes([CONTENT[0] ^ 1]) + CONTENT[1:]
    found = hashlib.md5(source.content, usedforsecurity=False).hexdigest()
    with pytest.raises(DatasetUnavailable, match=f"{found} and should be {MD5}"):
        fetch_file(source.file, tmp_path, print, never)
    assert names(tmp_path) == set()


def test_an_endless_answer_is_cut_off(source: Source, tmp_path: Path) -> None:
    source.content = CONTENT + b"more"
    with pytest.raises(DatasetUnavailable, match="sends more than the 1,280,000 bytes"):
        fetch_file(source.file, tmp_path, print, never)
    assert names(tmp_path) == set()


@pytest.mark.parametrize(("status", "requests"), [(404, 1), (503, fetch.TRIES)])
def test_a_refusal_is_final_and_trouble_is_tried_again(
    source: Source, tmp_path: Path, status: int, requests: int
) -> None:
    source.status = status
    with pytest.raises(DatasetUnavailable, match=r"cannot be downloaded: .*; 0 of 1,280,000 bytes"):
        fetch_file(source.file, tmp_path, print, never)
    assert len(source.asked) == requests


def test_offline_is_said_in_one_sentence(tmp_path: Path) -> None:
    nobody = DataFile("data.tar.gz", "http://127.0.0.1:9/data.tar.gz", 10, f"md5:{MD5}")
    with pytest.raises(
        DatasetUnavailable, match=r"^http://127.0.0.1:9/data.tar.gz cannot be downloaded: .*refused"
    ):
        fetch_file(nobody, tmp_path, print, never)


def test_two_who_want_the_same_file_download_it_once(source: Source, tmp_path: Path) -> None:
    source.is_open.clear()
    paths: list[Path] = []

    def fetch_it(stop: Callable[[], bool] = never) -> None:
        paths.append(fetch_file(source.file, tmp_path, print, stop))

    threads = [threading.Thread(target=fetch_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    with pytest.raises(FetchStopped, match="another process"):
        fetch_it(lambda: True)
    source.is_open.set()
    for thread in threads:
        thread.join(20)
    assert [path.read_bytes() == CONTENT for path in paths] == [True, True]
    assert source.asked == [None]


def test_a_data_set_is_fetched_as_a_whole(source: Source, tmp_path: Path) -> None:
    """Only what is missing or damaged; a damaged file is replaced."""
    files = tuple(replace(source.file, name=name) for name in ("a.gz", "b.gz", "c.gz"))
    dataset, folder, total = replace(CIFAR10, files=files), DataFolder(tmp_path), 3 * len(CONTENT)
    (tmp_path / "a.gz").write_bytes(CONTENT)
    (tmp_path / "b.gz").write_bytes(b"damaged")
    seen: list[tuple[int, int]] = []
    assert fetch_files(dataset, folder, lambda done, of: seen.append((done, of)), never) == total
    assert len(source.asked) == 2
    assert seen == sorted(seen)
    assert seen[-1] == (total, total)
    assert all((tmp_path / file.name).read_bytes() == CONTENT for file in files)
    fetch_files(dataset, folder, lambda done, of: None, never)
    assert len(source.asked) == 2, "what is there is not fetched again"


def test_a_folder_that_cannot_be_written_is_named(source: Source, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatasetUnavailable, match=f"cannot be written to {tmp_path}/file"):
        fetch_file(source.file, tmp_path / "file", print, never)
