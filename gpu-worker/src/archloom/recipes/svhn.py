"""`svhn`: house numbers at 32x32, for transfer: do networks found on photographs do on digits?

Claim: none measured. An epoch has 1,144 batches instead of 781, so it takes half again what `cifar10` takes.

Data     99,289 colour images of 3x32x32, cropped around one digit; 305 MB of bytes in each slot, normalised
         batch by batch with the customary mean and deviation of each channel. The "extra" images are not
         used.
Split    73,257 train (1,144 batches of 64, the last 41 images dropped); the 26,032 test images halved in a
         fixed order: 13,016 selection, 13,016 report. Nothing is ever selected on `report`.
Training as `cifar10`, but images are only shifted, never flipped: a mirrored digit is another thing.
Limits   as `cifar10`, whose header gives the reasons; times half again as long.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archloom.recipes import cifar10
from archloom.recipes.parts import normalise, random_crop

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from archloom.datasets.evaluation_data import EvaluationData

MEAN = (0.4377, 0.4438, 0.4728)
DEVIATION = (0.1980, 0.2010, 0.1970)
LIMITS = replace(cifar10.LIMITS, cpu_seconds=3 * 3600, wall_seconds=9 * 3600)


def load() -> EvaluationData:
    # Imported here because the jail, which loads this file too, has no archloom.datasets.
    from archloom.datasets import load_dataset

    return load_dataset("svhn")


def augment(images: Tensor, random: Generator) -> Tensor:
    return random_crop(images, cifar10.PADDING, random)


def view(images: Tensor) -> Tensor:
    return normalise(images, MEAN, DEVIATION)


RECIPE = replace(
    cifar10.RECIPE,
    name="svhn",
    version=1,
    description="SVHN house numbers at 32x32, one epoch; one and a half times the work of cifar10.",
    module=__name__,
    typical_seconds=900,
    limits=LIMITS,
    card_limits=replace(LIMITS, cpu_seconds=1350, wall_seconds=1350),
    load=load,
    augment=augment,
    view=view,
    dataset="svhn",
    data_bytes=99_289 * 3 * 32 * 32,
)
