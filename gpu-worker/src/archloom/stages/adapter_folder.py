"""Adapters on this machine's disk: a cache of what the database holds, in ordinary PEFT folders.

A folder appears complete or not at all, under a name made of the adapter's id and the checksum of its
weights. Anything here may be deleted at any time while no worker uses it.
"""

import hashlib
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Final

from archloom.store import Store
from archloom.store.errors import AdapterDamaged

WEIGHTS_FILE: Final = "adapter_model.safetensors"
KEPT: Final = 20
# A folder that is being written is touched all the time; one this old was left by a killed worker.
UNFINISHED_SECONDS: Final = 24 * 3600.0


class AdapterFolders:
    def __init__(self, home: Path) -> None:
        self._root = home / "adapters"

    def folder(self, store: Store, adapter: int, sha256: str) -> Path:
        """The folder of a stored adapter, fetched if it is not here yet. Raises AdapterDamaged."""
        folder = self._place(adapter, sha256)
        if not folder.is_dir():
            files = store.adapters.files(adapter)
            if hashlib.sha256(files.get(WEIGHTS_FILE, b"")).hexdigest() != sha256:
                raise AdapterDamaged(f"the stored weights of adapter {adapter} do not match their checksum")
            self._root.mkdir(parents=True, exist_ok=True)
            fresh = Path(tempfile.mkdtemp(prefix=".fetch-", dir=self._root))
            for name, content in files.items():
                (fresh / name).write_bytes(content)
            self._rename(fresh, folder)
        # The age decides what is pruned.
        os.utime(folder)
        self._prune()
        return folder

    def new_folder(self, adapter: int, token: int) -> Path:
        """Where an attempt may write an adapter; no other attempt has the same lease token."""
        self._root.mkdir(parents=True, exist_ok=True)
        return self._root / f".train-{adapter}-{token}"

    def keep(self, folder: Path, adapter: int, sha256: str) -> None:
        """Makes a finished folder the cached one, so that the next cycle need not fetch it."""
        self._rename(folder, self._place(adapter, sha256))

    def discard(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)

    def _place(self, adapter: int, sha256: str) -> Path:
        return self._root / f"{adapter}-{sha256[:8]}"

    def _rename(self, fresh: Path, folder: Path) -> None:
        try:
            fresh.rename(folder)
        except OSError:
            # Another worker of this machine was first; a rename never replaces a folder that has files.
            shutil.rmtree(fresh)
            if not folder.is_dir():
                raise

    def _prune(self) -> None:
        folders = [place for place in self._root.iterdir() if not place.name.startswith(".")]
        for unfinished in self._root.glob(".*"):
            if time.time() - unfinished.stat().st_mtime > UNFINISHED_SECONDS:
                shutil.rmtree(unfinished, ignore_errors=True)
        for folder in sorted(folders, key=lambda place: place.stat().st_mtime)[:-KEPT]:
            shutil.rmtree(folder, ignore_errors=True)
