"""The task `import_corpus`: a new corpus version from what a check accepted, curated."""

from typing import Final

from archloom.contract.generated import CheckCorpusArgs, CorpusImport, ImportCorpusArgs
from archloom.contract.ids import task_id
from archloom.contract.read import read
from archloom.corpus.curation import CuratedNetwork, Network, curate
from archloom.corpus.grammar import corpus_sha256
from archloom.novelty.structure import shape_key
from archloom.recipes import get_recipe
from archloom.stages.control import AttemptStopped, Control, TaskFailed
from archloom.stages.corpus_entries import from_json, to_row
from archloom.stages.corpus_structures import method, pack
from archloom.store import Store
from archloom.store.library import CuratedBase
from archloom.store.rows import CorpusEntryRow, FoundEntry, Job

STORED_TOGETHER: Final = 200


def import_corpus(job: Job, store: Store, control: Control) -> None:
    """The corpus can be used once all of it is there; when the task ends early, nothing of it stays."""
    args = read(ImportCorpusArgs, store.tasks.args(job), f"the arguments of {task_id(job.task_id or 0)}")
    checked = store.library.check_args(args.check)
    if checked is None:
        raise TaskFailed(f"The check {task_id(args.check)} is not there any more: check the source again.")
    found = store.library.found(args.check)
    base = [] if args.base_version is None else store.library.entries(args.base_version)
    store.tasks.progress(job, 0, len(found), "entries", "looking for duplicates and families")
    curated = curate(
        [_to_network(one) for one in found],
        [Network(f"{args.base_version} {row.position}", row.code, row.name, row.accuracy) for row in base],
        args.seed,
    )
    kept = [
        (one, decided)
        for one, decided in zip(found, curated.networks, strict=True)
        if decided.split is not None
    ]
    rows = [_to_row(one, decided, len(base) + place) for place, (one, decided) in enumerate(kept)]
    store.library.open_corpus(job, args.version, args.description, args.base_version)
    for start in range(0, len(rows), STORED_TOGETHER):
        if control.at_once.is_set():
            raise AttemptStopped
        store.library.add_entries(job, args.version, rows[start : start + STORED_TOGETHER])
        store.tasks.progress(job, min(start + STORED_TOGETHER, len(rows)), len(rows), "entries")
    if args.base_version is None:
        # Whole: every entry was traced by the check. With a base they are made when a run needs them.
        recipe = get_recipe(read(CheckCorpusArgs, checked, f"the check {task_id(args.check)}").recipe)
        fingerprints = pack([one.fingerprint for one, _ in kept])
        shape = shape_key(recipe.in_shape, recipe.classes)
        store.corpora.store_fingerprints(args.version, shape, method(), fingerprints)
    codes = [row.code for row in (*base, *rows)]
    store.library.finish_corpus(
        job,
        args.version,
        _to_base(base, curated.base),
        corpus_sha256(codes),
        curated.report.to_json(),
        CorpusImport(version=args.version, entries=len(codes)),
    )


def _to_network(found: FoundEntry) -> Network:
    entry = found.entry
    return Network(found.locator, entry["code"], entry["name"], entry["accuracy"], found.fingerprint)


def _to_row(found: FoundEntry, decided: CuratedNetwork, position: int) -> CorpusEntryRow:
    entry = from_json(found.entry, found.locator)
    return to_row(entry, position, decided.family, decided.split or "train")


def _to_base(rows: list[CorpusEntryRow], curated: list[CuratedNetwork]) -> CuratedBase:
    return CuratedBase(
        positions=[row.position for row in rows],
        families=[network.family for network in curated],
        splits=[network.split or "train" for network in curated],
    )
