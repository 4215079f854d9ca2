"""Log lines on stderr: time, level, what it is about, message.

2026-11-24T20:31:03.127Z INFO    R3.2.017 ok, accuracy 0.620 in 0.4 s
"""

import logging
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

_subject: ContextVar[str] = ContextVar("subject", default="worker")


class _Formatter(logging.Formatter):
    converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        record.subject = _subject.get()
        return super().format(record)


def log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _Formatter(
            "%(asctime)s.%(msecs)03dZ %(levelname)-7s %(subject)s %(message)s", datefmt="%Y-%m-%dT%H:%M:%S"
        )
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler])


def set_subject(subject: str) -> None:
    """What the lines of this thread are about, until the surrounding `about` ends."""
    _subject.set(subject)


@contextmanager
def about(subject: str) -> Generator[None]:
    token = _subject.set(subject)
    try:
        yield
    finally:
        _subject.reset(token)
