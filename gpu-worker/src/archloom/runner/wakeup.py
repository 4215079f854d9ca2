"""Threads that look for work wait here; a sign that comes while one is still looking is not lost."""

import threading


class Wakeup:
    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._signs = 0

    @property
    def signs(self) -> int:
        """Read this before looking for work, and give it to `wait` when there was none."""
        return self._signs

    def ring(self) -> None:
        with self._changed:
            self._signs += 1
            self._changed.notify_all()

    def wait(self, seen: int, seconds: float) -> None:
        """Returns at once if there was a sign since `seen`, otherwise at the next one or when the time is
        up."""
        with self._changed:
            self._changed.wait_for(lambda: self._signs != seen, seconds)
