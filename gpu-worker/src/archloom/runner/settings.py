"""What the environment tells the worker."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from archloom.sandbox.device import DEVICE_CHOICES, DeviceChoice


class SettingsError(Exception):
    """The environment does not fit; the message is a sentence that says what to do."""


@dataclass(frozen=True)
class Settings:
    database_url: str
    home: Path
    """Caches: adapters, novelty indexes. Nothing in it is needed to recover."""
    slots: int
    allow_unprotected: bool
    """Evaluate candidates although the sandbox protects less than it should."""
    parent_pid: int | None
    """Stop when this process, our parent, ends."""
    name: str
    lease_seconds: float
    device: DeviceChoice = "auto"
    """What candidates are trained on; `auto`: a graphics card where there is one."""

    @property
    def heartbeat_seconds(self) -> float:
        return self.lease_seconds / 6

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Raises SettingsError.

        DATABASE_URL, ARCHLOOM_HOME; optional: ARCHLOOM_SLOTS (default: one for each core, at least 2),
        ARCHLOOM_ALLOW_UNPROTECTED=1, ARCHLOOM_PARENT_PID, ARCHLOOM_WORKER_NAME, ARCHLOOM_LEASE_SECONDS (30;
        all workers of one database need the same), ARCHLOOM_DEVICE (auto, cpu or cuda).
        """
        url = environment.get("DATABASE_URL")
        home = environment.get("ARCHLOOM_HOME")
        if not url or not home:
            missing = "DATABASE_URL" if not url else "ARCHLOOM_HOME"
            raise SettingsError(
                f"{missing} is not set: start the worker with `npm start`, or set it yourself."
            )
        parent = environment.get("ARCHLOOM_PARENT_PID")
        return cls(
            database_url=url,
            home=Path(home).absolute(),
            slots=_whole(environment, "ARCHLOOM_SLOTS", default=max(2, available_cores()), most=64),
            allow_unprotected=environment.get("ARCHLOOM_ALLOW_UNPROTECTED") == "1",
            parent_pid=int(parent) if parent and parent.isdigit() else None,
            name=environment.get("ARCHLOOM_WORKER_NAME") or socket.gethostname(),
            lease_seconds=_whole(environment, "ARCHLOOM_LEASE_SECONDS", default=30, most=3600),
            device=_device(environment),
        )


def available_cores() -> int:
    return len(os.sched_getaffinity(0))


def _device(environment: Mapping[str, str]) -> DeviceChoice:
    text = environment.get("ARCHLOOM_DEVICE") or "auto"
    for choice in DEVICE_CHOICES:
        if text == choice:
            return choice
    raise SettingsError(f"ARCHLOOM_DEVICE must be auto, cpu or cuda, not {text!r}.")


def _whole(environment: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = environment.get(name)
    if not text:
        return default
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise SettingsError(f"{name} must be a whole number from 1 to {most}, not {text!r}.")
    return int(text)
