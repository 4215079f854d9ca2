"""Which files a jail may read: the interpreter, its standard library, torch with its dependencies, shared
libraries.

Never a whole environment and never a folder that others lie in: with `site-packages` readable a candidate
read scikit-learn's `digits.csv.gz` with every label, and a base interpreter has a `site-packages` inside its
standard library, too. Landlock ties the right to list a folder to the right to read everything below it, and
Python's import system lists folders. So each jail gets a small home of its own whose folders hold one link
per permitted entry.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from archloom.sandbox.device import PROCESSOR, Device

_DISTRIBUTIONS = ("torch", "numpy", "sandlock")
_STDLIB_LEFT_OUT = frozenset(
    {"site-packages", "dist-packages", "test", "idlelib", "ensurepip", "turtledemo", "__pycache__"}
)
_SINGLE_FILES = (
    "/etc/ld.so.cache",
    "/dev/null",
    "/dev/zero",
    "/dev/urandom",
    # malloc asks here whether it may use huge pages.
    "/sys/kernel/mm/transparent_hugepage/enabled",
    "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size",
    # Without these three torch finds no vector instructions and complains. No other file of /proc is
    # readable: a candidate read its parent's memory through /proc/<ppid>/mem.
    "/proc/cpuinfo",
    "/sys/devices/system/cpu/possible",
    "/sys/devices/system/cpu/present",
)
# What CUDA's driver library asks the kernel about when it starts.
_CARD_FILES = (
    "/proc/devices",
    "/proc/modules",
    "/proc/sys/vm/mmap_min_addr",
    "/proc/driver/nvidia",
    "/sys/bus/pci/devices",
    "/sys/devices/system/memory/block_size_bytes",
    "/sys/devices/system/node",
    "/sys/module/nvidia",
)
_LIBRARY_FOLDERS = ("/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib")


@dataclass(frozen=True)
class JailHome:
    """A PYTHONHOME of links, and what they lead to."""

    interpreter: Path
    python_home: Path
    python_path: Path
    readable: tuple[str, ...]
    """The exact list, for the jail."""
    roots: tuple[str, ...]
    """A few folders that contain the list, for the fork's own layer on top: both layers have to permit, and
    adding 700 rules per candidate would take 40 ms."""
    device: Device
    driver_folders: tuple[str, ...]
    """Where the worker's own LD_LIBRARY_PATH finds the card's driver, as containers have it."""


def build_jail_home(folder: Path, device: Device = PROCESSOR) -> JailHome:
    """Fill an empty folder with links to what a jailed Python with torch needs."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    library = folder / "python" / sys.platlibdir / version
    packages = folder / "packages"
    _link(_standard_library(), library)
    _link(_packages(), packages)
    for entry in _platform_modules():
        if not (library / "lib-dynload").exists():
            _link([entry], library)
    interpreter = Path(sys.executable).resolve()
    has_card = device.kind == "cuda"
    driver_folders = _driver_folders() if has_card else ()
    targets = [
        *_standard_library(),
        *_packages(),
        *_platform_modules(),
        *_shared_libraries(),
        *_libraries_in(driver_folders),
    ]
    card_files = (*_CARD_FILES, device.bus_folder or os.devnull) if has_card else ()
    single = {name for name in (*_SINGLE_FILES, *card_files) if Path(name).exists()}
    readable = {str(path.resolve()) for path in targets} | single
    own = {str(folder / "python"), str(packages), str(interpreter)}
    return JailHome(
        interpreter=interpreter,
        python_home=folder / "python",
        python_path=packages,
        readable=tuple(sorted(readable | own)),
        roots=tuple(sorted(own | single | _roots(targets))),
        device=device,
        driver_folders=tuple(str(path) for path in driver_folders),
    )


def _link(targets: Iterable[Path], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for target in targets:
        (folder / target.name).symlink_to(target.resolve())


@cache
def _standard_library() -> tuple[Path, ...]:
    folder = Path(sysconfig.get_path("stdlib"))
    return tuple(entry for entry in sorted(folder.iterdir()) if entry.name not in _STDLIB_LEFT_OUT)


@cache
def _platform_modules() -> tuple[Path, ...]:
    """`lib-dynload`, which some distributions keep apart from the rest of the standard library."""
    # Not from sysconfig, which remembers where the interpreter was built, not where it has been moved to.
    return tuple(Path(entry) for entry in sys.path if Path(entry).name == "lib-dynload")[:1]


@cache
def _packages() -> tuple[Path, ...]:
    """Top-level files and folders of torch, numpy, sandlock and of all that they require."""
    found: dict[str, Path] = {}
    seen: set[str] = set()
    waiting = list(_DISTRIBUTIONS)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        for file in distribution.files or ():
            top = file.parts[0]
            if top == ".." or top.endswith((".dist-info", ".pth")) or top == "__pycache__":
                continue
            found.setdefault(top, Path(str(distribution.locate_file(top))))
        waiting += _required_names(distribution.requires or ())
    return tuple(path for _, path in sorted(found.items()) if path.exists())


def _required_names(requirements: Iterable[str]) -> list[str]:
    """Normalised names of requirements, without those that only an extra asks for."""
    names: list[str] = []
    for requirement in requirements:
        name = re.match(r"[A-Za-z0-9._-]+", requirement)
        if name and "extra ==" not in requirement:
            names.append(re.sub(r"[-_.]+", "-", name.group()).lower())
    return names


@cache
def _shared_libraries() -> tuple[Path, ...]:
    """Single files, because package folders (with data sets) may lie beside them."""
    multiarch = sysconfig.get_config_var("MULTIARCH")
    folders = [Path(name) for name in (*_LIBRARY_FOLDERS, f"{sys.base_prefix}/lib")]
    if multiarch:
        folders += [Path("/lib") / multiarch, Path("/usr/lib") / multiarch]
    return _libraries_in(folders)


def _libraries_in(folders: Iterable[Path]) -> tuple[Path, ...]:
    files = {
        entry.resolve()
        for folder in {folder.resolve() for folder in folders}
        if folder.is_dir()
        for entry in folder.iterdir()
        if ".so" in entry.name and entry.is_file()
    }
    return tuple(sorted(files))


def _driver_folders() -> tuple[Path, ...]:
    folders = (Path(name) for name in os.environ.get("LD_LIBRARY_PATH", "").split(":") if name)
    return tuple(folder for folder in folders if (folder / "libcuda.so.1").exists())


def _roots(targets: Iterable[Path]) -> set[str]:
    """The outermost folders that contain the targets; parents of parents are not climbed."""
    parents = {target.resolve().parent for target in targets}
    return {str(parent) for parent in parents if not any(other in parent.parents for other in parents)}
