"""Rows as the store hands them out; one dataclass for each shape that a query returns."""

from dataclasses import dataclass
from typing import Any

from archloom.contract.generated import CorpusSplit, DesiredState, JobKind, JobState, PromptKind, Requester


@dataclass(frozen=True)
class Job:
    """One leased job, as claimed; `state` is that of the moment the row was read."""

    id: int
    kind: JobKind
    run_id: int
    """0 for a task's job, like the cycle."""
    cycle: int
    task_id: int | None
    evaluation_id: int | None
    args: dict[str, Any]
    requested_by: Requester
    state: JobState
    lease_token: int | None

    @property
    def token(self) -> int:
        """The lease token. Only a job that was claimed has one."""
        if self.lease_token is None:
            raise ValueError(f"job {self.id} is not leased")
        return self.lease_token


@dataclass(frozen=True)
class LeaseState:
    lease_token: int
    desired: DesiredState


@dataclass(frozen=True)
class CyclePlan:
    """What a stage needs to know of its cycle. `config` is checked by `contract.read`."""

    config: dict[str, Any]
    adapter_id: int | None
    adapter_sha256: str | None
    prompt_kind: PromptKind | None
    """None: the run's prompt template does not exist."""
    prompt_system: str | None
    prompt_text: str | None


@dataclass(frozen=True)
class EvaluationTask:
    id: int
    ordinal: int
    recipe: str
    seed: int
    candidate_id: int
    run_id: int
    cycle: int
    index: int
    code: str


@dataclass(frozen=True)
class EndedCandidate:
    """A candidate as selection sees it: the report split's accuracy is deliberately not among the fields."""

    id: int
    index: int
    code: str | None
    parsed: bool
    valid: bool
    accuracy: float | None
    fingerprint: str | None


@dataclass(frozen=True)
class EarlierProgram:
    id: int
    cycle: int
    code: str
    fingerprint: str | None


@dataclass(frozen=True)
class SelectedProgram:
    cycle: int
    index: int
    code: str
    prompt: str | None


@dataclass(frozen=True)
class ReplayedEntry:
    """An entry of the corpus as a training pair. `answer` is what a chat model said, its code in a fence."""

    position: int
    code: str
    messages: list[dict[str, str]] | None
    answer: str | None


@dataclass(frozen=True)
class CorpusProgram:
    id: int
    code: str


@dataclass(frozen=True)
class CorpusEntryRow:
    """A network of a corpus with all that is known of it."""

    position: int
    code: str
    name: str | None
    messages: list[dict[str, str]] | None
    answer: str | None
    accuracy: float | None
    statistics: list[dict[str, Any]] | None
    family: str | None
    split: CorpusSplit


@dataclass(frozen=True)
class FoundEntry:
    """What a check accepted, or a duplicate of it; `entry` is read back by `stages.corpus_entries`."""

    locator: str
    entry: dict[str, Any]
    fingerprint: str | None


@dataclass(frozen=True)
class RunNetwork:
    """A valid candidate, with the figures of its first evaluation."""

    cycle: int
    index: int
    code: str
    accuracy: float
    report_accuracy: float | None
    parameters: int | None
    recipe: str
    evaluation_seed: int
    train_seconds: float | None


@dataclass(frozen=True)
class FilePart:
    name: str
    data: bytes
