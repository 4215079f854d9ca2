"""Families: networks that descend from one, or look as if they did. Members of a family share a split.

A family is a connected component of "alike", where two networks are alike if one of these holds:

- The Jaccard similarity of their shingles is at least FAMILY_JACCARD. nn-dup gathers with this threshold what
  it then verifies at 0.90 (LSH_THRESH and cluster_near_duplicates_lsh).
- They call the same names in the same order. nn-dup splits by families of equal structural fingerprint
  (build_family_splits); its fingerprint holds this sequence and more, so its families are parts of these.
- They have the same structural fingerprint of the traced graph, where one was made.
- Their names have the same prefix, so that AlexNet-1 and AlexNet-2, or DPN68 and DPN107, stay together
  (nn-dup groups by prefixes of names too). A prefix of more than a tenth of all networks is left out:
  `rag-...` or `ga-...` says which program made a network and nothing about the network, and its family would
  fit in no split but one.
"""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import Final

FAMILY_JACCARD: Final = 0.85
BROAD_PREFIX_SHARE: Final = 0.1
ALWAYS_NARROW: Final = 5
"""A prefix of at most this many networks is never too broad."""

# Numbers and hexadecimal digests at the end: `-12`, `.017`, `-8f7ac9c241d5b954`, `__4945a57b0186`.
_SERIAL = re.compile(r"(?:[-_. #]+(?:\d+|(?=[0-9a-f]*\d)[0-9a-f]{4,}))+$")
_VERSION = re.compile(r"(?<=[a-z]{2})-?v?\d+$")


def name_prefix(name: str | None) -> str | None:
    """What a name begins with before numbers, versions and digests, in small letters; None if nothing is
    left.
    """
    if name is None:
        return None
    stem = _VERSION.sub("", _SERIAL.sub("", name.strip().lower()))
    return stem or None


def broad_prefixes(prefixes: Sequence[str | None]) -> set[str]:
    """Prefixes of so many networks that they cannot mean a family."""
    most = max(ALWAYS_NARROW, int(len(prefixes) * BROAD_PREFIX_SHARE))
    return {prefix for prefix, count in Counter(prefixes).items() if prefix is not None and count > most}


class Components:
    """Connected components of things numbered from 0 (union-find)."""

    def __init__(self, size: int) -> None:
        self._parents = list(range(size))

    def join(self, left: int, right: int) -> None:
        left, right = self.root(left), self.root(right)
        # The smaller number stays the root: a component is named by its first member.
        self._parents[max(left, right)] = min(left, right)

    def join_equal(self, keys: Iterable[Hashable]) -> None:
        """Joins all that have the same key. None is no key."""
        first: dict[Hashable, int] = {}
        for number, key in enumerate(keys):
            if key is not None:
                self.join(first.setdefault(key, number), number)

    def root(self, number: int) -> int:
        while self._parents[number] != number:
            self._parents[number] = self._parents[self._parents[number]]
            number = self._parents[number]
        return number
