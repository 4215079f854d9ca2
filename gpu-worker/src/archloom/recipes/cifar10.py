"""`cifar10`: CIFAR-10 at its own size, the paper's data with a sixty-fourth of its pixels.

Claim: ranks image networks of the size that a 7B model writes after one epoch. Not measured: no CIFAR image
was at hand when it was written, so neither accuracies nor seed noise are known, and the settings are
customary ones. Measured on bytes of the same shape, on one thread of an AMD EPYC, over 20 batches, for
networks of the paper's authors: 64 million multiply-adds took 4.0-4.4 CPU seconds, 575 million took 30. An
epoch has 781 batches, so it takes about 3 minutes for the former half of their networks and 20 for the
latter. Has not run on a card.

Data     60,000 colour images of 3x32x32 in 10 classes, kept as bytes (184 MB in each slot) and normalised
         batch by batch with the customary mean and deviation of each channel.
Split    the 50,000 training images train (781 batches of 64, the last 16 images dropped). The 10,000 test
         images are halved in a fixed order: 5,000 selection, 5,000 report. Nothing is ever selected on
         `report`.
Training one epoch, batch 64, SGD with learning rate 0.01 and momentum 0.9, gradient norm clipped at 3,
         dropout 0.2 for networks that ask for it, float32. Each batch is flipped and shifted by up to 4
         pixels at random; candidates that train themselves are handed the same batches.
Limits   40 million parameters, 1.5 billion multiply-adds and 32 MiB of activations an image: 1.5, 1.8 and 3
         times the largest of 30 networks of the paper's authors that build. On a processor 2 hours of CPU,
         twice what the largest network allowed takes; wall three times that. On a card 15 minutes, five
         times what arithmetic gives for that network at 2.5 TFLOP/s, and 8 GiB of its memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from archloom.recipes.parts import as_bytes, normalise, random_crop, random_flip, sgd_epoch
from archloom.recipes.protocol import GIB, MIB, Batches, Limits, Losses, Recipe

if TYPE_CHECKING:
    from torch import Generator, Tensor, nn

    from archloom.datasets.evaluation_data import EvaluationData

MEAN = (0.4914, 0.4822, 0.4465)
DEVIATION = (0.2470, 0.2435, 0.2616)
PADDING = 4
GRADIENT_NORM = 3.0
LIMITS = Limits(
    parameters=40_000_000,
    multiply_adds=1_500_000_000,
    activation_bytes=32 * MIB,
    cpu_seconds=2 * 3600,
    wall_seconds=6 * 3600,
    memory_bytes=6 * GIB,
)


def load() -> EvaluationData:
    # Imported here because the jail, which loads this file too, has no archloom.datasets.
    from archloom.datasets import load_dataset

    return load_dataset("cifar10")


def augment(images: Tensor, random: Generator) -> Tensor:
    return random_crop(random_flip(images, random), PADDING, random)


def view(images: Tensor) -> Tensor:
    return normalise(images, MEAN, DEVIATION)


def train(net: nn.Module, batches: Batches, prm: Mapping[str, float]) -> Losses:
    return sgd_epoch(net, batches, prm, GRADIENT_NORM)


RECIPE = Recipe(
    name="cifar10",
    version=1,
    description="CIFAR-10 at 32x32, one epoch; minutes a candidate on a processor, made for a graphics card.",
    module=__name__,
    in_shape=(3, 32, 32),
    classes=10,
    batch_size=64,
    prm={"lr": 0.01, "momentum": 0.9, "dropout": 0.2},
    typical_seconds=600,
    limits=LIMITS,
    card_limits=replace(LIMITS, cpu_seconds=900, wall_seconds=900),
    load=load,
    prepare=as_bytes,
    augment=augment,
    view=view,
    train=train,
    dataset="cifar10",
    data_bytes=60_000 * 3 * 32 * 32,
    test_batch_size=250,
)
