"""Novelty is exact: the index agrees with a comparison of plain sets, and the frame does not count."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archloom.corpus.grammar import generate_corpus
from archloom.novelty.frame import FRAMES, STARTER_FRAME
from archloom.novelty.index import NoveltyIndex, is_novel
from archloom.novelty.minhash import minhash_estimate
from archloom.novelty.shingles import (
    MIN_BODY_SHINGLES,
    SHINGLE_TOKENS,
    program_tokens,
    shingle_hashes,
    shingles,
)

CORPUS = generate_corpus(60)


def _plain_shingles(code: str) -> set[tuple[str, ...]]:
    tokens = program_tokens(code)
    if len(tokens) <= SHINGLE_TOKENS:
        return {tuple(tokens)} if tokens else set()
    return {tuple(tokens[at : at + SHINGLE_TOKENS]) for at in range(len(tokens) - SHINGLE_TOKENS + 1)}


def _brute_force(known: list[str], asked: str) -> tuple[int, float]:
    """Number and similarity of the nearest program, by the definition and nothing else."""
    frame = set[tuple[str, ...]]().union(*(_plain_shingles(text) for text in FRAMES))
    whole = len(_plain_shingles(asked) - frame) < MIN_BODY_SHINGLES
    best, best_jaccard = 0, -1.0
    for number, code in enumerate(known):
        left, right = _plain_shingles(asked), _plain_shingles(code)
        if not whole:
            left, right = left - frame, right - frame
        jaccard = len(left & right) / len(left | right) if left | right else 1.0
        if jaccard > best_jaccard:
            best, best_jaccard = number, jaccard
    return best, best_jaccard


programs = st.one_of(
    st.sampled_from(CORPUS),
    # Lines of real programs in another order: overlapping shingles, often not Python any more.
    st.lists(st.sampled_from(CORPUS[0].splitlines() + CORPUS[1].splitlines()), max_size=60).map("\n".join),
    st.lists(st.sampled_from(["x", "=", "1", "(", ")", "\n", "é", "'"]), max_size=30).map(" ".join),
    st.text(max_size=80),
)


@settings(max_examples=150, deadline=None)
@given(known=st.lists(programs, min_size=1, max_size=8), asked=programs)
def test_the_nearest_neighbour_is_that_of_a_brute_force_search(known: list[str], asked: str) -> None:
    index = NoveltyIndex()
    for number, code in enumerate(known):
        index.add(str(number), code)
    found = index.nearest(asked)
    assert found is not None
    number, jaccard = _brute_force(known, asked)
    assert (found.key, found.jaccard) == (str(number), pytest.approx(jaccard, abs=1e-12))


@settings(max_examples=60, deadline=None)
@given(left=programs, right=programs)
def test_similarity_lies_between_0_and_1_and_a_program_equals_itself(left: str, right: str) -> None:
    index = NoveltyIndex()
    index.add("right", right)
    between = index.nearest(left)
    index.add("left", left)
    itself = index.nearest(left)
    assert between is not None and 0 <= between.jaccard <= 1
    assert itself is not None and itself.jaccard == itself.minhash_estimate == 1


def test_among_equally_near_entries_the_earliest_added_wins() -> None:
    index = NoveltyIndex()
    for key in ("later name", "a", "z"):
        index.add(key, CORPUS[5])
    found = index.nearest(CORPUS[5])
    assert found is not None and found.key == "later name"


def test_two_different_architectures_in_the_same_frame_are_not_similar() -> None:
    index = NoveltyIndex()
    index.add("other", CORPUS[1])
    found = index.nearest(CORPUS[0])
    assert found is not None
    whole_left, whole_right = set(shingle_hashes(CORPUS[0]).tolist()), set(shingle_hashes(CORPUS[1]).tolist())
    assert found.basis == "body"
    assert found.jaccard < len(whole_left & whole_right) / len(whole_left | whole_right)


def test_a_program_that_is_almost_only_frame_is_compared_whole_and_says_so() -> None:
    index = NoveltyIndex()
    index.add("frame", STARTER_FRAME)
    found = index.nearest(STARTER_FRAME.replace("self.head(x)", "x"))
    assert found is not None
    assert found.basis == "file"
    assert 0.8 < found.jaccard < 1


def test_comments_blank_lines_and_layout_do_not_count() -> None:
    spaced = CORPUS[0].replace("\n", "  # remark\n\n\n").replace(", ", ",   ")
    assert shingles(spaced).body.tolist() == shingles(CORPUS[0]).body.tolist()


def test_text_that_is_not_python_is_compared_by_its_words() -> None:
    assert program_tokens("def (((  'open\n  words") == ["def", "(((", "'open", "words"]
    assert program_tokens("if a:\n    b\n  c\n") == ["if", "a:", "b", "c"]


def test_the_frame_of_a_corpus_program_is_subtracted_completely() -> None:
    body = "".join(line for line in CORPUS[0].splitlines(True) if line not in STARTER_FRAME)
    # What is left: the architecture's own shingles and those that span its borders with the frame.
    assert len(shingles(CORPUS[0]).body) <= len(shingle_hashes(body)) + 8 * SHINGLE_TOKENS


def test_novel_means_below_the_threshold_or_nothing_known() -> None:
    index = NoveltyIndex()
    assert is_novel(index.nearest(CORPUS[0]))
    index.add("copy", CORPUS[0])
    found = index.nearest(CORPUS[0])
    assert not is_novel(found)
    assert is_novel(found, threshold=1.01)


def test_a_key_is_taken_once() -> None:
    index = NoveltyIndex()
    index.add("R1.0.000", CORPUS[0])
    with pytest.raises(ValueError, match=r"R1\.0\.000"):
        index.add("R1.0.000", CORPUS[1])
    assert len(index) == 1


def test_the_minhash_estimate_lies_within_four_standard_errors() -> None:
    index = NoveltyIndex()
    for number, code in enumerate(CORPUS[:50]):
        index.add(str(number), code)
    for code in CORPUS[50:]:
        found = index.nearest(code)
        assert found is not None
        error = (found.jaccard * (1 - found.jaccard) / 128) ** 0.5
        assert abs(found.minhash_estimate - found.jaccard) <= 4 * error


def test_an_empty_text_resembles_only_an_empty_text() -> None:
    nothing, something = shingle_hashes(""), shingle_hashes("x = 1\n")
    assert minhash_estimate(nothing, nothing) == 1
    assert minhash_estimate(nothing, something) == 0
