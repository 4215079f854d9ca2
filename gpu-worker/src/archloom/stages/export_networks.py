"""The task `export_networks`: networks of a run or of a corpus as a file that others read."""

import tempfile
from collections.abc import Iterator
from typing import IO, Final

from archloom.contract.generated import ExportedNetworks, ExportNetworksArgs
from archloom.contract.ids import run_id, task_id
from archloom.contract.read import read
from archloom.corpus.entry import Entry
from archloom.corpus.exports import (
    Card,
    Exported,
    File,
    chat_files,
    hugging_face_files,
    lemur_files,
    write_zip,
)
from archloom.stages.control import AttemptStopped, Control, TaskFailed
from archloom.stages.corpus_entries import from_row, from_run
from archloom.store import Store
from archloom.store.rows import Job

PART_BYTES: Final = 8 * 1024 * 1024
IN_MEMORY_BYTES: Final = 16 * 1024 * 1024


def export_networks(job: Job, store: Store, control: Control) -> None:
    args = read(ExportNetworksArgs, store.tasks.args(job), f"the arguments of {task_id(job.task_id or 0)}")
    title, exported = _networks(args, store)
    if not exported:
        raise TaskFailed(f"{title} has no networks to export.")
    store.tasks.progress(job, 0, len(exported), "networks")
    with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as packed:
        name = _pack(title, args, exported, packed)
        size = packed.tell()
        packed.seek(0)
        file = store.library.open_file(job, name)
        part = 0
        while data := packed.read(PART_BYTES):
            if control.at_once.is_set():
                raise AttemptStopped
            store.library.add_part(job, file, part, data)
            part += 1
    result = ExportedNetworks(file=file, name=name, bytes=size, networks=len(exported))
    store.library.complete_file(job, file, size, result)


def _networks(args: ExportNetworksArgs, store: Store) -> tuple[str, list[Exported]]:
    source = args.source
    if source.type == "corpus":
        rows = store.library.entries(source.version)
        return source.version, [
            Exported(from_row(row, source.version), row.split, row.family) for row in rows
        ]
    networks = store.library.run_networks(source.run, only_winners=source.which == "winners")
    items = (from_run(source.run, network) for network in networks)
    entries = [item for item in items if isinstance(item, Entry)]
    return f"{run_id(source.run)}-{source.which}", [Exported(entry) for entry in entries]


def _pack(title: str, args: ExportNetworksArgs, exported: list[Exported], target: IO[bytes]) -> str:
    """Writes the file; returns its name."""
    files = list(_files(title, args, exported))
    if args.format == "chat_jsonl" and len(files) == 1:
        target.write(files[0][1])
        return f"{title}.jsonl"
    write_zip(files, target)
    return f"{title}-{args.format.replace('_', '-')}.zip"


def _files(title: str, args: ExportNetworksArgs, exported: list[Exported]) -> Iterator[File]:
    match args.format:
        case "lemur":
            return lemur_files(each.entry for each in exported)
        case "chat_jsonl":
            return chat_files(exported)
        case "hugging_face":
            return hugging_face_files(exported, Card(title=title))
