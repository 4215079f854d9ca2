"""The cache of adapters on disk."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from support_runs import World, world

from archloom.stages.adapter_folder import KEPT, WEIGHTS_FILE, AdapterFolders
from archloom.store.errors import AdapterDamaged

WEIGHTS = b"weights of an adapter"
SHA256 = hashlib.sha256(WEIGHTS).hexdigest()


@pytest.fixture
def here(database_url: str) -> Iterator[World]:
    with world(database_url) as made:
        yield made


def store_adapter(here: World, weights: bytes = WEIGHTS, cycle: int = 0) -> int:
    run = here.start_run()
    adapter = here.value("insert into adapter (run_id, cycle) values (%s, %s) returning id", run, cycle)
    for name, data in ((WEIGHTS_FILE, weights), ("adapter_config.json", b"{}")):
        here.connection.execute("insert into adapter_file values (%s, %s, 0, %s)", [adapter, name, data])
    return adapter


def test_a_stored_adapter_becomes_a_folder_once(here: World, tmp_path: Path) -> None:
    adapter = store_adapter(here)
    folders = AdapterFolders(tmp_path)
    folder = folders.folder(here.store(), adapter, SHA256)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == {
        WEIGHTS_FILE: WEIGHTS,
        "adapter_config.json": b"{}",
    }
    here.connection.execute("delete from adapter_file")
    assert folders.folder(here.store(), adapter, SHA256) == folder, "the second time without the database"


def test_damaged_weights_are_refused_and_leave_no_folder(here: World, tmp_path: Path) -> None:
    adapter = store_adapter(here, weights=b"other weights")
    with pytest.raises(AdapterDamaged):
        AdapterFolders(tmp_path).folder(here.store(), adapter, SHA256)
    assert list(tmp_path.rglob(WEIGHTS_FILE)) == []


def test_a_kept_folder_is_the_cached_one(here: World, tmp_path: Path) -> None:
    folders = AdapterFolders(tmp_path)
    fresh = folders.new_folder(adapter=7, token=1)
    fresh.mkdir()
    (fresh / WEIGHTS_FILE).write_bytes(WEIGHTS)
    folders.keep(fresh, 7, SHA256)
    assert not fresh.exists()
    assert (folders.folder(here.store(), 7, SHA256) / WEIGHTS_FILE).read_bytes() == WEIGHTS


def test_only_the_folders_used_last_are_kept(here: World, tmp_path: Path) -> None:
    folders = AdapterFolders(tmp_path)
    store = here.store()
    adapters = [store_adapter(here) for _ in range(KEPT + 2)]
    first = folders.folder(store, adapters[0], SHA256)
    for adapter in adapters[1:]:
        folders.folder(store, adapter, SHA256)
        folders.folder(store, adapters[0], SHA256)
    assert first.is_dir(), "it was used all the time"
    assert len(list(first.parent.iterdir())) == KEPT


def test_what_a_killed_worker_left_unfinished_goes_after_a_day(here: World, tmp_path: Path) -> None:
    folders = AdapterFolders(tmp_path)
    left, busy = folders.new_folder(1, 1), folders.new_folder(2, 2)
    left.mkdir(parents=True)
    busy.mkdir()
    os.utime(left, (0, 0))
    folders.folder(here.store(), store_adapter(here), SHA256)
    assert not left.exists()
    assert busy.is_dir()
