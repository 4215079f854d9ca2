"""Programs without a language model, drawn from the starter grammar: a control of what a model adds."""

from collections.abc import Callable
from typing import Final

from archloom.corpus.grammar import draw_program
from archloom.stages.seeds import derived_seed
from archloom.store.batches import WrittenProgram

# The corpus takes its seeds from 0 on; these are far above all it will ever use.
FIRST_SEED: Final = 2**32


def write_from_grammar(count: int, seed: int, show: Callable[[dict[int, str]], None]) -> list[WrittenProgram]:
    """`count` programs that follow from the seed. None is of the corpus by construction; one may still equal
    an entry by chance, which is for the novelty test to say."""
    programs = [_draw(seed, position) for position in range(count)]
    show(dict(enumerate(programs)))
    return [WrittenProgram(code, answer=None, tokens=0, finished=True) for code in programs]


def _draw(seed: int, position: int) -> str:
    """The first program within the grammar's limits."""
    attempt = 0
    while True:
        program = draw_program(FIRST_SEED + derived_seed("grammar", seed, position, attempt))
        if program is not None:
            return program
        attempt += 1
