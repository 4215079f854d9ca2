"""What is exported imports again unchanged, whatever names and texts its entries have."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support_corpus import NET, PROGRAMS, entries, read, rejected

from archloom.corpus.entry import Entry, Messages, Trial, best_accuracy
from archloom.corpus.errors import SourceRefused
from archloom.corpus.exports import (
    Card,
    Exported,
    File,
    chat_files,
    hugging_face_files,
    lemur_files,
    write_zip,
)
from archloom.corpus.exports.files import ModuleNames
from archloom.corpus.fences import fence
from archloom.corpus.sources import candidate_item, detect
from archloom.corpus.sources.run_export import EXPORT_FORMAT

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=60)
words = st.sampled_from(["cifar-10", "img-classification", "acc", "mae"])
trials = st.builds(
    Trial,
    task=words,
    dataset=words,
    metric=words,
    epoch=st.integers(0, 120),
    values=st.dictionaries(
        st.sampled_from(["accuracy", "lr", "note", "nested"]),
        st.one_of(
            st.none(), st.booleans(), st.integers(), st.floats(0, 1), texts, st.lists(texts, max_size=2)
        ),
    ),
)
codes = st.one_of(st.sampled_from(PROGRAMS), texts.map(lambda text: f"class Net:\r\n    '''{text}'''\n```\n"))


@st.composite
def drawn_entries(draw: st.DrawFn) -> Entry:
    code = draw(codes)
    statistics = tuple(draw(st.lists(trials, max_size=3)))
    best = best_accuracy(statistics)
    messages = draw(st.none() | st.builds(Messages, system=texts, user=texts))
    return Entry(
        position="",
        name=draw(st.one_of(texts, st.sampled_from(["../../etc/passwd", "CON", "a_b.c", "class", "a", "A"]))),
        code=code,
        origin="somewhere",
        messages=messages,
        answer=draw(st.sampled_from([fence(code), f"Sure!\n{fence(code)}\nDone."])) if messages else None,
        accuracy=draw(st.none() | st.floats(0, 1)) if best is None else best,
        statistics=statistics,
    )


def packed(tmp_path: Path, files: Iterable[File]) -> Path:
    path = tmp_path / "export.zip"
    with path.open("wb") as target:
        write_zip(files, target)
    return path


def in_order(statistics: Iterable[Trial]) -> list[str]:
    return sorted(json.dumps(trial.to_json(), sort_keys=True) for trial in statistics)


several = st.lists(drawn_entries(), min_size=1, max_size=5)
# Every example overwrites the same file.
same_folder = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@same_folder
@given(exported=several)
def test_lemur_files_come_back_with_the_same_code_accuracy_and_trials(
    tmp_path: Path, exported: list[Entry]
) -> None:
    items = read(packed(tmp_path, lemur_files(exported, "digits")))
    assert rejected(items) == []
    for before, after in zip(exported, entries(items), strict=True):
        assert (after.code, after.accuracy) == (before.code, before.accuracy)
        known = list(before.statistics)
        if best_accuracy(known) != before.accuracy:
            known += [trial for trial in after.statistics if trial.dataset == "digits"]
            assert len(known) == len(before.statistics) + 1
        assert in_order(after.statistics) == in_order(known)


@same_folder
@given(exported=several)
def test_chat_rows_come_back_with_everything_but_a_blank_name(tmp_path: Path, exported: list[Entry]) -> None:
    items = read(packed(tmp_path, chat_files([Exported(entry) for entry in exported])))
    assert rejected(items) == []
    for before, after in zip(exported, entries(items), strict=True):
        assert (after.code, after.accuracy, after.origin) == (before.code, before.accuracy, before.origin)
        assert after.statistics == before.statistics
        if before.messages is not None:
            assert (after.messages, after.answer) == (before.messages, before.answer)


@same_folder
@given(
    exported=several,
    splits=st.lists(st.sampled_from(["train", "validation", "test"]), min_size=5, max_size=5),
)
def test_a_hugging_face_folder_comes_back_split_by_split(
    tmp_path: Path, exported: list[Entry], splits: list[str]
) -> None:
    rows = [Exported(entry, split, "family") for entry, split in zip(exported, splits, strict=False)]
    items = read(packed(tmp_path, hugging_face_files(rows, Card("Title", "mit"))))
    assert rejected(items) == []
    by_split = sorted(rows, key=lambda row: ["train", "validation", "test"].index(row.split))
    for before, after in zip(by_split, entries(items), strict=True):
        assert f"data/{before.split}.jsonl" in after.position
        assert (after.code, after.accuracy) == (before.entry.code, before.entry.accuracy)
        assert after.statistics == before.entry.statistics


LOAD = """
import json, sys, datasets
loaded = datasets.load_dataset(sys.argv[1], cache_dir=sys.argv[2])
print(json.dumps({split: [dict(row) for row in rows] for split, rows in loaded.items()}))
"""


def test_datasets_loads_the_folder_offline_with_every_column_of_the_card(tmp_path: Path) -> None:
    trial = Trial("img-classification", "cifar-10", "acc", 1, {"accuracy": 0.5, "lr": 0.1})
    first = Entry("", "first", NET, "R3", Messages("", "Write."), fence(NET), 0.5, (trial,))
    second = Entry("", 'second: \u2028 "', PROGRAMS[0], "R3")
    exported = [Exported(first, "train", "first"), Exported(second, "test", "second")]
    card = Card('Winners: of "R3" # not a comment\n---', "cc-by-4.0", "What a run found.")
    folder = tmp_path / "set"
    for path, content in hugging_face_files(exported, card):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    environment = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(tmp_path / "home")}
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(folder), str(tmp_path / "cache")],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = json.loads(done.stdout)
    assert loaded.keys() == {"train", "test"}
    (row,) = loaded["train"]
    assert row["messages"] == [
        {"role": "user", "content": "Write."},
        {"role": "assistant", "content": fence(NET)},
    ]
    assert (row["name"], row["code"], row["accuracy"], row["family"]) == ("first", NET, 0.5, "first")
    assert json.loads(row["statistics"]) == [trial.to_json()]
    assert loaded["test"][0]["name"] == second.name and loaded["test"][0]["accuracy"] is None


def test_a_licence_that_could_write_into_the_card_is_refused() -> None:
    with pytest.raises(ValueError, match="is no licence"):
        list(hugging_face_files([], Card("t", "mit\ntags: []")))


def test_an_archive_has_the_same_bytes_every_time_and_no_way_out() -> None:
    files = [("nn/a.py", NET.encode()), ("stat/x/1.json", b"[]")]
    first, second = io.BytesIO(), io.BytesIO()
    write_zip(files, first)
    write_zip(files, second)
    assert first.getvalue() == second.getvalue()
    with zipfile.ZipFile(first) as archive:
        assert [(each.filename, each.date_time[0]) for each in archive.infolist()] == [
            ("nn/a.py", 1980),
            ("stat/x/1.json", 1980),
        ]
    for path in ("../x", "/x", "a//b", "a\\b", "", "nn/a.py"):
        with pytest.raises(ValueError, match="no path for a file"):
            write_zip([("nn/a.py", b""), (path, b"")], io.BytesIO())


@given(names=st.lists(texts, max_size=8))
def test_names_of_network_files_are_unique_and_what_lemur_can_load(names: list[str]) -> None:
    modules = ModuleNames()
    stems = [modules.take(name) for name in names]
    assert len({stem.lower() for stem in stems}) == len(names)
    for stem in stems:
        assert stem.replace("-", "").isalnum() and stem.isascii() and stem[0].isalpha()


def test_names_that_lemur_uses_itself_stay_as_they_are() -> None:
    modules = ModuleNames()
    for name in ("AlexNet", "alt-nn1-702a628fca52", "InceptionV3-1"):
        assert modules.take(name) == name
    assert [modules.take(name) for name in ("R3.2.017", "nul", "alexnet", "", "3D")] == [
        "R3-2-017",
        "net-nul",
        "alexnet-2",
        "net",
        "net-3D",
    ]


CANDIDATE = {
    "id": "R3.2.017",
    "run": "R3",
    "recipe": "cifar10",
    "code": NET,
    "outcome": "ok",
    "accuracy": 0.5,
    "report_accuracy": 0.48,
    "parameters": 1200,
    "evaluation_seed": 0,
    "train_seconds": 0.25,
    "selection_reason": "winner",
}


def test_winners_of_an_exported_run_are_read_with_their_deciding_evaluation(tmp_path: Path) -> None:
    export = {
        "format": EXPORT_FORMAT,
        "exported_at": "2026-11-24T00:00:00.000Z",
        "run": {"id": "R3", "name": 'a "candidates" [trap]', "cycles": [{"candidates": [1]}]},
        "candidates": [
            CANDIDATE,
            CANDIDATE | {"id": "R3.2.018", "selection_reason": "fallback", "code": PROGRAMS[0]},
            CANDIDATE
            | {"id": "R3.2.019", "selection_reason": None, "outcome": "time_limit", "accuracy": None},
            CANDIDATE | {"id": "R3.2.020", "code": None},
            7,
        ],
    }
    path = tmp_path / "R3.json"
    path.write_text(json.dumps(export, indent=2))
    items = read(path)
    assert rejected(items) == [
        ("R3.json candidate R3.2.020", "code must be text"),
        ("R3.json candidate 5", "is not an object in braces"),
    ]
    (winner,) = entries(items)
    assert (winner.name, winner.code, winner.accuracy, winner.origin) == ("R3.2.017", NET, 0.5, "R3")
    (trial,) = winner.statistics
    assert (trial.task, trial.dataset, trial.metric, trial.epoch) == (
        "img-classification",
        "cifar-10",
        "acc",
        1,
    )
    assert trial.values["duration"] == 250_000_000
    assert [entry.name for entry in entries(list(detect(path, part="valid").items()))] == [
        "R3.2.017",
        "R3.2.018",
    ]
    assert candidate_item(CANDIDATE, winner.position) == winner
    again = entries(read(packed(tmp_path, lemur_files([winner]))))
    assert replace(again[0], position=winner.position, name=winner.name, origin="R3") == winner


def test_an_export_without_candidates_or_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "R3.json"
    path.write_text(json.dumps({"format": EXPORT_FORMAT, "run": {}}))
    with pytest.raises(SourceRefused, match='has no key "candidates"'):
        read(path)
    path.write_text(json.dumps({"format": EXPORT_FORMAT, "candidates": [CANDIDATE]})[:-20])
    with pytest.raises(SourceRefused, match="Unterminated string"):
        read(path)
