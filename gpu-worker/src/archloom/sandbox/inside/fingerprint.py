"""The structural fingerprint: one short text for all programs that compute the same graph.

Two networks share a fingerprint when their forward passes, in training mode, read the same kinds of leaves
through the same operators with the same constants, shapes and wiring. Whether a parameter is used twice or
two are used once counts; names, modules, the order of statements and of addends and factors, in-place forms
and everything that does not reach the output do not.

Not seen: the values of parameters, buffers and constants that the constructor made; where gradients are cut
off; what only evaluation mode does. A network that computes with Python numbers taken from its weights gets
another fingerprint with other weights.

The graph is put into one order (operands that may change places are sorted by what they and their users look
like), written down and hashed. Two operands that cannot be told apart that way are taken as they come: for
networks that only a search for isomorphism could compare, one structure may get two fingerprints, but two
structures never get one, short of a collision of 128 bits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    # Importing it would import torch, which the worker does without.
    from archloom.sandbox.inside.graph import Node, Ref

FINGERPRINT_VERSION = 1
FINGERPRINT_DIGITS = 32

_ASSOCIATIVE = frozenset({"add", "mul"})
_ROUNDS = 3


class _Step(NamedTuple):
    """A node with chains of sums and of products written as one sum or product."""

    text: str
    reads: tuple[Ref, ...]
    sorted: bool
    """The operands have no order of their own."""


def fingerprint(nodes: Sequence[Node], output: Ref) -> str:
    """Of the graph that ends in `output`: hexadecimal, FINGERPRINT_DIGITS characters."""
    steps = _steps(nodes, output)
    colours = _colours(steps, output)
    lines = [str(FINGERPRINT_VERSION), *_lines(steps, output, colours)]
    return sha256("\n".join(lines).encode()).hexdigest()[:FINGERPRINT_DIGITS]


def _steps(nodes: Sequence[Node], output: Ref) -> dict[int, _Step]:
    """The nodes that reach the output, by number, in their order."""
    uses = Counter([output.value.node])
    for number in range(len(nodes) - 1, -1, -1):
        if number in uses:
            uses.update(read.value.node for read in nodes[number].reads)
    steps: dict[int, _Step] = {}
    merged: set[int] = set()
    for number in sorted(uses):
        node = nodes[number]
        reads: list[Ref] = []
        for read in node.reads:
            if _continues(nodes[read.value.node], node, read) and uses[read.value.node] == 1:
                reads += steps[read.value.node].reads
                merged.add(read.value.node)
            else:
                reads.append(read)
        steps[number] = _Step(node.text, tuple(reads), bool(node.commutative))
    return {number: step for number, step in steps.items() if number not in merged}


def _continues(inner: Node, outer: Node, read: Ref) -> bool:
    """(a + b) + c is the sum of three; rounding is not structure."""
    return (
        outer.commutative in _ASSOCIATIVE
        and inner.commutative == outer.commutative
        and (read.value.map, read.dtype, read.shape) == (None, "", inner.shape)
    )


def _colours(steps: dict[int, _Step], output: Ref) -> dict[int, str]:
    """For each node a text that equals another's only if the two look alike from below and, where that
    leaves operands of a sum or product undecided, from above as well."""
    colours: dict[int, str] = dict.fromkeys(steps, "")
    for _ in range(_ROUNDS):
        below: dict[int, str] = {}
        for number, step in steps.items():
            operands = [f"{below[read.value.node]}{_shown(read)}" for read in step.reads]
            if step.sorted:
                operands.sort()
            below[number] = _digest(colours[number], step.text, *operands)
        colours = below
        if not any(step.sorted and _has_ties(step, colours) for step in steps.values()):
            break
        users: dict[int, list[str]] = {number: [] for number in steps}
        users[output.value.node].append("output")
        for number in reversed(steps):
            step = steps[number]
            colours[number] = _digest(colours[number], *sorted(users[number]))
            for place, read in enumerate(step.reads):
                users[read.value.node].append(f"{colours[number]}{0 if step.sorted else place}{_shown(read)}")
    return colours


def _has_ties(step: _Step, colours: dict[int, str]) -> bool:
    looks = Counter({(colours[read.value.node], _shown(read)) for read in set(step.reads)})
    return len(looks) < len(set(step.reads))


def _lines(steps: dict[int, _Step], output: Ref, colours: dict[int, str]) -> list[str]:
    """One line for each node, operands before their users, in an order that only the structure decides."""
    lines: list[str] = []
    numbers: dict[int, int] = {}
    waiting: list[tuple[int, bool]] = [(output.value.node, False)]
    while waiting:
        node, ready = waiting.pop()
        if node in numbers:
            continue
        step = steps[node]
        reads: Sequence[Ref] = step.reads
        if step.sorted:
            reads = sorted(
                reads,
                key=lambda read: (
                    colours[read.value.node],
                    _shown(read),
                    numbers.get(read.value.node, len(steps)),
                ),
            )
        if ready:
            numbers[node] = len(numbers)
            operands = " ".join(f"{numbers[read.value.node]}{_shown(read)}" for read in reads)
            lines.append(f"{step.text} {operands}")
        else:
            waiting.append((node, True))
            waiting += [(read.value.node, False) for read in reversed(reads)]
    lines.append(f"output {numbers[output.value.node]}{_shown(output)}")
    return lines


def _shown(read: Ref) -> str:
    value = read.value
    steps = f"{value.map.offset}{value.map.steps}" if value.map else ""
    return f".{value.output}{read.shape}{read.dtype}{steps}"


def _digest(*texts: str) -> str:
    return blake2b("\0".join(texts).encode(), digest_size=8).hexdigest()
