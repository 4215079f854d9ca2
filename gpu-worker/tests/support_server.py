"""A real OpenAI-compatible server: `transformers serve` on loopback, as a person would start it."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2

START_SECONDS = 180


@dataclass(frozen=True)
class RunningServer:
    url: str
    """Ends in /v1."""
    model: str
    """The only model it serves, under this name."""
    pid: int


@contextlib.contextmanager
def transformers_serve(folder: Path) -> Iterator[RunningServer]:
    """Serves the model in `folder` until the block ends; takes about 8 s to start. Never asks the network."""
    script = Path(sys.executable).with_name("transformers")
    port = _free_port()
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    command = [script, "serve", str(folder), "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    with (
        tempfile.TemporaryFile("w+") as output,
        subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT) as process,
    ):
        try:
            _wait_until_up(process, f"http://127.0.0.1:{port}/health")
            yield RunningServer(f"http://127.0.0.1:{port}/v1", str(folder), process.pid)
        except _DidNotStart as error:
            output.seek(0)
            raise AssertionError(f"transformers serve did not start:\n{output.read()}") from error
        finally:
            process.kill()


class _DidNotStart(Exception):
    pass


def _wait_until_up(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(httpx2.TransportError):
            if httpx2.get(url).status_code == 200:
                return
        time.sleep(0.1)
    raise _DidNotStart


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
