"""What a check comes to."""

from __future__ import annotations


class Skipped(Exception):
    """The check cannot be made here; the message is the reason."""


class Failed(Exception):
    """The check was made, and something is not as it should be; the message says what was seen."""


def expect(holds: bool, seen: str) -> None:
    """Raises Failed."""
    if not holds:
        raise Failed(seen)
