"""What the zygote does once, so that no candidate pays for it."""

# pyright: reportUnknownMemberType=false
# Some of torch's functions carry only part of their types.

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from archloom.recipes.protocol import Recipe
from archloom.sandbox.inside.check import check_network

if TYPE_CHECKING:
    from archloom.datasets.evaluation_data import Array


@dataclass(frozen=True)
class Workbench:
    """What every fork starts with. No label of a held-out image is anywhere in it."""

    recipe: Recipe
    train_images: Tensor
    train_labels: Tensor
    test_images: Tensor
    device: torch.device

    def view(self, images: Tensor) -> Tensor:
        """A batch of images as the network sees it."""
        return images if self.recipe.view is None else self.recipe.view(images)

    def training_view(self, images: Tensor, random: torch.Generator) -> Tensor:
        """The same for training images, augmented first."""
        augment = self.recipe.augment
        return self.view(images if augment is None else augment(images, random))


class _Rehearsal(nn.Module):
    """Touches what a small image network touches."""

    def __init__(self, channels: int, classes: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(channels, 4, 3, padding=1),
            nn.BatchNorm2d(4),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(4, 4, 3, groups=4),
            nn.GroupNorm(2, 4),
            nn.GELU(),
            nn.Dropout(0.2),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(4, classes),
        )

    def forward(self, images: Tensor) -> Tensor:
        return self.layers(images)


def warm_up(recipe: Recipe, train_images: Array, train_labels: Array, test_images: Array) -> Workbench:
    """Prepare the recipe's tensors and load everything that torch loads lazily (its optimisers: four
    seconds)."""
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    train, test = recipe.prepare(train_images, test_images)
    workbench = Workbench(recipe, train, torch.from_numpy(train_labels).clone(), test, torch.device("cpu"))
    # Its first call imports what else has random numbers.
    seed_everything(0)
    for is_last_word in (False, True):
        check_network(lambda _: _Rehearsal(recipe.in_shape[0], recipe.classes), recipe, is_last_word)
    rehearse(workbench)
    return workbench


def rehearse(workbench: Workbench) -> None:
    """Train a small network on one batch, and let it look at some test images."""
    recipe, size = workbench.recipe, workbench.recipe.batch_size
    images = workbench.training_view(workbench.train_images[:size], torch.Generator())
    net = _Rehearsal(images.shape[1], recipe.classes).to(workbench.device)
    recipe.train(net, _OneBatch((images, workbench.train_labels[:size])), recipe.prm)
    net.eval()
    with torch.no_grad():
        net(workbench.view(workbench.test_images[:size]))


class _OneBatch:
    def __init__(self, batch: tuple[Tensor, Tensor]) -> None:
        self._batches = iter([batch])

    def __iter__(self) -> _OneBatch:
        return self

    def __next__(self) -> tuple[Tensor, Tensor]:
        return next(self._batches)

    def __len__(self) -> int:
        return 1


def seed_everything(seed: int) -> None:
    """Initial weights, dropout and whatever randomness the program uses follow from the seed.

    Not by `torch.manual_seed`, which without a card in use notes down its whole call stack, source lines
    included: 5 ms of reading files through the jail.
    """
    torch.default_generator.manual_seed(seed)
    if torch.cuda.is_initialized():
        torch.cuda.manual_seed_all(seed)
    random.seed(seed)
    np.random.seed(seed % 2**32)
