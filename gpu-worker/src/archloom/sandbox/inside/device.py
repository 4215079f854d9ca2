"""The graphics card, as one fork uses it. CUDA is never started in the zygote: no fork survives its state.

The data wait in the zygote's memory and are copied to the card by each fork (150 MB, once an epoch). A card's
memory is capped by torch's own allocator: an honest program that asks for too much gets torch's
OutOfMemoryError, a hostile one can lift the cap and then takes memory from whoever shares the card.

Written to the documented interfaces of torch; has not run on a card yet.
"""

# pyright: reportUnknownMemberType=false
# Some of torch's functions carry only part of their types.

from __future__ import annotations

from dataclasses import replace

import torch

from archloom.sandbox.inside.warm import Workbench

CARD = torch.device("cuda", 0)
"""The only card that the jail sees, whatever its number outside."""


class DeviceFailed(BaseException):
    """The card could not be started or has no room for the data. Not an Exception: no program may swallow
    it, and it is not the program's fault."""


def move_to_device(workbench: Workbench) -> Workbench:
    """The workbench on its device: itself on a processor. Raises DeviceFailed."""
    if workbench.device.type == "cpu":
        return workbench
    try:
        _, total = torch.cuda.mem_get_info(workbench.device)
        share = min(1.0, workbench.recipe.limits.card_memory_bytes / total)
        torch.cuda.set_per_process_memory_fraction(share, workbench.device)
        # float32 means float32, and one seed one result, as far as the program's operations allow.
        torch.backends.cuda.matmul.allow_tf32 = False
        torch.backends.cudnn.allow_tf32 = False
        torch.backends.cudnn.deterministic = True
        torch.backends.cudnn.benchmark = False
        return replace(
            workbench,
            train_images=workbench.train_images.to(workbench.device),
            train_labels=workbench.train_labels.to(workbench.device),
            test_images=workbench.test_images.to(workbench.device),
        )
    # A torch without CUDA raises an AssertionError.
    except (RuntimeError, AssertionError) as error:
        raise DeviceFailed(f"the graphics card cannot be used: {error}") from error


def wait_for_device(device: torch.device) -> None:
    """Until everything that was asked of it is done: a card works behind the program's back."""
    if device.type != "cpu":
        torch.cuda.synchronize(device)
