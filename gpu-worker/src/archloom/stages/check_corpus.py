"""The task `check_corpus`: what would become of each entry of a source. Nothing is imported."""

import tempfile
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final

from archloom.contract.generated import CheckCorpusArgs, CorpusCheck
from archloom.contract.ids import run_id, task_id
from archloom.contract.read import read
from archloom.corpus.check import CheckProgress, Finding, KnownNetwork, ValidationResult, check_import
from archloom.corpus.entry import SourceItem
from archloom.corpus.errors import CorpusError
from archloom.corpus.sources import Source, detect, installed_nn_dataset
from archloom.executor.checking import check_programs, checking_recipe
from archloom.recipes import get_recipe
from archloom.sandbox import Verdict
from archloom.sandbox.interface import Sandbox, SandboxError, Slot
from archloom.stages.control import AttemptStopped, Control, TaskFailed
from archloom.stages.corpus_entries import from_run, to_json
from archloom.store import Store
from archloom.store.library import FindingRow
from archloom.store.rows import Job

STORED_TOGETHER: Final = 100
STORED_SECONDS: Final = 0.5


def check_corpus(job: Job, store: Store, sandbox: Sandbox | None, slots: int, control: Control) -> None:
    """Stores a finding for each entry as it goes. Networks are built in jails, as many as there are slots."""
    args = read(CheckCorpusArgs, store.tasks.args(job), f"the arguments of {task_id(job.task_id or 0)}")
    recipe = checking_recipe(get_recipe(args.recipe))
    if sandbox is None:
        raise TaskFailed("Networks cannot be checked: this worker has no sandbox that protects the machine.")
    known = (
        []
        if args.base_version is None
        else [
            KnownNetwork(f"{args.base_version} {position}", entry.code)
            for position, entry in enumerate(store.corpora.programs(args.base_version))
        ]
    )
    store.library.forget_findings(job)
    try:
        with ExitStack() as stack:
            name, found = stack.enter_context(_source(args, store))
            recorder = _Recorder(job, store, _count(found, job, store, control))
            opened = [stack.enter_context(closing(sandbox.open_slot(recipe))) for _ in range(slots)]
            findings = check_import(
                found.items(),
                lambda codes: _validate(opened, codes, control.at_once),
                known,
                should_stop=control.at_once.is_set,
            )
            for finding in findings:
                recorder.take(finding)
    except CorpusError as error:
        raise TaskFailed(str(error)) from error
    except SandboxError as error:
        raise TaskFailed(
            f"The jail in which networks are built does not work on this machine: {error}"
        ) from error
    if control.at_once.is_set():
        raise AttemptStopped
    recorder.flush()
    progress = recorder.progress
    store.tasks.end(
        job,
        CorpusCheck(
            source=name,
            entries=progress.done,
            accepted=progress.accepted,
            duplicates=progress.duplicates,
            rejected=progress.rejected,
        ),
    )


@contextmanager
def _source(args: CheckCorpusArgs, store: Store) -> Generator[tuple[str, Source]]:
    """What people read that it is, and the source. Raises TaskFailed, SourceRefused."""
    source = args.source
    if source.type == "nn_dataset":
        found = installed_nn_dataset()
        yield found.name, found
    elif source.type == "run":
        name = f"winners of {run_id(source.run)}"
        yield name, Source("run", name, name, lambda: _winners(source.run, store))
    else:
        name = store.library.file_name(source.file)
        if name is None:
            raise TaskFailed("The file that was sent is not there any more: send it again.")
        with tempfile.TemporaryDirectory(prefix="archloom-corpus-") as folder:
            # Not under the name that a person chose, which may be anything.
            path = Path(folder) / "source"
            with path.open("wb") as copy:
                for part in store.library.file_parts(source.file):
                    copy.write(part)
            found = detect(path, name)
            yield f"{name}: {found.why}", found


def _winners(run: int, store: Store) -> Iterator[SourceItem]:
    return (from_run(run, network) for network in store.library.run_networks(run, only_winners=True))


def _count(source: Source, job: Job, store: Store, control: Control) -> int:
    """Reading a source is quick beside building its networks; afterwards the time that is left is known."""
    total = source.count()
    if total is None:
        total, shown_at = 0, time.monotonic()
        for total, _ in enumerate(source.items(), start=1):
            if control.at_once.is_set():
                raise AttemptStopped
            if time.monotonic() - shown_at >= STORED_SECONDS:
                store.tasks.progress(job, total, None, "entries", "counting")
                shown_at = time.monotonic()
    store.tasks.progress(job, 0, total, "entries")
    return total


def _validate(slots: Sequence[Slot], codes: list[str], stop: threading.Event) -> list[ValidationResult]:
    return [_to_result(verdict) for verdict in check_programs(slots, codes, stop)]


def _to_result(verdict: Verdict) -> ValidationResult:
    if verdict.outcome == "ok":
        return ValidationResult(True, None, verdict.parameters, verdict.fingerprint)
    error = verdict.error
    line = "" if error is None or error.line is None else f" (line {error.line})"
    words = "" if error is None else f": {error.type}: {error.message}"
    return ValidationResult(False, f"{verdict.outcome.replace('_', ' ')}{words}{line}")


class _Recorder:
    """Stores findings some at a time, with the progress a person sees."""

    def __init__(self, job: Job, store: Store, total: int) -> None:
        self._job = job
        self._total = total
        self._store = store
        self._waiting: list[FindingRow] = []
        self._stored_at = time.monotonic()
        self.progress = CheckProgress()

    def take(self, finding: Finding) -> None:
        # A duplicate may be the better one of two; what does not build is not kept.
        kept = None if finding.verdict == "rejected" else finding.entry
        self._waiting.append(
            FindingRow(
                position=self.progress.done,
                locator=finding.position,
                name=finding.name,
                verdict=finding.verdict,
                reason=finding.reason,
                entry=None if kept is None else to_json(kept),
                fingerprint=finding.fingerprint,
            )
        )
        self.progress = self.progress.plus(finding.verdict)
        is_due = time.monotonic() - self._stored_at >= STORED_SECONDS
        if len(self._waiting) >= STORED_TOGETHER or is_due:
            self.flush()

    def flush(self) -> None:
        if self._waiting:
            self._store.library.add_findings(self._job, self._waiting)
            self._store.tasks.progress(self._job, self.progress.done, self._total, "entries")
        self._waiting = []
        self._stored_at = time.monotonic()
