"""Index maps: which elements of one tensor another one shows, and in which order.

A view (`flatten`, `transpose`, `x[:, 1:]`, `expand`) is described by what it shows instead of by the calls
that made it, so that two ways of writing the same view cannot be told apart. Plain arithmetic, no torch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class IndexMap:
    """From the row-major index of what is shown to an index in what it is taken from.

    `steps` are (size, stride) from outer to inner, merged as far as possible and without size 1; so maps that
    do the same are equal, whatever shape the elements are shown in.
    """

    offset: int
    steps: tuple[tuple[int, int], ...]

    def shows_all_of(self, size: int) -> bool:
        """Everything, in its own order: the view is at most a change of shape."""
        return self.offset == 0 and self.steps == (((size, 1),) if size > 1 else ())


@dataclass(frozen=True, slots=True)
class Digit:
    """One place of a mixed-radix number: each unit is worth `taken` on the way in, `given` on the way out."""

    size: int
    taken: int
    given: int


def expanded(offset: int, size: int) -> IndexMap:
    """The one element at `offset`, `size` times."""
    return IndexMap(offset, _merged([(size, 0)]))


def row_major(shape: Shape) -> Shape:
    """Strides of a contiguous tensor."""
    strides: list[int] = []
    step = 1
    for size in reversed(shape):
        strides.append(step)
        step *= size
    return tuple(reversed(strides))


@lru_cache(maxsize=4096)
def view_map(
    shape: Shape, strides: Shape, offset: int, base_shape: Shape, base_strides: Shape, base_offset: int
) -> IndexMap | None:
    """What a tensor shows of another one in the same memory; None where no strided map can say it."""
    memory = IndexMap(offset - base_offset, _merged(zip(shape, strides, strict=True)))
    logical = row_major(base_shape)
    return translate(memory, [Digit(*place) for place in zip(base_shape, base_strides, logical, strict=True)])


@lru_cache(maxsize=4096)
def compose(outer: IndexMap, inner: IndexMap) -> IndexMap | None:
    """The map of a view through `outer` of what `inner` shows; None where no strided map can say it."""
    shape = tuple(size for size, _ in inner.steps)
    taken, given = row_major(shape), (stride for _, stride in inner.steps)
    through = translate(outer, [Digit(*place) for place in zip(shape, taken, given, strict=True)])
    return through and IndexMap(through.offset + inner.offset, through.steps)


def translate(of: IndexMap, digits: Sequence[Digit]) -> IndexMap | None:
    """The same map with every index rewritten from the digits' `taken` values to their `given` ones.

    None where a step would carry from one digit into the next in the middle.
    """
    places = sorted((digit for digit in digits if digit.size > 1), key=lambda digit: digit.taken)
    # Digits that overlap (memory shown twice) do not say which element an index stands for.
    if any(high.taken < low.taken * low.size for low, high in pairwise(places)) or (
        places and places[0].taken <= 0
    ):
        return None
    reached = [0] * len(places)
    offset, rest = 0, of.offset
    for number in range(len(places) - 1, -1, -1):
        place = places[number]
        reached[number], rest = divmod(rest, place.taken)
        offset += reached[number] * place.given
    if rest:
        return None
    steps: list[tuple[int, int]] = []
    for size, stride in of.steps:
        parts = _split(size, stride, places, reached)
        if parts is None:
            return None
        steps += parts
    if any(most >= place.size for most, place in zip(reached, places, strict=True)):
        return None
    return IndexMap(offset, _merged(steps))


def _split(
    size: int, stride: int, places: Sequence[Digit], reached: list[int]
) -> list[tuple[int, int]] | None:
    """One step of a map as steps that each stay within one digit; adds to `reached` how far they go."""
    if stride == 0:
        return [(size, 0)]
    parts: list[tuple[int, int]] = []
    while size > 1:
        number = sum(place.taken <= stride for place in places) - 1
        if number < 0:
            return None
        place = places[number]
        units, rest = divmod(stride, place.taken)
        if rest or units >= place.size:
            return None
        inside = size
        if (size - 1) * units >= place.size:
            inside, rest = divmod(place.size, units)
            if rest or size % inside:
                return None
        parts.append((inside, units * place.given))
        reached[number] += (inside - 1) * units
        size //= inside
        stride = place.taken * place.size
    return parts[::-1]


def _merged(steps: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for size, stride in steps:
        if size == 1:
            continue
        if merged and merged[-1][1] == stride * size:
            merged[-1] = (merged[-1][0] * size, stride)
        else:
            merged.append((size, stride))
    return tuple(merged)
