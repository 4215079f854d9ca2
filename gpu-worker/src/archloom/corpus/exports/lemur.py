"""Entries as LEMUR keeps networks: `nn/<Name>.py` and
`stat/train/<task>_<dataset>_<metric>_<Name>/<epoch>.json`.

The layout is that of `ab/nn` in nn-dataset 2.2.11, so that the two folders can be copied over those of a
checkout. Read again by `sources.lemur`: the code is the same to the byte, the trials are equal (ordered by
folder and epoch), the accuracy is equal. Names may change to what LEMUR allows; prompts and answers have no
place here.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Final

from archloom.corpus.entry import ACCURACY_METRIC, Entry, JsonValue, Trial, best_accuracy
from archloom.corpus.exports.files import File, ModuleNames, folder_word

_TASK: Final = "img-classification"


def lemur_files(entries: Iterable[Entry], dataset: str = "unknown") -> Iterator[File]:
    """`dataset` is what an accuracy without a trial is said to be measured on."""
    names = ModuleNames()
    for entry in entries:
        name = names.take(entry.name)
        yield f"nn/{name}.py", entry.code.encode()
        for path, trials in _statistics(entry, name, dataset).items():
            text = json.dumps(trials, indent=4, sort_keys=True, ensure_ascii=False, allow_nan=False)
            yield path, text.encode()


def _statistics(entry: Entry, name: str, dataset: str) -> dict[str, list[JsonValue]]:
    files: dict[str, list[JsonValue]] = {}
    for trial in [*entry.statistics, *_missing_trial(entry, dataset)]:
        words = (folder_word(word) for word in (trial.task, trial.dataset, trial.metric))
        path = f"stat/train/{'_'.join(words)}_{name}/{trial.epoch}.json"
        files.setdefault(path, []).append(dict(trial.values))
    return dict(sorted(files.items()))


def _missing_trial(entry: Entry, dataset: str) -> list[Trial]:
    """Without it, an accuracy that is in no trial would be lost."""
    best = best_accuracy(entry.statistics)
    if entry.accuracy is None or (best is not None and best >= entry.accuracy):
        return []
    # LEMUR's loader wants both keys; without hyper-parameters there is nothing to tell apart.
    values: dict[str, JsonValue] = {"accuracy": entry.accuracy, "transform": None, "uid": "0" * 32}
    return [Trial(_TASK, dataset, ACCURACY_METRIC, 1, values)]
