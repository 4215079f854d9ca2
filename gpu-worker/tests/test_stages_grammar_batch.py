"""The control without a language model."""

from archloom.corpus.grammar import generate_corpus
from archloom.stages.grammar_batch import write_from_grammar


def test_programs_follow_from_the_seed_and_are_shown_as_they_are_stored() -> None:
    shown: list[dict[int, str]] = []
    programs = write_from_grammar(6, 5, shown.append)
    assert shown == [{position: program.code for position, program in enumerate(programs)}]
    assert write_from_grammar(6, 5, lambda _: None) == programs
    assert write_from_grammar(6, 6, lambda _: None) != programs
    assert len({program.code for program in programs}) == 6


def test_programs_are_not_those_of_the_corpus() -> None:
    written = {program.code for program in write_from_grammar(40, 1, lambda _: None)}
    assert not written & set(generate_corpus(200))
