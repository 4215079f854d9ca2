"""The leases this worker holds now, and the control of each attempt."""

import threading
from collections.abc import Mapping, Sequence

from archloom.contract.generated import DesiredState
from archloom.stages.control import Control
from archloom.store.rows import Job


class Leases:
    """Shared by all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._controls: dict[int, Control] = {}
        self._is_shutdown = False

    def take(self, job: Job) -> Control:
        """Registers a claimed job. After `shut_down` its control says so from the beginning."""
        control = Control()
        with self._lock:
            self._controls[job.token] = control
            if self._is_shutdown:
                control.shut_down()
        return control

    def drop(self, job: Job) -> None:
        with self._lock:
            self._controls.pop(job.token, None)

    def tokens(self) -> list[int]:
        with self._lock:
            return list(self._controls)

    def heard(self, asked: Sequence[int], desired: Mapping[int, DesiredState]) -> None:
        """Passes a heartbeat's answer on: what is desired of each lease, and which of those asked for are
        lost."""
        with self._lock:
            for token in asked:
                control = self._controls.get(token)
                if control is None:
                    continue
                if token in desired:
                    control.desire(desired[token])
                else:
                    control.lose()

    def shut_down(self) -> None:
        """Stops every attempt of now and later."""
        with self._lock:
            self._is_shutdown = True
            for control in self._controls.values():
                control.shut_down()
