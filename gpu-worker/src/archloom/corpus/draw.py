"""Seeded choices whose outcome is the same on every Python version.

Python promises that `random.Random(seed).random()` never changes its sequence; `choice`, `sample` and
`shuffle` carry no such promise. Every draw here is made from `random()` alone, so one seed names one program
for ever.
"""

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

Option = TypeVar("Option")


class Draw:
    """A stream of choices decided by one seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def chance(self, probability: float) -> bool:
        """True with the given probability (0 to 1)."""
        return self._random.random() < probability

    def pick(self, options: Sequence[Option]) -> Option:
        """One of the options, all equally likely."""
        return options[int(self._random.random() * len(options))]

    def weighted(self, weights: Mapping[Option, float]) -> Option:
        """One key, with probability proportional to its weight; weights need not sum to 1."""
        remaining = self._random.random() * sum(weights.values())
        for option, weight in weights.items():
            remaining -= weight
            if remaining < 0:
                return option
        return next(reversed(list(weights)))

    def shuffled(self, options: Sequence[Option]) -> list[Option]:
        """All options in random order (Fisher and Yates)."""
        order = list(options)
        for place in range(len(order) - 1, 0, -1):
            other = self.pick(range(place + 1))
            order[place], order[other] = order[other], order[place]
        return order
