"""Statistics as LEMUR writes them, and as a row carries them.

A file `<task>_<dataset>_<metric>_<Name>/<epoch>.json` is a list of trials, each an object with `accuracy`,
`lr`, `momentum`, `batch`, `transform`, `duration` (nanoseconds), `uid` and whatever else was recorded
(nn-dataset 2.2.11, ab/nn/util/db/Write.py).
"""

import re
from collections.abc import Mapping
from typing import NamedTuple, TypeGuard

from archloom.corpus.entry import JsonValue, Trial
from archloom.corpus.sources.json_text import parse_json
from archloom.corpus.sources.text import BadText, assert_storable

# LEMUR splits at every underscore; a network's own name may hold some here.
_FOLDER = re.compile(r"(?P<task>[^_/]+)_(?P<dataset>[^_/]+)_(?P<metric>[^_/]+)_(?P<name>[^/]+)")
_EPOCH_FILE = re.compile(r"(?P<epoch>\d{1,9})\.json")
_MAX_DEPTH = 32


class StatisticsPlace(NamedTuple):
    """What the path of a statistics file says."""

    name: str
    task: str
    dataset: str
    metric: str
    epoch: int


def statistics_place(path: str) -> StatisticsPlace | None:
    """None if the path is not that of a statistics file."""
    folder, _, file = path.rpartition("/")
    place, epoch = _FOLDER.fullmatch(folder.rpartition("/")[2]), _EPOCH_FILE.fullmatch(file)
    if place is None or epoch is None:
        return None
    name, task, dataset, metric = place.group("name", "task", "dataset", "metric")
    return StatisticsPlace(name, task, dataset, metric, int(epoch["epoch"]))


def file_trials(value: JsonValue, place: StatisticsPlace) -> list[Trial]:
    """The trials of one statistics file. Raises BadText."""
    trials = [value] if isinstance(value, dict) else value
    if not isinstance(trials, list):
        raise BadText("must be a list of trials")
    found: list[Trial] = []
    for number, trial in enumerate(trials):
        if not isinstance(trial, dict):
            raise BadText(f"trial {number + 1} is not an object in braces")
        _assert_storable_values(f"trial {number + 1}", trial)
        found.append(Trial(place.task, place.dataset, place.metric, place.epoch, trial))
    return found


def read_statistics(value: JsonValue) -> tuple[Trial, ...]:
    """The field `statistics` of a row: `Trial.to_json` of each, or that list as JSON text. Raises BadText."""
    if isinstance(value, str):
        try:
            value = parse_json(value)
        except BadText as error:
            raise BadText(f"the text in statistics {error}") from error
    if not isinstance(value, list):
        raise BadText("statistics must be a list of trials")
    return tuple(_read_trial(f"statistics[{number}]", trial) for number, trial in enumerate(value))


def lemur_row_trial(row: Mapping[str, JsonValue]) -> Trial | None:
    """The trial that a row of `ab.nn.api.data()` describes; None if the row is none."""
    task, dataset, metric, epoch = (row.get(key) for key in ("task", "dataset", "metric", "epoch"))
    if not (
        isinstance(task, str) and isinstance(dataset, str) and isinstance(metric, str) and _is_epoch(epoch)
    ):
        return None
    values = {key: row[key] for key in ("accuracy", "duration") if row.get(key) is not None}
    parameters = row.get("prm")
    if isinstance(parameters, dict):
        values = {**parameters, **values}
    trial = Trial(task, dataset, metric, epoch, values)
    _assert_storable_values("the row", trial.to_json())
    return trial


def _read_trial(field: str, value: JsonValue) -> Trial:
    if not isinstance(value, dict):
        raise BadText(f"{field} is not an object in braces")
    task, dataset, metric = (value.get(key) for key in ("task", "dataset", "metric"))
    epoch, values = value.get("epoch"), value.get("values")
    if not (isinstance(task, str) and isinstance(dataset, str) and isinstance(metric, str)):
        raise BadText(f"{field} needs task, dataset and metric")
    if not _is_epoch(epoch):
        raise BadText(f"{field}.epoch must be a whole number from 0")
    if not isinstance(values, dict):
        raise BadText(f"{field}.values must be an object")
    _assert_storable_values(field, value)
    return Trial(task, dataset, metric, epoch, values)


def _is_epoch(value: JsonValue) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9


def _assert_storable_values(field: str, value: JsonValue, depth: int = 0) -> None:
    if depth > _MAX_DEPTH:
        raise BadText(f"{field[:40]}... is nested too deeply")
    match value:
        case str():
            assert_storable(field, value)
        case list():
            for place, item in enumerate(value):
                _assert_storable_values(f"{field}[{place}]", item, depth + 1)
        case dict():
            for key, item in value.items():
                assert_storable(f"a key of {field}", key)
                _assert_storable_values(f"{field}.{key}", item, depth + 1)
        case _:
            pass
