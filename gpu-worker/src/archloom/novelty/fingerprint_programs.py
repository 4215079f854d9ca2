"""Fingerprints of many programs at once, in as many jails as there are."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from itertools import count
from typing import Final

from archloom.sandbox.interface import Slot

_POLL_SECONDS: Final = 0.2
# What a network's structure is must not depend on chance; any fixed seed will do.
_SEED: Final = 0


class FingerprintingStopped(Exception):
    """It was asked to stop before all programs were done."""


def fingerprint_programs(
    slots: Sequence[Slot],
    codes: Sequence[str],
    on_progress: Callable[[int], None] = lambda done: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> list[str | None]:
    """The fingerprint of each program at the slots' input shape; None for one that does not build.

    Each slot works in a thread of its own; `on_progress` (programs done so far) and `should_stop` are called
    from the caller's thread, several times a second. Raises FingerprintingStopped, SandboxError.
    """
    found: list[str | None] = [None] * len(codes)
    places, stop = count(), threading.Event()
    done: list[int] = []

    def work(slot: Slot) -> None:
        while not stop.is_set() and (place := next(places)) < len(codes):
            found[place] = slot.evaluate(codes[place], _SEED, stop, check_only=True).fingerprint
            done.append(place)

    with ThreadPoolExecutor(max(len(slots), 1)) as pool:
        working = {pool.submit(work, slot) for slot in slots}
        try:
            while working:
                ended, working = wait(working, _POLL_SECONDS, FIRST_EXCEPTION)
                for worker in ended:
                    worker.result()
                on_progress(len(done))
                if working and should_stop():
                    raise FingerprintingStopped
        finally:
            stop.set()
    return found
