"""What recipes for colour images are made of. Everything works on whole batches, on the device they lie on.

Batches keep the ordinary memory format. channels_last would be faster on some devices, but then the customary
`x.view(x.size(0), -1)` fails behind a convolution, and networks that the paper counts would not here.
"""

# pyright: reportUnknownMemberType=false
# Some of torch's functions carry only part of their types.

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from archloom.recipes.protocol import Batches, Losses

if TYPE_CHECKING:
    from torch import Generator, Tensor, nn

    from archloom.datasets.evaluation_data import Array

Channels = tuple[float, float, float]
"""One number for red, green and blue, for pixel values from 0 to 1."""


def as_bytes(train_images: Array, test_images: Array) -> tuple[Tensor, Tensor]:
    """The arrays themselves as tensors (n, channels, height, width) of uint8, not copied: a float copy of
    CIFAR-10 would take 700 MB in each slot."""
    import torch

    return torch.from_numpy(train_images), torch.from_numpy(test_images)


def normalise(images: Tensor, mean: Channels, deviation: Channels) -> Tensor:
    """uint8 or float (n, 3, h, w) of values 0-255 to float32, by channel."""
    import torch

    scale = torch.tensor(deviation, device=images.device).mul_(255).view(1, 3, 1, 1)
    shift = torch.tensor(mean, device=images.device).mul_(255).view(1, 3, 1, 1)
    return (images.float() - shift) / scale


def random_flip(images: Tensor, random: Generator) -> Tensor:
    """Each image mirrored left to right with probability 1/2."""
    import torch

    is_flipped = torch.rand(len(images), generator=random) < 0.5
    return torch.where(is_flipped.to(images.device)[:, None, None, None], images.flip(3), images)


def random_crop(images: Tensor, padding: int, random: Generator) -> Tensor:
    """Each image padded with black on all sides and cut back to its size at a random place."""
    import torch
    from torch.nn import functional

    count, _, height, width = images.shape
    padded = functional.pad(images, (padding,) * 4)
    windows = padded.unfold(2, height, 1).unfold(3, width, 1)
    top, left = torch.randint(2 * padding + 1, (2, count), generator=random).to(images.device)
    return windows[torch.arange(count, device=images.device), :, top, left]


def sgd_epoch(
    net: nn.Module, batches: Batches, prm: Mapping[str, float], gradient_norm: float | None
) -> Losses:
    """One epoch of SGD on cross-entropy. Losses are NaN if the epoch had no batch."""
    import torch
    from torch.nn import functional

    optimiser = torch.optim.SGD(net.parameters(), lr=prm["lr"], momentum=prm["momentum"])
    net.train()
    # Read at the end only: each reading would wait for the card.
    losses: list[Tensor] = []
    for images, labels in batches:
        optimiser.zero_grad()
        loss = functional.cross_entropy(net(images), labels)
        loss.backward()
        if gradient_norm is not None:
            torch.nn.utils.clip_grad_norm_(net.parameters(), gradient_norm)
        optimiser.step()
        losses = [*losses[:1], loss.detach()]
    return Losses(losses[0].item(), losses[-1].item()) if losses else Losses(math.nan, math.nan)
