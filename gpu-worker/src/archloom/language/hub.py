"""Models on the Hugging Face hub, kept in its ordinary cache. HF_TOKEN, HF_HOME, HF_ENDPOINT and
HF_HUB_OFFLINE mean what they always mean.

A model that is whole on this machine is used as it is, without asking for a newer one: runs stay repeatable,
and a person who wants the newer one deletes it from the cache. All errors are ModelUnavailable with one
sentence.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# Types of progress bars are left open in the hub's client.

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx2
from huggingface_hub import HfApi, constants, hf_hub_download, snapshot_download
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)

from archloom.language.estimate import in_words
from archloom.language.interface import ModelUnavailable
from archloom.language.weights import (
    INDEX_FILE,
    SINGLE_FILE,
    TensorHeader,
    Weights,
    read_index,
    read_weights,
)

_DESCRIPTION: Final = ["*.json", "*.jinja", "*.model", "*.txt"]
_SUBFOLDERS: Final = ["*/*"]  # weights in other formats


def fetch_description(name: str) -> Path:
    """The folder of the cached commit with everything but the weights."""
    kept = _find_kept(name)
    if kept is not None:
        return kept
    with _in_one_sentence(name):
        return Path(snapshot_download(name, allow_patterns=_DESCRIPTION, ignore_patterns=_SUBFOLDERS))


def read_remote_weights(name: str, folder: Path) -> Weights:
    """From the cache if all weights are there, else from the headers of the hub's files."""
    if not _missing_files(folder):
        return read_weights(folder)
    tensors: dict[str, TensorHeader] = {}
    size = 0
    with _in_one_sentence(name):
        for file in _weight_files(folder):
            header = HfApi().parse_safetensors_file_metadata(name, file, revision=folder.name)
            for tensor, found in header.tensors.items():
                tensors[tensor] = TensorHeader(found.dtype, tuple(found.shape))
                size += found.data_offsets[1] - found.data_offsets[0]
    return Weights(tensors, size)


def fetch_weights(name: str, folder: Path, size: int) -> None:
    """Downloads what is missing of `size` bytes, into the same folder."""
    missing = _missing_files(folder)
    free = shutil.disk_usage(folder).free
    if missing and size > free:
        raise ModelUnavailable(
            f"its download takes {in_words(size)} and {in_words(free)} are free in {constants.HF_HUB_CACHE}"
        )
    with _in_one_sentence(name):
        for file in missing:
            hf_hub_download(name, file, revision=folder.name)


def _find_kept(name: str) -> Path | None:
    """The cached commit, if nothing of it is missing."""
    try:
        folder = Path(
            snapshot_download(
                name, allow_patterns=_DESCRIPTION, ignore_patterns=_SUBFOLDERS, local_files_only=True
            )
        )
    except LocalEntryNotFoundError:
        return None
    return folder if (folder / "config.json").is_file() and not _missing_files(folder) else None


def _missing_files(folder: Path) -> list[str]:
    return [file for file in _weight_files(folder) if not (folder / file).is_file()]


def _weight_files(folder: Path) -> list[str]:
    index = folder / INDEX_FILE
    return sorted(set(read_index(index).values())) if index.is_file() else [SINGLE_FILE]


@contextmanager
def _in_one_sentence(name: str) -> Generator[None]:
    hub = constants.ENDPOINT
    try:
        yield
    except GatedRepoError as error:
        raise ModelUnavailable(
            f"it is gated: accept its terms on {hub}/{name} and start the worker with HF_TOKEN"
        ) from error
    except RepositoryNotFoundError as error:
        raise ModelUnavailable(
            f"{hub} has no such model, or it is private: check the name, or start the worker with HF_TOKEN"
        ) from error
    except (OfflineModeIsEnabled, LocalEntryNotFoundError, httpx2.TransportError) as error:
        raise ModelUnavailable(
            f"it is not on the worker's machine, and {hub} cannot be reached: connect it, or give a folder"
        ) from error
    except EntryNotFoundError as error:
        raise ModelUnavailable(f"{hub}/{name} has no weights in the safetensors format") from error
    except HfHubHTTPError as error:
        raise ModelUnavailable(f"{hub} answered {error.response.status_code}: try again later") from error
