"""The recipes for colour images: what their headers say is what candidates get."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import torch
from jail_fixtures import GOOD, LEMUR
from support_datasets import draw, write_cifar10

from archloom.datasets.errors import DatasetMissing
from archloom.executor import Evaluation, evaluate_candidate
from archloom.recipes import get_recipe, recipe_summaries
from archloom.recipes.protocol import GIB, MIB, Recipe
from archloom.sandbox import open_sandbox
from archloom.sandbox.slot import JailedSlot

PLAIN = GOOD.replace("Conv2d(1,", "Conv2d(3,")
CURIOUS = LEMUR.replace(
    "        self.train()\n",
    "        import hashlib\n        self.train()\n",
).replace(
    "            self.optimizer.zero_grad()\n",
    "            digest = hashlib.md5(inputs.numpy().tobytes()).hexdigest()\n"
    "            print(tuple(inputs.shape), inputs.dtype, digest)\n"
    "            self.optimizer.zero_grad()\n",
)
"""Trains itself, and says what it is given."""


def open_small(folder: Path, recipe: Recipe, each: int, test: int) -> Iterator[JailedSlot]:
    """A slot over a small archive. Limits of time are cut to what tests can wait for."""
    write_cifar10(folder, each, test)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ARCHLOOM_DATA", str(folder))
        environment.setenv("ARCHLOOM_DATA_UNCHECKED", "1")
        limits = replace(recipe.limits, cpu_seconds=60, wall_seconds=180)
        slot = open_sandbox(device="cpu").open_slot(replace(recipe, limits=limits))
        yield slot
        slot.close()


@pytest.fixture(scope="module")
def cifar10(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JailedSlot]:
    yield from open_small(tmp_path_factory.mktemp("cifar10"), get_recipe("cifar10"), each=257, test=300)


def evaluate(slot: JailedSlot, recipe: str, program: str, seed: int = 0) -> Evaluation:
    return evaluate_candidate(slot, get_recipe(recipe), program, seed, threading.Event())


@pytest.mark.parametrize("program", [PLAIN, LEMUR], ids=["plain", "lemur"])
def test_a_network_learns_from_a_small_archive(cifar10: JailedSlot, program: str) -> None:
    evaluation = evaluate(cifar10, "cifar10", program)
    assert evaluation.outcome == "ok"
    assert evaluation.verdict.batches_delivered == 5 * 257 // 64
    assert evaluation.selection is not None
    assert evaluation.report is not None
    assert (evaluation.selection.total, evaluation.report.total) == (150, 150)
    worse = min(evaluation.selection.accuracy, evaluation.report.accuracy)
    assert worse > 0.3, "far above chance, which is 0.1"


def test_the_recipe_s_own_loop_lowers_the_loss(cifar10: JailedSlot) -> None:
    verdict = evaluate(cifar10, "cifar10", PLAIN).verdict
    assert verdict.train_loss_first is not None
    assert verdict.train_loss_last is not None
    assert verdict.train_loss_last < verdict.train_loss_first


def test_one_seed_is_one_augmented_epoch_also_for_networks_that_train_themselves(cifar10: JailedSlot) -> None:
    first, again, other = (evaluate(cifar10, "cifar10", CURIOUS, seed) for seed in (1, 1, 2))
    assert first.verdict.output.startswith("(64, 3, 32, 32) torch.float32")
    assert first.verdict.output.count("\n") == 5 * 257 // 64
    assert first.verdict.output == again.verdict.output
    assert first.verdict.predictions == again.verdict.predictions
    assert set(first.verdict.output.split()).isdisjoint(
        word for word in other.verdict.output.split() if len(word) == 32
    )


def test_a_network_too_large_for_the_recipe_is_refused(cifar10: JailedSlot) -> None:
    wide = PLAIN.replace("self.head =", "self.wide = nn.Linear(10_000, 5_000)\n        self.head =")
    verdict = evaluate(cifar10, "cifar10", wide).verdict
    assert verdict.outcome == "too_large"
    assert verdict.error is not None
    assert "the recipe allows 40,000,000" in verdict.error.message


def test_the_paper_s_recipe_enlarges_batch_by_batch(tmp_path: Path) -> None:
    """32 training images and 66 test images (two full passes and a rest) in one go."""
    for slot in open_small(tmp_path, get_recipe("cifar10-paper"), each=7, test=66):
        evaluation = evaluate(slot, "cifar10-paper", CURIOUS)
        assert evaluation.outcome == "ok"
        said = evaluation.verdict.output.split("\n")
        assert [line.rpartition(" ")[0] for line in said[:2]] == ["(16, 3, 256, 256) torch.float32"] * 2
        assert evaluation.verdict.batches_delivered == 2
        assert evaluation.selection is not None
        assert evaluation.selection.total == 33


@pytest.mark.parametrize("name", ["cifar10", "cifar100", "svhn", "cifar10-paper"])
def test_without_its_data_a_recipe_says_what_to_do(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHLOOM_DATA", str(tmp_path))
    with pytest.raises(DatasetMissing, match="put it there as it is"):
        open_sandbox(device="cpu").open_slot(get_recipe(name))


@pytest.mark.parametrize(
    ("name", "images", "test_images", "settings"),
    [
        ("cifar10", 50_000, 10_000, (64, 0.01, 0.9, 0.2)),
        ("cifar100", 50_000, 10_000, (64, 0.01, 0.9, 0.2)),
        ("svhn", 73_257, 26_032, (64, 0.01, 0.9, 0.2)),
        ("cifar10-paper", 50_000, 10_000, (16, 0.01, 0.9, 0.2)),
    ],
)
def test_the_numbers_are_those_of_the_header(
    name: str, images: int, test_images: int, settings: tuple[float, ...]
) -> None:
    recipe = get_recipe(name)
    header = import_module(recipe.module).__doc__ or ""
    prm = recipe.prm
    assert (recipe.batch_size, prm["lr"], prm["momentum"], prm["dropout"]) == settings
    assert f"{images // recipe.batch_size:,} batches" in header
    assert f"{test_images // 2:,} selection" in header
    assert recipe.data_bytes == (images + test_images) * 3 * 32 * 32
    assert recipe.card_limits is not None
    assert recipe.on("cuda").limits == recipe.card_limits
    assert recipe.on("cpu") == recipe


def test_the_limits_are_those_of_the_headers() -> None:
    small, paper = get_recipe("cifar10"), get_recipe("cifar10-paper")
    assert (small.limits.parameters, small.limits.multiply_adds) == (40_000_000, 1_500_000_000)
    assert (small.limits.activation_bytes, small.limits.cpu_seconds) == (32 * MIB, 7200)
    assert (paper.limits.parameters, paper.limits.multiply_adds) == (500_000_000, 100_000_000_000)
    assert (paper.limits.activation_bytes, paper.limits.cpu_seconds) == (GIB, 5 * paper.typical_seconds)


def test_summaries_are_json_and_tell_whether_the_data_are_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_cifar10(tmp_path)
    monkeypatch.setenv("ARCHLOOM_DATA", str(tmp_path))
    monkeypatch.setenv("ARCHLOOM_DATA_UNCHECKED", "1")
    summaries = {summary["name"]: summary for summary in json.loads(json.dumps(recipe_summaries()))}
    assert {name: summary["dataset_state"] for name, summary in summaries.items()} == {
        "digits": None,
        "cifar10": "ready",
        "cifar10-paper": "ready",
        "cifar100": "missing",
        "svhn": "missing",
    }
    assert summaries["cifar10-paper"]["in_shape"] == [3, 256, 256]
    assert summaries["cifar100"]["classes"] == 100
    assert "ARCHLOOM_DATA_UNCHECKED" in summaries["cifar10"]["dataset_detail"]


IMAGES = torch.from_numpy(draw(200, 10, 0).images)


def augmented(name: str, seed: int = 0) -> torch.Tensor:
    augment = get_recipe(name).augment
    assert augment is not None
    return augment(IMAGES, torch.Generator().manual_seed(seed))


def windows(image: torch.Tensor) -> set[bytes]:
    """All that a shift of up to four pixels can make of it, black moving in."""
    padded = np.pad(image.numpy(), ((0, 0), (4, 4), (4, 4)))
    return {padded[:, y : y + 32, x : x + 32].tobytes() for y in range(9) for x in range(9)}


@pytest.mark.parametrize(("name", "least", "most"), [("cifar10", 70, 130), ("svhn", 0, 0)])
def test_images_are_shifted_and_where_customary_mirrored(name: str, least: int, most: int) -> None:
    mirrored = 0
    for before, after in zip(IMAGES, augmented(name), strict=True):
        bytes_after = after.numpy().tobytes()
        if bytes_after not in windows(before):
            mirrored += 1
            assert bytes_after in windows(before.flip(2))
    assert least <= mirrored <= most
    assert torch.equal(augmented(name), augmented(name))
    assert not torch.equal(augmented(name), augmented(name, seed=1))


def test_the_paper_s_recipe_only_mirrors() -> None:
    after = augmented("cifar10-paper")
    same = (after == IMAGES).flatten(1).all(1)
    flipped = (after == IMAGES.flip(3)).flatten(1).all(1)
    assert (same ^ flipped).all()
    assert 70 <= flipped.sum() <= 130


@pytest.mark.parametrize("name", ["cifar10", "cifar100", "svhn"])
def test_pixels_are_normalised_by_channel(name: str) -> None:
    recipe = get_recipe(name)
    module = import_module(recipe.module)
    assert recipe.view is not None
    seen = recipe.view(IMAGES[:8])
    assert (seen.shape, seen.dtype) == ((8, 3, 32, 32), torch.float32)
    for channel, (mean, deviation) in enumerate(zip(module.MEAN, module.DEVIATION, strict=True)):
        expected = (IMAGES[:8, channel].double() / 255 - mean) / deviation
        assert torch.allclose(seen[:, channel].double(), expected, atol=1e-5)


def test_enlarging_is_bilinear_and_keeps_whole_pixel_values() -> None:
    """Against interpolation along one axis after the other, written down once more."""
    recipe = get_recipe("cifar10-paper")
    module = import_module(recipe.module)
    assert recipe.view is not None
    image = IMAGES[:1, :, :, :]
    seen = recipe.view(image)[0, 0].double().numpy() * module.DEVIATION[0] * 255 + module.MEAN[0] * 255
    centres = (np.arange(256) + 0.5) / 8 - 0.5
    rows = np.stack([np.interp(centres, np.arange(32), row) for row in image[0, 0].double().numpy()])
    expected = np.stack([np.interp(centres, np.arange(32), column) for column in rows.T]).T
    assert np.abs(seen - expected).max() < 0.51
    assert np.abs(seen - seen.round()).max() < 1e-3
