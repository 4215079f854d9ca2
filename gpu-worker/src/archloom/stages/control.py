"""What a running attempt is told from outside: go on, stop soon, stop at once."""

import threading
from typing import Literal

from archloom.contract.generated import DesiredState

StopReason = Literal["pause", "cancel", "shutdown", "lost"]


class AttemptStopped(Exception):
    """The attempt ended early at a safe point, as `Control` asked; nothing of it was stored."""


class RunCannotGoOn(Exception):
    """Another try cannot help; the message is the sentence that a person reads as the run's error."""


class TaskFailed(Exception):
    """Another try cannot help; the message is the sentence that the person who started the task reads."""


class Control:
    """Written by the keeper of leases, read by the attempt's thread.

    A pause lets an evaluation end and stops the language model at its next step. Cancellation, shutdown and a
    lost lease stop everything at once. A lost lease and a shutdown are final; what is desired of a run may
    change again.
    """

    def __init__(self) -> None:
        self.at_once = threading.Event()
        """Set for cancellation, shutdown and a lost lease: whatever runs is killed."""
        self._desired: DesiredState = "run"
        self._is_lost = False
        self._is_shutdown = False

    @property
    def reason(self) -> StopReason | None:
        if self._is_lost:
            return "lost"
        if self._desired == "cancel":
            return "cancel"
        if self._is_shutdown:
            return "shutdown"
        return "pause" if self._desired == "pause" else None

    def should_stop(self) -> bool:
        """For work that can stop at its next step and start again later."""
        return self.reason is not None

    def desire(self, desired: DesiredState) -> None:
        self._desired = desired
        if desired == "cancel":
            self.at_once.set()

    def lose(self) -> None:
        self._is_lost = True
        self.at_once.set()

    def shut_down(self) -> None:
        self._is_shutdown = True
        self.at_once.set()
