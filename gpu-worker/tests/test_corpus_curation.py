"""Curation keeps the best of what is alike, and no split knows anything of another."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support_corpus import PROGRAMS

from archloom.corpus.curation import CuratedCorpus, CuratedNetwork, Network, curate, program_digest
from archloom.corpus.curation.families import FAMILY_JACCARD, broad_prefixes, name_prefix
from archloom.corpus.curation.profile import SHINGLE_TOKENS
from archloom.corpus.curation.similar import SimilarPrograms
from archloom.corpus.curation.splits import assign_splits
from archloom.novelty.shingles import program_tokens


@lru_cache
def plain_shingles(code: str) -> frozenset[tuple[str, ...]]:
    tokens = program_tokens(code)
    last = max(1, len(tokens) - SHINGLE_TOKENS + 1)
    return frozenset(tuple(tokens[at : at + SHINGLE_TOKENS]) for at in range(last))


def plain_jaccard(left: str, right: str) -> float:
    """By the definition and nothing else."""
    union = plain_shingles(left) | plain_shingles(right)
    return len(plain_shingles(left) & plain_shingles(right)) / len(union)


@lru_cache
def plain_calls(code: str) -> list[str]:
    tokens = ["", *program_tokens(code)]
    return [
        name
        for before, name, after in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if after == "(" and name.isidentifier() and before not in ("def", "class")
    ]


LINES = [line.lstrip() for line in PROGRAMS[0].splitlines() if line.endswith(")") and line.strip() != ")"]


@st.composite
def variants(draw: st.DrawFn) -> str:
    """A program, or one with some lines of another at its end: every degree of similarity."""
    program = draw(st.sampled_from(PROGRAMS[:5]))
    extra = draw(st.integers(0, len(LINES)))
    start = draw(st.integers(0, len(LINES) - extra))
    return program + "\n# remark\n" + "\n".join(LINES[start : start + extra])


networks_drawn = st.lists(
    st.tuples(
        variants(),
        st.sampled_from([None, "AlexNet-1", "AlexNet-2", "rag-0a1b", "rag-0c2d", "VGG", "x"]),
        st.sampled_from([None, 0.1, 0.5, 0.5, 0.9]),
        st.sampled_from([None, None, "f1", "f2"]),
    ),
    max_size=14,
).map(lambda rows: [Network(f"n{number}", *row) for number, row in enumerate(rows)])


@settings(max_examples=40)
@given(networks=networks_drawn, base=networks_drawn, seed=st.integers(0, 3))
def test_nothing_leaks_between_splits_and_what_is_dropped_has_its_better_original(
    networks: list[Network], base: list[Network], seed: int
) -> None:
    base = [replace(network, key=f"base {network.key}") for network in base]
    corpus = curate(networks, base, seed)
    assert [each.network for each in corpus.networks] == networks
    assert [each.network for each in corpus.base] == base
    assert all(each.duplicate is None for each in corpus.base)
    everything = {each.network.key: each for each in [*corpus.base, *corpus.networks]}
    kept = [each for each in everything.values() if each.duplicate is None]
    assert_families_are_whole(kept)
    for each in everything.values():
        if each.duplicate is None:
            assert each.family is not None and each.split is not None
            continue
        original = everything[each.duplicate.of]
        assert original.duplicate is None and each.family is None and each.split is None
        assert original.network in base or (original.network.accuracy or -1) >= (each.network.accuracy or -1)
        jaccard = plain_jaccard(each.network.code, original.network.code)
        assert each.duplicate.jaccard == pytest.approx(jaccard) and jaccard >= 0.9
        is_same = program_tokens(each.network.code) == program_tokens(original.network.code)
        assert (each.duplicate.kind == "exact") == is_same
    assert_report(corpus)


def assert_families_are_whole(kept: list[CuratedNetwork]) -> None:
    prefixes = [name_prefix(each.network.name) for each in kept]
    broad = broad_prefixes(prefixes)
    for (left, left_prefix), (right, right_prefix) in combinations(zip(kept, prefixes, strict=True), 2):
        jaccard = plain_jaccard(left.network.code, right.network.code)
        if "base" not in left.network.key or "base" not in right.network.key:
            assert jaccard < 0.9
        fingerprint = left.network.fingerprint
        alike = (
            jaccard >= FAMILY_JACCARD
            or plain_calls(left.network.code) == plain_calls(right.network.code)
            or (fingerprint is not None and fingerprint == right.network.fingerprint)
            or (left_prefix is not None and left_prefix == right_prefix and left_prefix not in broad)
        )
        if alike:
            assert left.family == right.family
        if left.family == right.family:
            assert left.split == right.split


def assert_report(corpus: CuratedCorpus) -> None:
    report = corpus.report
    assert report.read == len(corpus.networks) and report.base == len(corpus.base)
    assert report.kept + report.exact_duplicates + report.near_duplicates == report.read
    assert (
        report.duplicates_of_base <= report.exact_duplicates + report.near_duplicates == len(report.dropped)
    )
    assert sum(report.splits.values()) == report.kept + report.base
    assert sum(int(size) * count for size, count in report.family_sizes.items()) == report.kept + report.base
    assert report.splits["validation"] <= (limit := round(0.1 * (report.kept + report.base)))
    assert report.splits["test"] <= limit
    assert json.loads(json.dumps(report.to_json())) == report.to_json()


@settings(max_examples=60)
@given(
    sets=st.lists(st.frozensets(st.integers(0, 12), max_size=10), max_size=12),
    threshold=st.sampled_from([0.5, 2 / 3, 0.85, 0.9, 1.0]),
)
def test_the_search_for_similar_programs_misses_none_and_invents_none(
    sets: list[frozenset[int]], threshold: float
) -> None:
    similar = SimilarPrograms([np.array(sorted(each), np.uint64) for each in sets], threshold)
    for number, own in enumerate(sets):
        expected = {
            other: len(own & theirs) / len(own | theirs)
            for other, theirs in enumerate(sets[:number])
            if own and theirs and len(own & theirs) / len(own | theirs) >= threshold
        }
        assert {match.number: match.jaccard for match in similar.matches(number)} == expected
        similar.add(number)


def test_curation_is_a_pure_function_of_networks_and_seed() -> None:
    networks = [Network(f"n{number}", code) for number, code in enumerate(PROGRAMS)]
    first, again, other = curate(networks), curate(networks), curate(networks, seed=7)
    assert first == again
    assert {each.network.key: each.split for each in first.networks} != {
        each.network.key: each.split for each in other.networks
    }
    assert first.report.splits == other.report.splits == {"train": 32, "validation": 4, "test": 4}


def test_of_equal_programs_the_most_accurate_stays_and_then_the_first() -> None:
    code = PROGRAMS[0]
    networks = [
        Network("none", code),
        Network("worse", "# other remark\n\n" + code, accuracy=0.3),
        Network("best", code, accuracy=0.8),
        Network("as good", code, accuracy=0.8),
        Network("near", code.replace("'lr'", "'rate'", 1), accuracy=0.1),
    ]
    corpus = curate(networks)
    found = {
        each.network.key: each.duplicate and (each.duplicate.of, each.duplicate.kind)
        for each in corpus.networks
    }
    exact = ("best", "exact")
    assert found == {"none": exact, "worse": exact, "best": None, "as good": exact, "near": ("best", "near")}
    report = corpus.report
    assert (report.kept, report.exact_duplicates, report.near_duplicates) == (1, 3, 1)
    assert [(group.key, group.dropped) for group in report.largest_duplicate_groups] == [("best", 4)]


def test_networks_of_the_base_version_stay_and_win() -> None:
    base = [Network("starter-1 #0", PROGRAMS[0]), Network("starter-1 #1", PROGRAMS[0])]
    corpus = curate([Network("mine", PROGRAMS[0], accuracy=1.0), Network("new", PROGRAMS[1])], base)
    mine, new = corpus.networks
    assert mine.duplicate is not None and mine.duplicate.of == "starter-1 #0"
    assert new.duplicate is None
    assert corpus.base[0].family == corpus.base[1].family
    assert corpus.report.duplicates_of_base == 1


def test_two_networks_of_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="the same key"):
        curate([Network("a", "x = 1")], [Network("a", "x = 2")])
    assert curate([]).report.kept == 0


def test_remarks_and_layout_are_no_difference_and_a_width_is_one() -> None:
    code = PROGRAMS[0]
    assert program_digest(code) == program_digest("# x\n" + code.replace(", ", ",  "))
    assert program_digest(code) != program_digest(code.replace("48", "64"))


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("AlexNet", "alexnet"),
        ("AlexNet-2", "alexnet"),
        ("InceptionV3-1", "inception"),
        ("DPN107", "dpn"),
        ("ga-1001", "ga"),
        ("alt-nn1-702a628fca522809f8aafc2970eb4d29", "alt-nn"),
        ("ast-dimension-AlexNet-0568a068cf2b85bb302ed15f16b495d0", "ast-dimension-alexnet"),
        ("C5C-RESNETLSTM-12", "c5c-resnetlstm"),
        ("R3.2.017", "r3"),
        ("alt-decade", "alt-decade"),
        ("-7", None),
        (None, None),
    ],
)
def test_a_name_is_cut_to_what_variants_of_a_network_share(name: str | None, prefix: str | None) -> None:
    assert name_prefix(name) == prefix


def test_a_prefix_of_a_tenth_of_all_names_makes_no_family_and_is_told() -> None:
    networks = [
        Network(
            f"n{number}", code, f"ga-{number}" if number < 8 else f"VGG-{number}" if number < 12 else None
        )
        for number, code in enumerate(PROGRAMS)
    ]
    corpus = curate(networks)
    families = [each.family for each in corpus.networks]
    assert corpus.report.broad_prefixes == ["ga"]
    assert len(set(families[:8])) == 8
    assert len(set(families[8:12])) == 1 and families[8] == "VGG-8"


def test_families_of_the_same_name_are_told_apart() -> None:
    networks = [Network(f"n{number}", code, name="net") for number, code in enumerate(PROGRAMS[:8])]
    families = [each.family for each in curate(networks).networks]
    assert families == ["net", *(f"net ({count})" for count in range(2, 9))]


@given(sizes=st.dictionaries(st.integers(0, 1000), st.integers(1, 30), max_size=60), seed=st.integers(0, 10))
def test_held_out_splits_are_never_larger_than_a_tenth_and_as_large_as_families_allow(
    sizes: dict[int, int], seed: int
) -> None:
    splits = assign_splits(sizes, seed)
    assert splits.keys() == sizes.keys()
    limit = round(sum(sizes.values()) * 0.1)
    for split in ("validation", "test"):
        held_out = sum(size for family, size in sizes.items() if splits[family] == split)
        assert held_out <= limit
        assert all(held_out + size > limit for family, size in sizes.items() if splits[family] == "train")
