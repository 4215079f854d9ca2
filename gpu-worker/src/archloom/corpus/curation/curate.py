"""Curation of a corpus as nn-dup does it (ABrain-One/nn-dup, ab/dup/preprocessing.py, autumn 2026):
duplicates out, families found, families split.

1. Exact duplicates: programs with the same tokens. 2. Lexical near-duplicates: exact Jaccard similarity of
10-token shingles of at least NEAR_JACCARD. 3. Families (families.py) and splits (splits.py) of what is kept.

Networks are decided from best to worst: highest accuracy first, then those without one, the earlier first
among equals; each is dropped if it is a duplicate of one that was kept, and is named with the most similar of
those. So no two of those kept are duplicates, and every dropped one has its original among them. (nn-dup
keeps up to five of each cluster and measures the others against one of them, from which they may differ by
more than the threshold.)

Networks of the base version are always kept, come first, and share in families and splits.
"""

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from archloom.corpus.curation.families import FAMILY_JACCARD, Components, broad_prefixes, name_prefix
from archloom.corpus.curation.profile import NO_SHINGLES, SHINGLE_TOKENS, Profile, profile
from archloom.corpus.curation.report import CurationReport, Dropped, DuplicateGroup, FamilySummary
from archloom.corpus.curation.similar import SimilarPrograms
from archloom.corpus.curation.splits import SPLITS, Split, assign_splits

NEAR_JACCARD: Final = 0.90

_LISTED: Final = 20
"""Largest families, largest groups of duplicates; members of a family that are named."""


@dataclass(frozen=True)
class Network:
    """What curation knows of a network."""

    key: str
    """Unique; what others are called duplicates of: a position in a source, `starter-1 #812`."""
    code: str
    name: str | None = None
    accuracy: float | None = None
    fingerprint: str | None = None
    """Of its traced graph; equal for networks of the same structure."""


@dataclass(frozen=True)
class Duplicate:
    of: str
    """Key of the network that was kept."""
    kind: Literal["exact", "near"]
    jaccard: float


@dataclass(frozen=True)
class CuratedNetwork:
    """Kept: `family` and `split` are given. Dropped: `duplicate` is."""

    network: Network
    family: str | None
    split: Split | None
    duplicate: Duplicate | None


@dataclass(frozen=True)
class CuratedCorpus:
    networks: list[CuratedNetwork]
    """In the order they were given."""
    base: list[CuratedNetwork]
    report: CurationReport


def curate(networks: Sequence[Network], base: Sequence[Network] = (), seed: int = 42) -> CuratedCorpus:
    """Raises ValueError if two networks have the same key.

    A pure function of its arguments, but for the order of `networks` in which equally good ones are decided.
    """
    everything = [*base, *networks]
    if len({network.key for network in everything}) < len(everything):
        raise ValueError("two networks have the same key")
    profiles = [profile(network.code) for network in everything]
    duplicates, families = _decide(everything, profiles, len(base))
    kept = [number for number in range(len(everything)) if number not in duplicates]
    broad = _join_by_keys(families, everything, profiles, kept)
    sizes = Counter(families.root(number) for number in kept)
    splits = assign_splits(sizes, seed)
    labels = _labels(everything, sizes)
    curated = [
        CuratedNetwork(network, None, None, duplicates[number])
        if number in duplicates
        else CuratedNetwork(network, labels[families.root(number)], splits[families.root(number)], None)
        for number, network in enumerate(everything)
    ]
    corpus = CuratedCorpus(
        curated[len(base) :], curated[: len(base)], _report(curated, len(base), broad, seed)
    )
    return corpus


def _decide(
    networks: Sequence[Network], profiles: Sequence[Profile], base: int
) -> tuple[dict[int, Duplicate], Components]:
    """Duplicates by number, and all that are kept joined where they are similar."""
    rest = sorted(range(base, len(networks)), key=lambda number: -_worth(networks[number]))
    order = [*range(base), *rest]
    first: dict[bytes, int] = {}
    for number in order:
        first.setdefault(profiles[number].digest, number)
    # Of equal programs only the first is compared: the others share its fate.
    shingles = [
        each.shingles if first[each.digest] == number else NO_SHINGLES for number, each in enumerate(profiles)
    ]
    similar = SimilarPrograms(shingles, FAMILY_JACCARD)
    families = Components(len(networks))
    duplicates: dict[int, Duplicate] = {}
    for number in order:
        original = first[profiles[number].digest]
        if original != number:
            if number < base:
                families.join(original, number)
            else:
                duplicates[number] = duplicates.get(original) or Duplicate(
                    networks[original].key, "exact", 1.0
                )
            continue
        matches = similar.matches(number)
        best = max(matches, key=lambda match: match.jaccard, default=None)
        if number >= base and best is not None and best.jaccard >= NEAR_JACCARD:
            duplicates[number] = Duplicate(networks[best.number].key, "near", best.jaccard)
            continue
        similar.add(number)
        for match in matches:
            families.join(match.number, number)
    return duplicates, families


def _worth(network: Network) -> float:
    return -1.0 if network.accuracy is None else network.accuracy


def _join_by_keys(
    families: Components, networks: Sequence[Network], profiles: Sequence[Profile], kept: Sequence[int]
) -> set[str]:
    """Joins what has calls, fingerprint or a prefix in common; returns the prefixes that are too broad for
    that.
    """
    is_kept = set(kept)
    prefixes = [
        name_prefix(network.name) if number in is_kept else None for number, network in enumerate(networks)
    ]
    broad = broad_prefixes([prefixes[number] for number in kept])
    families.join_equal(
        each.calls or None if number in is_kept else None for number, each in enumerate(profiles)
    )
    families.join_equal(
        network.fingerprint if number in is_kept else None for number, network in enumerate(networks)
    )
    families.join_equal(None if prefix in broad else prefix for prefix in prefixes)
    return broad


def _labels(networks: Sequence[Network], sizes: Counter[int]) -> dict[int, str]:
    """A family is called after its first network; a number tells those of the same name apart."""
    labels: dict[int, str] = {}
    taken = set[str]()
    for root in sorted(sizes):
        name = networks[root].name or networks[root].key
        labels[root] = next(
            label
            for count in itertools.count(1)
            if (label := f"{name} ({count})" if count > 1 else name) not in taken
        )
        taken.add(labels[root])
    return labels


def _report(curated: Sequence[CuratedNetwork], base: int, broad: set[str], seed: int) -> CurationReport:
    names = {each.network.key: each.network.name for each in curated}
    base_keys = {each.network.key for each in curated[:base]}
    dropped = [
        Dropped(
            each.network.key,
            each.network.name,
            each.duplicate.of,
            each.duplicate.kind,
            each.duplicate.jaccard,
        )
        for each in curated
        if each.duplicate is not None
    ]
    members: dict[tuple[str, Split], list[str]] = {}
    for each in curated:
        if each.family is not None and each.split is not None:
            members.setdefault((each.family, each.split), []).append(each.network.key)
    largest = sorted(members.items(), key=lambda item: -len(item[1]))[:_LISTED]
    groups = Counter(each.duplicate_of for each in dropped).most_common(_LISTED)
    sizes = Counter(len(keys) for keys in members.values())
    return CurationReport(
        read=len(curated) - base,
        base=base,
        kept=len(curated) - base - len(dropped),
        exact_duplicates=sum(each.kind == "exact" for each in dropped),
        near_duplicates=sum(each.kind == "near" for each in dropped),
        duplicates_of_base=sum(each.duplicate_of in base_keys for each in dropped),
        shingle_tokens=SHINGLE_TOKENS,
        near_jaccard=NEAR_JACCARD,
        family_jaccard=FAMILY_JACCARD,
        seed=seed,
        families=len(members),
        family_sizes={str(size): sizes[size] for size in sorted(sizes)},
        largest_families=[
            FamilySummary(family, len(keys), split, keys[:_LISTED]) for (family, split), keys in largest
        ],
        broad_prefixes=sorted(broad),
        splits={split: sum(each.split == split for each in curated) for split in SPLITS},
        largest_duplicate_groups=[DuplicateGroup(key, names[key], count) for key, count in groups],
        dropped=dropped,
    )
