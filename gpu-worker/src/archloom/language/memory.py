"""Memory that this process may still take, on the processor's side and on the card's."""

import re
from pathlib import Path
from typing import Final

import torch

HOST_MARGIN: Final = 512 * 2**20  # for the rest of the machine: database, web server, browser
CARD_MARGIN: Final = 512 * 2**20  # CUDA's context and what its allocator cannot reuse


def available_bytes(device: torch.device) -> int:
    """At least 0; on the card what is free, on the host what Linux could free, or the container's rest."""
    if device.type == "cuda":
        # What torch has reserved and does not use is free for it.
        free = torch.cuda.mem_get_info(device)[0]
        spare = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        return max(0, free + spare - CARD_MARGIN)
    return max(0, int(min(_host_available(), _container_available())) - HOST_MARGIN)


def total_bytes(device: torch.device) -> int:
    return torch.cuda.mem_get_info(device)[1]


def _host_available() -> int:
    found = re.search(r"^MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text(), re.MULTILINE)
    assert found, "Linux has named its available memory since version 3.14"
    return int(found[1]) * 1024


def _container_available() -> float:
    """Up to the tightest limit of this process's control groups (version 2); infinite where there is none."""
    groups = Path("/proc/self/cgroup").read_text().splitlines()
    path = next((line.removeprefix("0::") for line in groups if line.startswith("0::")), None)
    if path is None:
        return float("inf")
    folder = Path("/sys/fs/cgroup") / path.lstrip("/")
    least = float("inf")
    while folder.is_relative_to("/sys/fs/cgroup"):
        least = min(least, _group_available(folder))
        folder = folder.parent
    return least


def _group_available(folder: Path) -> float:
    try:
        limit = (folder / "memory.max").read_text().strip()
        used = int((folder / "memory.current").read_text())
        statistics = (folder / "memory.stat").read_text()
    except OSError:
        return float("inf")
    if limit == "max":
        return float("inf")
    # Pages of files that were read are counted as used and given back at need.
    cached = re.search(r"^inactive_file (\d+)", statistics, re.MULTILINE)
    return int(limit) - used + (int(cached[1]) if cached else 0)
