"""Checking a source before anything is kept of it: each item becomes a finding, as the stream goes by.

Duplicates here are exact ones: the same tokens as a known network, or as one that came earlier in the source.
Which of several near-duplicates is the best can only be said when all have been seen: that is `curation`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from archloom.corpus.curation import program_digest
from archloom.corpus.entry import Entry, Rejected, SourceItem

BATCH: Final = 16
"""Networks that are validated together: none is told of before the last of them."""

MOST_HELD: Final = 256
"""Items that wait for their verdict, since findings keep the source's order."""

Verdict = Literal["accepted", "duplicate", "rejected"]


@dataclass(frozen=True)
class ValidationResult:
    built: bool
    reason: str | None = None
    """Why it was not built."""
    parameters: int | None = None
    fingerprint: str | None = None
    """Structure of its traced graph."""


@dataclass(frozen=True)
class KnownNetwork:
    """A network that is there already; `key` is what a duplicate of it is told to be one of."""

    key: str
    code: str


@dataclass(frozen=True)
class Finding:
    position: str
    name: str | None
    verdict: Verdict
    reason: str | None = None
    """Of a rejection; of a duplicate, in words."""
    duplicate_of: str | None = None
    """Key of a known network, or position of the earlier item."""
    entry: Entry | None = None
    """The whole entry, unless there is none; of a duplicate too, since it may be the better one."""
    parameters: int | None = None
    fingerprint: str | None = None


@dataclass(frozen=True)
class CheckProgress:
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0

    @property
    def done(self) -> int:
        return self.accepted + self.duplicates + self.rejected

    def plus(self, verdict: Verdict) -> "CheckProgress":
        return CheckProgress(
            self.accepted + (verdict == "accepted"),
            self.duplicates + (verdict == "duplicate"),
            self.rejected + (verdict == "rejected"),
        )


def check_import(
    items: Iterable[SourceItem],
    validate: Callable[[list[str]], Sequence[ValidationResult]],
    known: Iterable[KnownNetwork] = (),
    on_progress: Callable[[CheckProgress], None] = lambda _: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[Finding]:
    """Findings in the order of the items; at most MOST_HELD items are in memory.

    `validate` gets the codes of up to BATCH networks and answers for each in order; a duplicate is not
    validated again. Ends early, without what has not been judged yet, once `should_stop` says so. What
    `items` raises passes through.
    """
    judge = _Judge(known)
    progress = CheckProgress()
    for group in _groups(items, judge, should_stop):
        judge.decide(validate)
        if should_stop():
            return
        for taken in group:
            finding = judge.finding(taken)
            progress = progress.plus(finding.verdict)
            yield finding
        on_progress(progress)


@dataclass(frozen=True)
class _Digested:
    entry: Entry
    digest: bytes
    """Of its tokens."""


def _groups(
    items: Iterable[SourceItem], judge: "_Judge", should_stop: Callable[[], bool]
) -> Iterator[list[Rejected | _Digested]]:
    group: list[Rejected | _Digested] = []
    for item in items:
        if should_stop():
            return
        group.append(judge.take(item))
        if len(judge.unjudged) >= BATCH or len(group) >= MOST_HELD:
            yield group
            group = []
    yield group


@dataclass(frozen=True)
class _Judged:
    position: str
    """Of the first item with these tokens."""
    result: ValidationResult


class _Judge:
    def __init__(self, known: Iterable[KnownNetwork]) -> None:
        self._known = {program_digest(network.code): network.key for network in known}
        self._judged: dict[bytes, _Judged] = {}
        self.unjudged: dict[bytes, Entry] = {}

    def take(self, item: SourceItem) -> Rejected | _Digested:
        if isinstance(item, Rejected):
            return item
        digest = program_digest(item.code)
        if digest not in self._known and digest not in self._judged:
            self.unjudged.setdefault(digest, item)
        return _Digested(item, digest)

    def decide(self, validate: Callable[[list[str]], Sequence[ValidationResult]]) -> None:
        if not self.unjudged:
            return
        results = validate([entry.code for entry in self.unjudged.values()])
        for (digest, entry), result in zip(self.unjudged.items(), results, strict=True):
            self._judged[digest] = _Judged(entry.position, result)
        self.unjudged.clear()

    def finding(self, taken: Rejected | _Digested) -> Finding:
        if isinstance(taken, Rejected):
            return Finding(taken.position, taken.name, "rejected", taken.reason)
        entry = taken.entry
        original = self._known.get(taken.digest)
        if original is not None:
            return _duplicate(entry, original)
        first = self._judged[taken.digest]
        if not first.result.built:
            reason = first.result.reason or "does not build"
            return Finding(entry.position, entry.name, "rejected", reason, entry=entry)
        if first.position != entry.position:
            return _duplicate(entry, first.position, first.result.fingerprint)
        parameters, fingerprint = first.result.parameters, first.result.fingerprint
        return Finding(
            entry.position,
            entry.name,
            "accepted",
            entry=entry,
            parameters=parameters,
            fingerprint=fingerprint,
        )


def _duplicate(entry: Entry, original: str, fingerprint: str | None = None) -> Finding:
    reason = f"is the same program as {original}"
    return Finding(entry.position, entry.name, "duplicate", reason, original, entry, fingerprint=fingerprint)
