"""Make the best sandbox that this machine has."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import cycle

from archloom.recipes import Recipe
from archloom.sandbox.device import PROCESSOR, Device, DeviceChoice, NoCard, choose_devices
from archloom.sandbox.interface import Protection, SandboxUnavailable
from archloom.sandbox.launch import start_bare, start_jailed
from archloom.sandbox.slot import JailedSlot

_NO_LANDLOCK = (
    "files: a program can read and write whatever the worker's user can",
    "network: a program can connect anywhere",
    "other processes: a program can signal and inspect processes of the same user",
    "memory and process limits: only those that a process can put on itself",
)


class Devices:
    """Hands out cards in turn, so that slots share them evenly."""

    def __init__(self, cards: tuple[Device, ...] = ()) -> None:
        self._turns = cycle(cards or (PROCESSOR,))

    def device_for(self, recipe: Recipe) -> Device:
        return PROCESSOR if recipe.card_limits is None else next(self._turns)


@dataclass(frozen=True)
class SandlockSandbox:
    """Slots in jails made of Landlock and seccomp."""

    protection: Protection
    devices: Devices = field(default_factory=Devices)

    def open_slot(self, recipe: Recipe) -> JailedSlot:
        return JailedSlot(recipe, start_jailed, confined=True, device=self.devices.device_for(recipe))


@dataclass(frozen=True)
class BareSandbox:
    """Slots without a jail, for machines whose kernel offers none and whose owner accepts that."""

    protection: Protection
    devices: Devices = field(default_factory=Devices)

    def open_slot(self, recipe: Recipe) -> JailedSlot:
        return JailedSlot(recipe, start_bare, confined=False, device=self.devices.device_for(recipe))


def open_sandbox(
    allow_unprotected: bool = False, device: DeviceChoice = "auto"
) -> SandlockSandbox | BareSandbox:
    """Raises SandboxUnavailable where there is no Landlock of sufficient version, unless that was allowed,
    and where there is no card although `cuda` was asked for."""
    try:
        devices = Devices(choose_devices(device))
    except NoCard as error:
        raise SandboxUnavailable(f"candidates cannot be trained on a graphics card: {error}") from error
    missing = missing_kernel_support()
    if missing is None:
        return SandlockSandbox(Protection("full", ()), devices)
    if allow_unprotected:
        return BareSandbox(Protection("none", (missing, *_NO_LANDLOCK)), devices)
    raise SandboxUnavailable(f"candidates cannot be jailed on this machine: {missing}")


def missing_kernel_support() -> str | None:
    """What the kernel lacks for a jail, in words; None if nothing."""
    try:
        import sandlock  # pyright: ignore[reportMissingTypeStubs] - it has none
    except (ImportError, OSError) as error:
        return f"sandlock cannot be loaded ({error})"
    has, needs = sandlock.landlock_abi_version(), sandlock.min_landlock_abi()
    if has < 0:
        return "the kernel has no Landlock"
    if has < needs:
        return f"the kernel's Landlock is version {has}, {needs} is needed"
    return None
