"""Seeds that follow from a run's own, stable over processes, machines and Python versions."""

import hashlib

SEED_LIMIT = 2**31


def derived_seed(*parts: str | int) -> int:
    """31 bits of SHA-256 over the parts; different parts give independent seeds."""
    text = "/".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % SEED_LIMIT


def batch_seed(run_seed: int, cycle: int, batch: int) -> int:
    return derived_seed("generate", run_seed, cycle, batch)


def finetune_seed(run_seed: int, cycle: int) -> int:
    return derived_seed("finetune", run_seed, cycle)
