"""Folders and archives of networks: statistics find their network in any order; nothing hostile gets in."""

from __future__ import annotations

import gzip
import importlib.metadata
import io
import json
import os
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support_corpus import NET, PROGRAMS, entries, line, read, rejected

from archloom.corpus.entry import Trial
from archloom.corpus.errors import SourceRefused
from archloom.corpus.sources import detect, installed_nn_dataset
from archloom.corpus.sources.limits import MAX_CODE_BYTES

CIFAR = "img-classification_cifar-10_acc"
TRIALS = [{"accuracy": 0.5, "lr": 0.1, "transform": "echo"}, {"accuracy": 0.75, "lr": 0.2, "transform": None}]
FILES = {
    "stat/train/" + CIFAR + "_AlexNet/1.json": json.dumps(TRIALS).encode(),
    "stat/train/" + CIFAR + "_AlexNet/10.json": json.dumps(
        [{"accuracy": 0.7, "loss": float("nan")}]
    ).encode(),
    "stat/train/" + CIFAR + "_AlexNet/2.json": json.dumps([{"accuracy": 0.6}]).encode(),
    "stat/train/img-segmentation_coco_iou_AlexNet/1.json": json.dumps([{"accuracy": 0.99}]).encode(),
    "stat/train/" + CIFAR + "_AlexNet/1_backup.json": b"ignored",
    "nn/AlexNet.py": NET.encode(),
    "nn/rag-0a1b.py": PROGRAMS[0].encode(),
    "nn/__init__.py": b"",
    "nn/.hidden/x.py": b"ignored",
    "README.md": b"ignored",
}

Packer = Callable[[Path, dict[str, bytes]], Path]


def to_folder(tmp_path: Path, files: dict[str, bytes]) -> Path:
    for path, content in files.items():
        (tmp_path / "lemur" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "lemur" / path).write_bytes(content)
    return tmp_path / "lemur"


def to_zip(tmp_path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(tmp_path / "lemur.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return tmp_path / "lemur.zip"


def to_tar(tmp_path: Path, files: dict[str, bytes], mode: str = "w:", prefix: str = "./") -> Path:
    with tarfile.open(tmp_path / "lemur.tar", mode) as archive:
        for path, content in files.items():
            member = tarfile.TarInfo(prefix + path)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return tmp_path / "lemur.tar"


def to_tgz(tmp_path: Path, files: dict[str, bytes]) -> Path:
    return to_tar(tmp_path, dict(reversed(files.items())), "w:gz", "lemur-main/")


@pytest.mark.parametrize("pack", [to_folder, to_zip, to_tar, to_tgz])
def test_a_network_comes_with_all_its_trials_and_the_best_accuracy(tmp_path: Path, pack: Packer) -> None:
    items = read(pack(tmp_path, FILES))
    assert rejected(items) == []
    by_name = {entry.name: entry for entry in entries(items)}
    assert set(by_name) == {"AlexNet", "rag-0a1b"}
    assert by_name["rag-0a1b"].accuracy is None and by_name["rag-0a1b"].statistics == ()
    alexnet = by_name["AlexNet"]
    assert alexnet.code == NET
    assert alexnet.accuracy == 0.75, "an intersection over union is no accuracy"
    assert alexnet.position.endswith("nn/AlexNet.py") and alexnet.position.startswith("lemur")
    cifar = ("img-classification", "cifar-10", "acc")
    assert alexnet.statistics == (
        *(Trial(*cifar, 1, trial) for trial in TRIALS),
        Trial(*cifar, 2, {"accuracy": 0.6}),
        Trial(*cifar, 10, {"accuracy": 0.7, "loss": None}),
        Trial("img-segmentation", "coco", "iou", 1, {"accuracy": 0.99}),
    )


@pytest.mark.parametrize("pack", [to_folder, to_zip, to_tar, to_tgz])
def test_each_unusable_file_costs_only_itself(tmp_path: Path, pack: Packer) -> None:
    bad = {
        "stat/" + CIFAR + "_Ghost/1.json": b"[]",
        "stat/" + CIFAR + "_AlexNet/3.json": b"[{]",
        "stat/" + CIFAR + "_AlexNet/4.json": b'[{"accuracy": 0.9}, 7]',
        "stat/" + CIFAR + "_AlexNet/5.json": b'[{"a": "\\u0000"}]',
        "nn/Latin.py": b"# caf\xe9\n" + NET.encode(),
        "nn/Wide.py": NET.encode("utf-16"),
        "nn/Empty.py": b"\n",
        "nn/Nul.py": b"x\0",
        "nn/Huge.py": b"#" * (MAX_CODE_BYTES + 1),
    }
    items = read(pack(tmp_path, FILES | bad))
    assert {entry.name for entry in entries(items)} == {"AlexNet", "rag-0a1b"}
    reasons = {
        position.rpartition(": ")[2].removeprefix("lemur-main/"): reason
        for position, reason in rejected(items)
    }
    expected = {
        "stat/" + CIFAR + "_Ghost": "are statistics of Ghost, but there is no Ghost.py",
        "stat/" + CIFAR + "_AlexNet/3.json": "is not JSON",
        "stat/" + CIFAR + "_AlexNet/4.json": "trial 2 is not an object",
        "stat/" + CIFAR + "_AlexNet/5.json": "trial 1.a holds NUL",
        "nn/Latin.py": "byte 6 is 0xE9, which is not UTF-8",
        "nn/Wide.py": "is UTF-16; save it as UTF-8",
        "nn/Empty.py": "the code is empty",
        "nn/Nul.py": "character 2 is NUL",
        "nn/Huge.py": "is larger than 256 KiB",
    }
    assert reasons.keys() == expected.keys()
    for path, reason in expected.items():
        assert reasons[path].startswith(reason), path


def test_of_a_checkout_only_its_networks_are_read(tmp_path: Path) -> None:
    files = {f"ab/nn/{path}": content for path, content in FILES.items()}
    package = {
        "ab/nn/api.py": b"x",
        "ab/nn/util/db/Read.py": b"x",
        "ab/nn/nn/ResNet.py": PROGRAMS[1].encode(),
    }
    source = detect(to_folder(tmp_path, files | package))
    assert source.kind == "nn_dataset"
    assert {entry.name for entry in entries(list(source.items()))} == {"AlexNet", "rag-0a1b", "ResNet"}


def test_a_package_that_ships_no_networks_is_explained(tmp_path: Path) -> None:
    folder = to_folder(tmp_path, {"ab/nn/api.py": b"x", "ab/nn/run.py": b"x", "ab/nn/util/db/Read.py": b"x"})
    with pytest.raises(SourceRefused, match=r"holds no networks.*downloads them as a database.*checkout"):
        read(folder)


def test_the_installed_package_is_found_without_importing_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SourceRefused, match="nn-dataset is not installed"):
        installed_nn_dataset()
    site = to_folder(
        tmp_path,
        {
            "ab/nn/__init__.py": b"raise RuntimeError('imported')",
            "ab/nn/util/db/Read.py": b"raise RuntimeError('imported')",
            "ab/nn/nn/AlexNet.py": NET.encode(),
            f"ab/nn/stat/train/{CIFAR}_AlexNet/1.json": json.dumps(TRIALS).encode(),
            "nn_dataset-2.2.11.dist-info/METADATA": b"Name: nn-dataset\nVersion: 2.2.11\n",
        },
    )
    monkeypatch.syspath_prepend(str(site))
    importlib.invalidate_caches()
    source = installed_nn_dataset()
    (entry,) = entries(list(source.items()))
    assert (entry.name, entry.accuracy, entry.origin) == ("AlexNet", 0.75, "nn-dataset 2.2.11")


def test_the_database_of_nn_dataset_gives_networks_with_their_trials(tmp_path: Path) -> None:
    path = tmp_path / "ab.nn.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            """
            CREATE TABLE nn (name TEXT PRIMARY KEY, code TEXT NOT NULL, id TEXT NOT NULL);
            CREATE TABLE prm (uid TEXT NOT NULL, name TEXT NOT NULL, value OBJECT NOT NULL);
            CREATE TABLE stat (id TEXT PRIMARY KEY, accuracy REAL, epoch INTEGER, duration INTEGER,
              task TEXT, dataset TEXT, nn TEXT, transform TEXT, metric TEXT, prm TEXT);
            INSERT INTO prm VALUES ('u1', 'lr', 0.1), ('u1', 'batch', 64);
            INSERT INTO stat VALUES
              ('s1', 0.5, 1, 9, 'img-classification', 'cifar-10', 'AlexNet', 'echo', 'acc', 'u1'),
              ('s2', 0.6, 2, 9, 'img-classification', 'cifar-10', 'AlexNet', 'echo', 'acc', 'u1');
            """
        )
        database.executemany(
            "INSERT INTO nn VALUES (?, ?, '')", [("AlexNet", NET), ("Bad", "a\0b"), ("New", PROGRAMS[0])]
        )
        database.commit()
    items = read(path)
    assert rejected(items) == [
        ("ab.nn.db: network Bad", "character 2 is NUL; the file is damaged or not text")
    ]
    alexnet, new = entries(items)
    assert (alexnet.code, alexnet.accuracy, new.accuracy) == (NET, 0.6, None)
    values = {"accuracy": 0.5, "duration": 9, "transform": "echo", "uid": "u1", "lr": 0.1, "batch": 64}
    assert alexnet.statistics[0] == Trial("img-classification", "cifar-10", "acc", 1, values)


def test_a_foreign_or_damaged_database_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as database:
        database.execute("CREATE TABLE secrets (x)")
        database.commit()
    with pytest.raises(SourceRefused, match="not that of nn-dataset: it has no table nn"):
        read(tmp_path / "other.db")
    (tmp_path / "torn.db").write_bytes((tmp_path / "other.db").read_bytes()[:2000])
    with pytest.raises(SourceRefused, match="damaged database"):
        read(tmp_path / "torn.db")


HOSTILE_NAMES = {
    "../escape.py": "would lie outside the archive",
    "nn/../../escape.py": "would lie outside the archive",
    "/etc/escape.py": "has an absolute name",
    "C:/escape.py": "has an absolute name",
    "nn\\..\\escape.py": "has a name that is no path",
    "more/inner.zip": "is an archive inside the archive",
    "more/inner.tar.gz": "is an archive inside the archive",
}


@pytest.mark.parametrize("pack", [to_zip, lambda path, files: to_tar(path, files, "w:gz", "")])
def test_names_that_leave_the_archive_and_archives_inside_are_refused_and_the_rest_is_kept(
    tmp_path: Path, pack: Packer
) -> None:
    items = read(pack(tmp_path, {**dict.fromkeys(HOSTILE_NAMES, NET.encode()), **FILES}))
    assert {entry.name for entry in entries(items)} == {"AlexNet", "rag-0a1b"}
    found = {position.partition(": ")[2]: reason for position, reason in rejected(items)}
    assert found.keys() == HOSTILE_NAMES.keys()
    for name, reason in HOSTILE_NAMES.items():
        assert found[name].startswith(reason)
    assert not (tmp_path.parent / "escape.py").exists()


def test_links_devices_and_repeated_names_in_a_tar_are_refused(tmp_path: Path) -> None:
    path = to_tar(tmp_path, FILES | {"nn/Link.py": b"", "nn/Hard.py": b"", "nn/Pipe.py": b""})
    with tarfile.open(path) as archive:
        members = [(member, archive.extractfile(member)) for member in archive.getmembers()]
        with tarfile.open(tmp_path / "hostile.tar", "w") as hostile:
            for member, content in members:
                kind = {"Link": tarfile.SYMTYPE, "Hard": tarfile.LNKTYPE, "Pipe": tarfile.FIFOTYPE}
                stem = Path(member.name).stem
                if stem in kind:
                    member.type, member.linkname = kind[stem], "/etc/passwd"
                hostile.addfile(member, content)
            again = tarfile.TarInfo("nn/AlexNet.py")
            again.size = 3
            hostile.addfile(again, io.BytesIO(b"x=1"))
    items = read(tmp_path / "hostile.tar")
    assert {entry.name: entry.code for entry in entries(items)} == {"AlexNet": NET, "rag-0a1b": PROGRAMS[0]}
    assert rejected(items) == [
        ("hostile.tar: nn/Link.py", "is a link; links in archives are not followed"),
        ("hostile.tar: nn/Hard.py", "is a link; links in archives are not followed"),
        ("hostile.tar: nn/Pipe.py", "is no ordinary file"),
        ("hostile.tar: nn/AlexNet.py", "appears twice; the first is read"),
    ]


def test_a_link_an_encrypted_and_a_damaged_member_of_a_zip_cost_only_themselves(tmp_path: Path) -> None:
    path = to_zip(
        tmp_path, FILES | {"nn/Torn.py": PROGRAMS[2].encode(), "nn/Secret.py": b"x", "nn/Link.py": b"x"}
    )
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        torn = archive.getinfo("nn/Torn.py").header_offset + 30 + len("nn/Torn.py")
    content[torn : torn + 20] = bytes(20)
    for name, offset, value in (("nn/Secret.py", 8, 1), ("nn/Link.py", 41, 0xA1)):
        header = content.rindex(b"PK\x01\x02", 0, content.rindex(name.encode()))
        content[header + offset] |= value
    path.write_bytes(content)
    items = read(path)
    assert {entry.name for entry in entries(items)} == {"AlexNet", "rag-0a1b"}
    found = dict(rejected(items))
    assert found["lemur.zip: nn/Secret.py"] == "is encrypted"
    assert found["lemur.zip: nn/Link.py"] == "is a link; links in archives are not followed"
    assert found["lemur.zip: nn/Torn.py"].startswith("cannot be read")


BOMB = bytes(48 * 2**20)


@pytest.mark.parametrize("pack", [to_zip, to_tgz])
def test_an_archive_bomb_ends_the_reading_before_anything_of_it_is_kept(tmp_path: Path, pack: Packer) -> None:
    path = pack(tmp_path, FILES | {"nn/Bomb.py": BOMB})
    assert path.stat().st_size < 100_000
    with pytest.raises(SourceRefused, match="unpacks to more than 200 times its size: an archive bomb"):
        next(detect(path).items())


def test_an_archive_that_is_too_large_in_all_is_refused(tmp_path: Path) -> None:
    path = to_zip(tmp_path, FILES)
    content = bytearray(path.read_bytes())
    header = content.index(b"PK\x01\x02")
    content[header + 20 : header + 28] = (2**30).to_bytes(4, "little") + (3 * 2**30).to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(SourceRefused, match="unpacks to more than 2 GiB"):
        read(path)


@pytest.mark.parametrize("share", [0.02, 0.4, 0.9, 0.99])
@pytest.mark.parametrize("pack", [to_zip, to_tar, to_tgz])
def test_a_torn_archive_is_refused_as_damaged(tmp_path: Path, pack: Packer, share: float) -> None:
    path = pack(tmp_path, FILES)
    content = path.read_bytes().rstrip(b"\0")
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(SourceRefused, match=r"damaged|of no kind"):
        read(path)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pack=st.sampled_from([to_zip, to_tar, to_tgz]),
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=4
    ),
)
def test_whatever_bytes_of_an_archive_change_there_is_a_sentence_and_no_other_error(
    tmp_path: Path, pack: Packer, changes: list[tuple[float, int]]
) -> None:
    path = pack(tmp_path, FILES | {"rows.jsonl": line(code=NET)})
    content = bytearray(path.read_bytes())
    for share, value in changes:
        content[int(share * len(content))] = value
    path.write_bytes(content)
    try:
        read(path)
    except SourceRefused as error:
        assert str(error).endswith(".")


def test_gzip_that_holds_no_tar_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl.gz").write_bytes(gzip.compress(line(code=NET)))
    with pytest.raises(SourceRefused, match=r"rows\.jsonl\.gz is no tar archive"):
        read(tmp_path / "rows.jsonl.gz")


def test_an_archive_may_hold_rows(tmp_path: Path) -> None:
    path = to_zip(tmp_path, {"data/train.jsonl": line(code=NET) + b"oops\n", "README.md": b"x"})
    items = read(path)
    assert [(entry.position, entry.name) for entry in entries(items)] == [
        ("lemur.zip: data/train.jsonl line 1", "train-1")
    ]
    assert [position for position, _ in rejected(items)] == ["lemur.zip: data/train.jsonl line 2"]


def test_what_holds_nothing_says_so_with_what_was_refused(tmp_path: Path) -> None:
    with pytest.raises(
        SourceRefused, match=r"neither networks .* 1 files were refused: .*\.\./x\.py would lie"
    ):
        read(to_zip(tmp_path, {"../x.py": NET.encode(), "notes.txt": b"x"}))


def test_links_that_leave_a_folder_and_pipes_in_it_are_refused(tmp_path: Path) -> None:
    folder = to_folder(tmp_path, FILES)
    (tmp_path / "secret.py").write_text(NET)
    (folder / "nn" / "Out.py").symlink_to(tmp_path / "secret.py")
    (folder / "nn" / "In.py").symlink_to("AlexNet.py")
    (folder / "nn" / "Loop.py").symlink_to("Loop.py")
    (folder / "nn" / "all").symlink_to(tmp_path)
    os.mkfifo(folder / "nn" / "Pipe.py")
    items = read(folder)
    assert {entry.name for entry in entries(items)} == {"AlexNet", "In", "rag-0a1b"}
    found = dict(rejected(items))
    assert found["lemur: nn/Out.py"] == found["lemur: nn/all"] == "is a link that leads out of the folder"
    assert found["lemur: nn/Loop.py"].startswith("cannot be read")
    assert found["lemur: nn/Pipe.py"] == "is no ordinary file"


def test_ever_so_many_statistics_take_no_memory_mapping_each(tmp_path: Path) -> None:
    """nn-dataset 2.0.6 has 75,895 of them, and a process may have 65,530 mappings."""
    trial = json.dumps([{"accuracy": 0.5}]).encode()
    files = {f"stat/{CIFAR}_Net{number}/{epoch}.json": trial for number in range(20) for epoch in range(50)}
    files |= {f"nn/Net{number}.py": NET.encode() for number in range(20)}
    source = detect(to_folder(tmp_path, files))
    assert source.count() == 20
    items, before = source.items(), mappings()
    next(items)  # all statistics are held now
    assert mappings() - before < 100
    assert len(list(items)) == 19


def test_networks_are_counted_without_reading_but_not_rows_beside_them(tmp_path: Path) -> None:
    assert detect(to_folder(tmp_path / "plain", FILES)).count() == 2
    assert detect(to_folder(tmp_path / "both", FILES | {"rows.jsonl": b"{}\n"})).count() is None


def mappings() -> int:
    return len(Path("/proc/self/maps").read_text().splitlines())
