"""Data sets, read from their original files into numpy arrays. Nothing here imports torch.

A module here that defines `DATASETS` adds data sets that are published as files. Loading never downloads;
`fetch_dataset` does, when a person asks for it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal

from archloom.datasets.errors import DatasetDamaged, DatasetUnavailable, FetchStopped
from archloom.datasets.evaluation_data import EvaluationData
from archloom.datasets.fetch import fetch_files
from archloom.datasets.originals import DataFolder, Dataset

__all__ = [
    "Dataset",
    "DatasetState",
    "DatasetStatus",
    "DatasetUnavailable",
    "FetchStopped",
    "dataset_names",
    "dataset_status",
    "fetch_dataset",
    "get_dataset",
    "load_dataset",
]

log = logging.getLogger(__name__)

DatasetState = Literal["ready", "missing", "damaged"]

_lock = threading.Lock()
_loaded: dict[tuple[str, DataFolder], EvaluationData] = {}


@dataclass(frozen=True)
class DatasetStatus:
    state: DatasetState
    detail: str
    """A sentence: where it is read from, or what is wrong and what to do."""


def dataset_names() -> list[str]:
    return sorted(_datasets())


def get_dataset(name: str) -> Dataset:
    """Raises DatasetUnavailable."""
    try:
        return _datasets()[name]
    except KeyError:
        known = ", ".join(dataset_names())
        raise DatasetUnavailable(f"there is no data set {name!r}; known data sets: {known}") from None


def dataset_status(name: str) -> DatasetStatus:
    """Reads whole files only when they are new or have changed. Raises DatasetUnavailable for an unknown
    name."""
    dataset = get_dataset(name)
    try:
        folder = DataFolder.from_environment()
        found = dataset.find(folder)
    except DatasetDamaged as error:
        return DatasetStatus("damaged", str(error))
    except DatasetUnavailable as error:
        return DatasetStatus("missing", str(error))
    doubt = "" if found.is_checked else ", not compared with what was published (ARCHLOOM_DATA_UNCHECKED=1)"
    return DatasetStatus("ready", f"read from {folder.path}{doubt}")


def load_dataset(name: str) -> EvaluationData:
    """The arrays, read once for each process. Never downloads. Raises DatasetUnavailable."""
    dataset, folder = get_dataset(name), DataFolder.from_environment()
    # Slots ask for it at the same time; it is too large to be read twice.
    with _lock:
        if (name, folder) not in _loaded:
            found = dataset.find(folder)
            if not found.is_checked:
                log.warning("%s is read from %s without comparing checksums", dataset.title, folder.path)
            _loaded[name, folder] = dataset.read(dataset, found)
        return _loaded[name, folder]


def fetch_dataset(
    name: str, on_progress: Callable[[int, int], object], should_stop: Callable[[], bool]
) -> int:
    """Download what is missing or damaged; returns the bytes that the data set has. `on_progress` is told
    bytes done and in total.

    Raises DatasetUnavailable, and FetchStopped when told to stop; what has arrived is kept then.
    """
    return fetch_files(get_dataset(name), DataFolder.from_environment(), on_progress, should_stop)


@cache
def _datasets() -> dict[str, Dataset]:
    modules = (import_module(f"{__name__}.{entry.name}") for entry in iter_modules(__path__))
    found = (dataset for module in modules for dataset in getattr(module, "DATASETS", ()))
    return {dataset.name: dataset for dataset in found}
