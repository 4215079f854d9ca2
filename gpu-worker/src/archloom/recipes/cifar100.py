"""`cifar100`: CIFAR-100 at its own size, for transfer: do networks found on ten classes do on a hundred?

Claim: none measured. Work and memory are those of `cifar10` (same shapes, same number of images); accuracies
after one epoch are far lower, and thresholds made for ten classes mean nothing here: chance is 1 %.

Data     60,000 colour images of 3x32x32 in 100 classes (the "fine" ones), kept as bytes, normalised batch by
         batch with the customary mean and deviation of each channel.
Split    50,000 train (781 batches of 64, the last 16 images dropped); the 10,000 test images halved in a
         fixed order: 5,000 selection, 5,000 report. Nothing is ever selected on `report`.
Training, limits: as `cifar10`, whose header gives the reasons.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archloom.recipes import cifar10
from archloom.recipes.parts import normalise

if TYPE_CHECKING:
    from torch import Tensor

    from archloom.datasets.evaluation_data import EvaluationData

MEAN = (0.5071, 0.4865, 0.4409)
DEVIATION = (0.2673, 0.2564, 0.2762)


def load() -> EvaluationData:
    # Imported here because the jail, which loads this file too, has no archloom.datasets.
    from archloom.datasets import load_dataset

    return load_dataset("cifar100")


def view(images: Tensor) -> Tensor:
    return normalise(images, MEAN, DEVIATION)


RECIPE = replace(
    cifar10.RECIPE,
    name="cifar100",
    version=1,
    description="CIFAR-100 at 32x32, one epoch, 100 classes; the work of cifar10.",
    module=__name__,
    classes=100,
    load=load,
    view=view,
    dataset="cifar100",
)
