"""What curation found and decided, for a page and a file: plain values only."""

from dataclasses import asdict, dataclass

from archloom.corpus.curation.splits import Split
from archloom.corpus.entry import JsonValue


@dataclass(frozen=True)
class Dropped:
    """A network that was left out, and the one that stayed in its place."""

    key: str
    name: str | None
    duplicate_of: str
    """Key of the network that stayed."""
    kind: str
    """`exact` or `near`."""
    jaccard: float


@dataclass(frozen=True)
class DuplicateGroup:
    key: str
    """Of the network that stayed."""
    name: str | None
    dropped: int


@dataclass(frozen=True)
class FamilySummary:
    family: str
    size: int
    split: Split
    members: list[str]
    """Keys of the first few."""


@dataclass(frozen=True)
class CurationReport:
    """Counts are of networks. Those of the base version are always kept and are counted apart."""

    read: int
    base: int
    kept: int
    exact_duplicates: int
    near_duplicates: int
    duplicates_of_base: int
    """Those of both kinds whose original is in the base version."""
    shingle_tokens: int
    near_jaccard: float
    family_jaccard: float
    seed: int
    families: int
    family_sizes: dict[str, int]
    """Number of families of each size."""
    largest_families: list[FamilySummary]
    broad_prefixes: list[str]
    """Prefixes of names that so many networks have that they make no family."""
    splits: dict[Split, int]
    """Networks kept, with those of the base version."""
    largest_duplicate_groups: list[DuplicateGroup]
    dropped: list[Dropped]

    def to_json(self) -> dict[str, JsonValue]:
        return asdict(self)
