"""The few system calls Python has no function for."""

from __future__ import annotations

import ctypes
import signal

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _CapabilitySet(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def adopt_orphans() -> None:
    """Make processes whose parent dies children of this one, so that none escapes by daemonising itself."""
    _check(_libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))


def die_with_parent() -> None:
    _check(_libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0))


def drop_capabilities() -> None:
    """Give up root's powers, if there are any: with them a process may raise its own resource limits."""
    header = _CapabilityHeader(_CAPABILITY_VERSION_3, 0)
    nothing = (_CapabilitySet * 2)()
    _check(_libc.capset(ctypes.byref(header), nothing))


def _check(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), "a system call that the jail needs was refused")
