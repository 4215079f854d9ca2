"""One network of a corpus as its source tells it, or the reason why the source has none there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias, TypeGuard

JsonValue: TypeAlias = dict[str, "JsonValue"] | list["JsonValue"] | str | int | float | bool | None

ACCURACY_METRIC: Final = "acc"


@dataclass(frozen=True)
class Trial:
    """One training on record, as LEMUR keeps it: `values` holds accuracy, hyper-parameters and the like."""

    task: str
    dataset: str
    metric: str
    epoch: int
    values: Mapping[str, JsonValue]

    @property
    def accuracy(self) -> float | None:
        """A fraction from 0 to 1; None where the trial measured something else (`bleu`, `mae`) or nothing."""
        value = self.values.get("accuracy")
        return value if ACCURACY_METRIC in self.metric.split(",") and is_accuracy(value) else None

    def to_json(self) -> dict[str, JsonValue]:
        return {
            "task": self.task,
            "dataset": self.dataset,
            "metric": self.metric,
            "epoch": self.epoch,
            "values": dict(self.values),
        }


@dataclass(frozen=True)
class Messages:
    """What a language model was asked; an empty `system` means that there was no such message."""

    system: str
    user: str


@dataclass(frozen=True)
class Entry:
    """A network. Its text holds no NUL and no lone surrogate, so it can be stored anywhere."""

    position: str
    """Where in the source, for a person: `pairs.jsonl line 17`, `archive.zip: nn/AlexNet.py`."""
    name: str
    code: str
    origin: str
    """The source in words: a file's name, `nn-dataset 2.2.11`, `R3`."""
    messages: Messages | None = None
    answer: str | None = None
    """The assistant's whole answer, of which `code` is the fenced block. Only with `messages`."""
    accuracy: float | None = None
    """0 to 1: as the source gives it, else that of the best trial."""
    statistics: tuple[Trial, ...] = field(default=())


@dataclass(frozen=True)
class Rejected:
    """Something that cannot become an entry."""

    position: str
    reason: str
    """Completes "<position>: ..."; says what is wrong and where."""
    name: str | None = None


SourceItem: TypeAlias = Entry | Rejected


def is_accuracy(value: object) -> TypeGuard[float]:
    """A number from 0 to 1. True and False, which Python counts as numbers, are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def best_accuracy(statistics: Iterable[Trial]) -> float | None:
    return max((trial.accuracy for trial in statistics if trial.accuracy is not None), default=None)
