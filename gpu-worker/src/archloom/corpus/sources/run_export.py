"""What `archloom export run` writes: the run's winners, or everything valid it wrote."""

from collections.abc import Iterator, Mapping
from hashlib import md5
from typing import BinaryIO, Final, Literal

from archloom.corpus.entry import Entry, JsonValue, Rejected, SourceItem, Trial, is_accuracy
from archloom.corpus.sources.json_items import read_items
from archloom.corpus.sources.rows import checked_code
from archloom.corpus.sources.text import BadText, printable

EXPORT_FORMAT: Final = "archloom-run-1"

RunPart = Literal["winners", "valid"]

TASK: Final = "img-classification"
_CHOSEN: Final[dict[RunPart, tuple[str, str]]] = {
    "winners": ("selection_reason", "winner"),
    "valid": ("outcome", "ok"),
}
_COPIED: Final = {"report_accuracy": "report_accuracy", "parameters": "parameters", "evaluation_seed": "seed"}
# LEMUR writes some data sets with a dash; recipes here are Python modules.
_DATASETS: Final = {"cifar10": "cifar-10", "cifar10-paper": "cifar-10", "cifar100": "cifar-100"}


def run_export_items(stream: BinaryIO, name: str, part: RunPart = "winners") -> Iterator[SourceItem]:
    """Candidates that were not chosen are no items at all. Raises SourceRefused where the JSON breaks."""
    for number, candidate in enumerate(read_items(stream, name, "candidates"), 1):
        position = f"{name} candidate {number:,}"
        if not isinstance(candidate, dict):
            reason = str(candidate) if isinstance(candidate, BadText) else "is not an object in braces"
            yield Rejected(position, reason)
            continue
        identity = candidate.get("id")
        if isinstance(identity, str):
            position = f"{name} candidate {printable(identity)}"
        field, value = _CHOSEN[part]
        if candidate.get(field) == value:
            yield candidate_item(candidate, position)


def candidate_item(candidate: Mapping[str, JsonValue], position: str) -> SourceItem:
    """One candidate of a run; its only trial is the first evaluation, which decides its figures."""
    name, run, recipe, code = (candidate.get(key) for key in ("id", "run", "recipe", "code"))
    accuracy = candidate.get("accuracy")
    if not (isinstance(name, str) and isinstance(run, str) and isinstance(recipe, str)):
        return Rejected(position, "id, run and recipe must be text")
    name = printable(name)
    if not isinstance(code, str):
        return Rejected(position, "code must be text", name)
    if not is_accuracy(accuracy):
        return Rejected(position, "accuracy must be a fraction from 0 to 1", name)
    try:
        code = checked_code(code)
    except BadText as error:
        return Rejected(position, str(error), name)
    values: dict[str, JsonValue] = {"accuracy": accuracy, "epoch_max": 1, "transform": None}
    for field, key in _COPIED.items():
        value = candidate.get(field)
        if value is not None:
            values[key] = value
    seconds = candidate.get("train_seconds")
    if isinstance(seconds, int | float):
        values["duration"] = round(seconds * 1e9)
    # LEMUR's loader needs a key for the set of hyper-parameters; like its own, this one is a digest of them.
    values["uid"] = md5(repr(sorted(values.items())).encode(), usedforsecurity=False).hexdigest()
    trial = Trial(TASK, _DATASETS.get(recipe, recipe), "acc", 1, values)
    return Entry(position, name, code, printable(run), accuracy=float(accuracy), statistics=(trial,))
