"""What each part of the worker is doing, in a few words, for the Workers page."""

import threading


class Activity:
    """Shared by all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._words: dict[str, str] = {}

    def say(self, part: str, words: str) -> None:
        with self._lock:
            self._words[part] = words

    def now(self) -> dict[str, str]:
        with self._lock:
            return dict(self._words)
