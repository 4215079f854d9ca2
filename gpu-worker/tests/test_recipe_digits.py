"""The recipe's data and claims, and how recipes are found."""

from __future__ import annotations

import gzip
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from jail_fixtures import GOOD

from archloom.datasets import digits as digits_data
from archloom.datasets.errors import DatasetUnavailable
from archloom.recipes import UnknownRecipe, get_recipe, recipe_names
from archloom.sandbox.slot import JailedSlot


def test_an_unknown_recipe_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownRecipe, match="digits"):
        get_recipe("cifar11")
    assert "digits" in recipe_names()


def test_the_splits_have_the_sizes_they_claim_and_share_no_image() -> None:
    data = get_recipe("digits").load()
    assert data.train_images.shape == (1297, 1, 8, 8)
    assert data.test_images.shape == (500, 1, 8, 8)
    positions = [set(split.positions.tolist()) for split in data.held_out.values()]
    assert [len(split) for split in positions] == [250, 250]
    assert positions[0] | positions[1] == set(range(500))
    assert sorted(digits_data.fixed_order().tolist()) == list(range(1797))


def test_every_label_belongs_to_its_image() -> None:
    """Compared with scikit-learn's own loader, image by image."""
    from sklearn.datasets import load_digits

    reference = load_digits()
    data = get_recipe("digits").load()
    order = digits_data.fixed_order()
    images = np.concatenate([data.train_images, data.test_images]).reshape(-1, 64)
    assert (images == reference.data[order]).all()
    assert (data.train_labels == reference.target[order][:1297]).all()
    for split in data.held_out.values():
        assert (split.labels == reference.target[order][1297:][split.positions]).all()


def test_no_split_is_short_of_a_class() -> None:
    data = get_recipe("digits").load()
    for labels in (data.train_labels, *(split.labels for split in data.held_out.values())):
        assert np.bincount(labels, minlength=10).min() >= len(labels) * 0.07


def test_images_are_enlarged_by_repeating_pixels_and_normalised_by_the_training_images() -> None:
    recipe = get_recipe("digits")
    data = recipe.load()
    train, test = recipe.prepare(data.train_images, data.test_images)
    assert (train.shape, test.shape, train.dtype) == ((1297, 1, 16, 16), (500, 1, 16, 16), torch.float32)
    assert abs(train.mean().item()) < 1e-4
    assert abs(train.std().item() - 1) < 1e-3
    blocks = train.unfold(2, 2, 2).unfold(3, 2, 2).flatten(4)
    assert (blocks == blocks[..., :1]).all()
    raw = torch.from_numpy(data.test_images).float()
    assert torch.corrcoef(torch.stack([test[:, :, ::2, ::2].flatten(), raw.flatten()]))[0, 1] > 0.9999


def test_the_recipe_s_own_loop_is_one_epoch_as_described(slot: JailedSlot) -> None:
    verdict = slot.evaluate(GOOD, 0, threading.Event())
    assert verdict.batches_delivered == 1297 // 16
    assert verdict.train_loss_first is not None
    assert verdict.train_loss_last is not None
    assert verdict.train_loss_last < verdict.train_loss_first


def test_another_file_in_its_place_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = tmp_path / "digits.csv.gz"
    monkeypatch.setattr(digits_data, "digits_file", lambda: other)
    digits_data.load_digits.cache_clear()
    with pytest.raises(DatasetUnavailable, match="could not be read"):
        digits_data.load_digits()
    other.write_bytes(gzip.compress(b"1,2,3\n"))
    with pytest.raises(DatasetUnavailable, match="not the digits file"):
        digits_data.load_digits()


def test_the_supervisor_s_side_never_imports_torch() -> None:
    code = (
        "import sys, archloom.sandbox, archloom.sandbox.self_test, archloom.executor, archloom.recipes as r;"
        "r.get_recipe('digits').load(); sys.exit('torch' in sys.modules or 'sklearn' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
