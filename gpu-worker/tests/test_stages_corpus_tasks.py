"""Networks from elsewhere, through check, import and export, with the real jail and the real database."""

import json
from collections.abc import Iterator
from typing import Any, Protocol

import pytest
from jail_fixtures import KeptSlots
from psycopg.types.json import Jsonb
from support_runs import LEASE_SECONDS, World, world

from archloom.contract.generated import JobKind
from archloom.corpus.grammar import generate_corpus
from archloom.novelty.structure import shape_key
from archloom.stages.check_corpus import check_corpus
from archloom.stages.control import AttemptStopped, Control, TaskFailed
from archloom.stages.corpus_structures import method, unpack
from archloom.stages.export_networks import export_networks
from archloom.stages.import_corpus import import_corpus
from archloom.store import Store
from archloom.store.rows import Job

PROGRAMS = generate_corpus(6)
PLAIN_NET = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(256, 10)

    def forward(self, x):
        return self.layer(torch.flatten(x, 1))
"""
UNAVAILABLE = "import timm\n" + PROGRAMS[4]


def row(**fields: object) -> str:
    return json.dumps(fields)


def chat(code: str) -> str:
    messages = [
        {"role": "system", "content": "You design networks."},
        {"role": "user", "content": "One for digits."},
        {"role": "assistant", "content": f"Here it is.\n```python\n{code}```"},
    ]
    return row(id="pair", messages=messages)


LINES = [
    row(name="first", code=PROGRAMS[0], accuracy=0.5),
    '{"name": "broken", "code": ',
    chat(PROGRAMS[1]),
    row(name="again", code=PROGRAMS[0], accuracy=0.75),
    row(name="plain", code=PLAIN_NET, accuracy=0.25),
    row(name="elsewhere", code=UNAVAILABLE),
]


@pytest.fixture
def here(database_url: str) -> Iterator[World]:
    with world(database_url) as made:
        yield made


def send(here: World, name: str, content: bytes) -> int:
    file = here.value(
        "insert into stored_file (name, bytes, complete) values (%s, 1, true) returning id", name
    )
    half = len(content) // 2
    for part, data in enumerate((content[:half], content[half:])):
        here.connection.execute("insert into stored_file_part values (%s, %s, %s)", (file, part, data))
    return file


def lease(here: World, store: Store, kind: JobKind, args: dict[str, Any]) -> Job:
    here.value("select task_open(%s, %s)", kind, Jsonb(args))
    job = store.jobs.claim(here.worker(store), (kind,), LEASE_SECONDS)
    assert job is not None
    return job


class Check(Protocol):
    def __call__(self, store: Store, source: dict[str, Any], base: str | None = None) -> int: ...


@pytest.fixture
def check(here: World, kept_slots: KeptSlots) -> Check:
    """Checks a source from beginning to end; returns the task's row id."""

    def run(store: Store, source: dict[str, Any], base: str | None = None) -> int:
        args = {"source": source, "recipe": "digits", "base_version": base}
        job = lease(here, store, "check_corpus", args)
        check_corpus(job, store, kept_slots, 1, Control())
        assert job.task_id is not None
        return job.task_id

    return run


def add(here: World, store: Store, check_task: int, version: str, base: str | None = None) -> Job:
    args = {"check": check_task, "version": version, "description": "", "base_version": base, "seed": 1}
    return lease(here, store, "import_corpus", args)


def findings(here: World, task: int) -> list[tuple[str, str]]:
    return here.connection.execute(
        "select verdict, coalesce(reason, '') from corpus_finding where task_id = %s order by position",
        (task,),
    ).fetchall()


def result(here: World, task: int) -> dict[str, Any]:
    return here.value("select result from task where id = %s", task)


def test_a_file_is_checked_entry_by_entry_imported_and_comes_back_unchanged(
    here: World, check: Check
) -> None:
    store = here.store()
    file = send(here, "rows.jsonl", "\n".join(LINES).encode())
    task = check(store, {"type": "file", "file": file})
    assert [verdict for verdict, _ in findings(here, task)] == [
        "accepted",
        "rejected",
        "accepted",
        "duplicate",
        "accepted",
        "rejected",
    ]
    reasons = [reason for _, reason in findings(here, task)]
    assert "timm" in reasons[5] and "line 1" in reasons[3]
    assert here.value("select locator from corpus_finding where position = 1") == "rows.jsonl line 2"
    assert result(here, task) | {"source": ""} == {
        "source": "",
        "entries": 6,
        "accepted": 3,
        "duplicates": 1,
        "rejected": 2,
    }
    progress = here.value("select progress from task where id = %s", task)
    assert (progress["done"], progress["total"]) == (6, 6)

    import_corpus(add(here, store, task, "mine"), store, Control())
    assert here.value("select state from corpus where version = 'mine'") == "ready"
    entries = store.library.entries("mine")
    assert [(entry.code, entry.accuracy) for entry in entries] == [
        (PROGRAMS[1].rstrip("\n"), None),
        (PROGRAMS[0], 0.75),  # of two equal ones the better, where it stood
        (PLAIN_NET, 0.25),
    ]
    assert entries[0].answer == f"Here it is.\n```python\n{PROGRAMS[1]}```"
    fingerprints = store.corpora.fingerprints("mine", shape_key((1, 16, 16), 10), method())
    assert fingerprints is not None and None not in unpack(fingerprints)

    for format_ in ("lemur", "chat_jsonl", "hugging_face"):
        job = lease(
            here,
            store,
            "export_networks",
            {"source": {"type": "corpus", "version": "mine"}, "format": format_},
        )
        export_networks(job, store, Control())
        exported = result(here, job.task_id or 0)
        again = check(store, {"type": "file", "file": exported["file"]})
        import_corpus(add(here, store, again, f"again-{format_}".replace("_", "-")), store, Control())
        back = store.library.entries(f"again-{format_}".replace("_", "-"))
        assert sorted((entry.code, entry.accuracy or 0) for entry in back) == sorted(
            (entry.code, entry.accuracy or 0) for entry in entries
        )


def test_a_base_comes_first_and_a_stopped_import_leaves_nothing(here: World, check: Check) -> None:
    store = here.store()
    store.corpora.add("base", "one network", [PROGRAMS[3]], "0" * 64)
    lines = [LINES[0], row(name="known", code=PROGRAMS[3])]
    task = check(store, {"type": "file", "file": send(here, "rows.jsonl", "\n".join(lines).encode())}, "base")
    assert findings(here, task)[1] == ("duplicate", "is the same program as base 0")
    stopped = Control()
    stopped.desire("cancel")
    job = add(here, store, task, "both", "base")
    with pytest.raises(AttemptStopped):
        import_corpus(job, store, stopped)
    store.jobs.cancel(job)
    assert here.values("select version from corpus") == ["base"]
    import_corpus(add(here, store, task, "both", "base"), store, Control())
    assert [entry.code for entry in store.library.entries("both")] == [PROGRAMS[3], PROGRAMS[0]]


def test_what_is_no_corpus_is_refused_with_what_is_accepted(here: World, check: Check) -> None:
    store = here.store()
    for name, content in (("photo.png", b"\x89PNG\r\n\x1a\n" + bytes(100)), ("empty.jsonl", b"")):
        with pytest.raises(TaskFailed, match=name):
            check(store, {"type": "file", "file": send(here, name, content)})
    with pytest.raises(TaskFailed, match="send it again"):
        check(store, {"type": "file", "file": 4711})
    assert here.values("select distinct task_id from corpus_finding") == []
