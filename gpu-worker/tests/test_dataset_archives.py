"""Original archives: read as they are, and refused by name when they are anything else."""

from __future__ import annotations

import gzip
import hashlib
import io
import struct
import tarfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat
from support_datasets import Drawn, draw, records, write_archive, write_cifar10, write_cifar100, write_svhn

from archloom.datasets import dataset_status, load_dataset
from archloom.datasets.cifar import CIFAR10, CIFAR10_FORMAT
from archloom.datasets.errors import DatasetDamaged, DatasetMissing, DatasetUnavailable
from archloom.datasets.evaluation_data import EvaluationData
from archloom.datasets.originals import DataFolder, Dataset
from archloom.datasets.splits import split_in_halves
from archloom.datasets.svhn import SVHN

ARCHIVE = "cifar-10-binary.tar.gz"
FOLDER = CIFAR10_FORMAT.folder


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder, whose files need not be the published ones."""
    monkeypatch.setenv("ARCHLOOM_DATA", str(tmp_path))
    monkeypatch.setenv("ARCHLOOM_DATA_UNCHECKED", "1")
    return tmp_path


def read(dataset: Dataset, folder: Path) -> EvaluationData:
    return dataset.read(dataset, dataset.find(DataFolder(folder, is_checked=False)))


def assert_is(data: EvaluationData, train: list[Drawn], test: Drawn) -> None:
    assert data.train_images.dtype == data.test_images.dtype == np.uint8
    assert (data.train_images == np.concatenate([part.images for part in train])).all()
    assert (data.train_labels == np.concatenate([part.labels for part in train])).all()
    assert (data.test_images == test.images).all()
    halves = data.held_out["selection"], data.held_out["report"]
    assert abs(len(halves[0].labels) - len(halves[1].labels)) <= 1
    assert sorted(np.concatenate([half.positions for half in halves])) == list(range(len(test.labels)))
    for half in halves:
        assert (half.labels == test.labels[half.positions]).all()


def test_cifar10_is_read_in_the_order_of_its_batches(data: Path) -> None:
    batches, test = write_cifar10(data)
    assert_is(load_dataset("cifar10"), batches, test)


def test_the_class_of_cifar100_is_its_fine_label(data: Path) -> None:
    train, test = write_cifar100(data)
    assert_is(load_dataset("cifar100"), [train], test)


def test_svhn_calls_the_digit_zero_ten(data: Path) -> None:
    train, test = write_svhn(data, test=101)
    assert_is(load_dataset("svhn"), [train], test)


def test_the_extracted_folder_will_do(data: Path) -> None:
    batches, test = write_cifar10(data)
    with tarfile.open(data / ARCHIVE) as archive:
        archive.extractall(data, filter="data")
    (data / ARCHIVE).unlink()
    assert_is(read(CIFAR10, data), batches, test)
    (data / FOLDER / "data_batch_3.bin").unlink()
    with pytest.raises(DatasetMissing, match=r"data_batch_3\.bin is missing"):
        read(CIFAR10, data)


@pytest.mark.parametrize(
    ("name", "images", "digest"),
    [("cifar10", 10_000, "62f9f400904e9354"), ("svhn", 26_032, "4b7e0ff23ae11ff8")],
)
def test_the_halves_never_change(name: str, images: int, digest: str) -> None:
    """They decide every figure: a change makes new results incomparable with old ones."""
    halves = split_in_halves(np.zeros(images, np.int64), f"archloom-{name}-1")
    positions = halves["selection"].positions.astype("<i8").tobytes()
    assert hashlib.sha256(positions).hexdigest().startswith(digest)


def test_a_loaded_data_set_is_kept(data: Path) -> None:
    write_cifar10(data)
    assert load_dataset("cifar10") is load_dataset("cifar10")


def test_what_is_not_there_is_named_with_where_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHLOOM_DATA", str(tmp_path))
    for name, file in (("cifar10", ARCHIVE), ("svhn", "train_32x32.mat")):
        assert dataset_status(name).state == "missing"
        with pytest.raises(DatasetMissing) as missing:
            load_dataset(name)
        assert all(part in str(missing.value) for part in (file, str(tmp_path), "http", f"fetch {name}"))
    assert list(tmp_path.iterdir()) == [], "loading downloads nothing"
    with pytest.raises(DatasetUnavailable, match="known data sets: cifar10"):
        load_dataset("cifar11")


def test_a_file_with_another_checksum_is_refused_with_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHLOOM_DATA", str(tmp_path))
    monkeypatch.setenv("ARCHLOOM_HOME", str(tmp_path))
    write_cifar10(tmp_path)
    found = hashlib.md5((tmp_path / ARCHIVE).read_bytes(), usedforsecurity=False).hexdigest()
    assert dataset_status("cifar10").state == "damaged"
    with pytest.raises(DatasetDamaged, match=f"{found}.*c32a1d4ab5d03f1284b67883e8d87530"):
        load_dataset("cifar10")
    # Remembered, but not beyond a change of the file.
    published = replace(CIFAR10, files=(replace(CIFAR10.files[0], checksum=f"md5:{found}"),))
    assert published.find(DataFolder(tmp_path)).is_checked
    with (tmp_path / ARCHIVE).open("ab") as archive:
        archive.write(b"one more")
    with pytest.raises(DatasetDamaged):
        published.find(DataFolder(tmp_path))


def test_a_published_archive_has_all_its_images(tmp_path: Path) -> None:
    """Even one with the right checksum, should a description ever name a wrong file."""
    write_cifar10(tmp_path)
    found = hashlib.sha256((tmp_path / ARCHIVE).read_bytes()).hexdigest()
    published = replace(CIFAR10, files=(replace(CIFAR10.files[0], checksum=f"sha256:{found}"),))
    with pytest.raises(DatasetDamaged, match=r"data_batch_1\.bin has 40 images instead of 10,000"):
        published.read(published, published.find(DataFolder(tmp_path)))


BATCH = records(draw(10, 10, 0), CIFAR10_FORMAT)


def _with(change: dict[str, bytes | None]) -> Callable[[Path], None]:
    """A good archive in which members are replaced, added or, with None, left out."""

    def write(path: Path) -> None:
        good = {f"{FOLDER}/{name}": BATCH for name in CIFAR10_FORMAT.records}
        files = {**good, **{f"{FOLDER}/{name}": content for name, content in change.items()}}
        write_archive(path, [(name, content) for name, content in files.items() if content is not None])

    return write


def _with_link(path: Path) -> None:
    with tarfile.open(path, "w:gz") as archive:
        link = tarfile.TarInfo(f"{FOLDER}/data_batch_1.bin")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)


def _bomb(path: Path) -> None:
    """256 MiB of nothing under a name that is not read, a hundredth of that on disk."""
    member = tarfile.TarInfo(f"{FOLDER}/readme.html")
    member.size = 1 << 28
    zeros = bytes(1 << 20)
    with gzip.open(path, "wb", compresslevel=1) as packed:
        packed.write(member.tobuf())
        for _ in range(member.size // len(zeros)):
            packed.write(zeros)


def _cut(path: Path) -> None:
    _with({})(path)
    path.write_bytes(path.read_bytes()[:-2000])


WRONG_CLASS = bytes([10]) + BATCH[1:]


@pytest.mark.parametrize(
    ("write", "complaint"),
    [
        (
            _with({"../../data_batch_1.bin": BATCH}),
            r"'cifar-10-batches-bin/\.\./\.\./data_batch_1.bin'.*leads out",
        ),
        (lambda path: write_archive(path, [("/etc/x", b"x")]), "'/etc/x'.*leads out"),
        (_with_link, "data_batch_1.bin'.*is not an ordinary file"),
        (_with({"test_batch.bin": BATCH[:-1]}), "test_batch.bin'.*30,729 bytes; a whole record has 3,073"),
        (_with({"test_batch.bin": b""}), "test_batch.bin'.* 0 bytes"),
        (_with({"data_batch_2.bin": None}), "has no cifar-10-batches-bin/data_batch_2.bin"),
        (_with({"data_batch_2.bin": WRONG_CLASS}), "record 0 of.*data_batch_2.bin.*class 10, of 10 classes"),
        (_with({"data_batch_4.bin": bytes(3073 * 10_001)}), "data_batch_4.bin'.*holds 30,730,000 at most"),
        (_bomb, "unpacks to more than the 185,428,576 bytes it may have"),
        (_cut, "cannot be read as CIFAR-10"),
        (lambda path: path.write_bytes(b"not gzip"), "cannot be read as CIFAR-10"),
        (lambda path: path.write_bytes(gzip.compress(b"not tar" * 1000)), "cannot be read as CIFAR-10"),
    ],
    ids=lambda value: None if isinstance(value, str) else getattr(value, "__name__", None),
)
def test_an_archive_that_is_not_what_it_should_be_is_refused_by_name(
    tmp_path: Path, write: Callable[[Path], object], complaint: str
) -> None:
    write(tmp_path / ARCHIVE)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(DatasetDamaged, match=complaint):
        read(CIFAR10, tmp_path)
    assert sorted(tmp_path.rglob("*")) == before, "nothing was extracted"


def _mat(**content: object) -> bytes:
    file = io.BytesIO()
    savemat(file, content, do_compression=True)
    return file.getvalue()


PIXELS = np.zeros((32, 32, 3, 5), dtype=np.uint8)


def _mat_bomb() -> bytes:
    """Says that it holds five images, and holds 256 MiB of zeros."""

    def element(kind: int, content: bytes) -> bytes:
        return struct.pack("<II", kind, len(content)) + content

    flags, shape = struct.pack("<II", 9, 0), struct.pack("<4i", 32, 32, 3, 5)
    head = element(6, flags) + element(5, shape) + struct.pack("<HH4s", 1, 1, b"X")
    size = 1 << 28
    packer = zlib.compressobj(1)
    zeros = bytes(1 << 20)
    packed = packer.compress(
        struct.pack("<II", 14, len(head) + 8 + size) + head + struct.pack("<II", 2, size)
    )
    packed += b"".join(packer.compress(zeros) for _ in range(size // len(zeros))) + packer.flush()
    return b"MATLAB 5.0 MAT-file".ljust(124) + struct.pack("<H2s", 0x0100, b"IM") + element(15, packed)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (_mat_bomb(), "unpacks to more than the 226,167,337 bytes it may have"),
        (b"not matlab", "cannot be read as a MATLAB 5 file"),
        (_mat(y=np.ones((5, 1), np.uint8)), r"X of shape \(\)"),
        (_mat(X=PIXELS, y=np.ones((4, 1), np.uint8)), r"not \(32, 32, 3, n\) and \(n, 1\)"),
        (_mat(X=PIXELS.astype(float), y=np.ones((5, 1), np.uint8)), "float64 pixels"),
        (_mat(X=PIXELS, y=np.full((5, 1), 11, np.uint8)), "image 0 of .* has class 11"),
        (_mat(X=np.zeros((32, 32, 3, 73_258), np.uint8), y=np.ones((73_258, 1))), "73,258 images instead of"),
    ],
)
def test_a_matlab_file_that_is_not_svhn_is_refused(tmp_path: Path, content: bytes, complaint: str) -> None:
    write_svhn(tmp_path)
    (tmp_path / "train_32x32.mat").write_bytes(content)
    with pytest.raises(DatasetDamaged, match=complaint):
        read(SVHN, tmp_path)
