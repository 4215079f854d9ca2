"""The starter corpus: a seeded grammar of varied, shape-correct and mostly mediocre networks.

Guarantees, for every program: it follows the candidate contract; built for 1x16x16 images and 10 classes it
maps a batch to (N, 10) with at most MAX_PARAMETERS parameters and MAX_MACS multiply-adds per image; no two
programs are equal; program k is the same on every machine and Python version.

What it does not promise is quality. Normalisation, activation, widths, depth and head are drawn without
regard to accuracy, so that after one epoch about half of the networks still sit near chance: the loop must
find out itself which choices are good.
"""

import hashlib
from collections.abc import Iterator
from itertools import count, islice

from archloom.corpus.blocks import (
    ANY_BLOCK,
    CONCATENATING,
    WIDTH_CHANGING,
    Block,
    Flow,
)
from archloom.corpus.draw import Draw
from archloom.corpus.heads import draw_head
from archloom.corpus.layers import Layer, Style, Width, deviate, draw_style
from archloom.novelty import frame

CORPUS_SIZE = 8_000
MAX_PARAMETERS = 300_000
MAX_MACS = 20_000_000
IMAGE_SIZE = 16
CLASSES = 10

DEPTHS = {1: 4, 2: 18, 3: 25, 4: 21, 5: 14, 6: 9, 7: 6, 8: 3}
WIDTHS = (4, 8, 12, 16, 24, 32, 48, 64)
WIDTH_POLICIES = {"grow": 34, "any": 30, "tiny": 22, "shrink": 14}


def generate_corpus(size: int = CORPUS_SIZE) -> list[str]:
    """The first `size` different programs within the limits, in seed order."""
    return list(islice(_different_programs(), size))


def corpus_sha256(programs: list[str]) -> str:
    """Hexadecimal SHA-256 over all programs in order, each as UTF-8 followed by one NUL byte."""
    digest = hashlib.sha256()
    for program in programs:
        digest.update(program.encode() + b"\0")
    return digest.hexdigest()


def draw_program(seed: int) -> str | None:
    """The program of one seed, or None where it would exceed the limits on parameters or multiply-adds."""
    draw = Draw(seed)
    style = draw_style(draw)
    blocks = _draw_blocks(draw, style)
    head = draw_head(draw, style, blocks[-1].leaves, CLASSES)
    layers = [layer for block in blocks for _, part in block.attributes for layer in part] + head
    if (
        sum(layer.parameters for layer in layers) > MAX_PARAMETERS
        or sum(layer.macs for layer in layers) > MAX_MACS
    ):
        return None
    return _write(blocks, head)


def _different_programs() -> Iterator[str]:
    seen: set[str] = set()
    for seed in count():
        program = draw_program(seed)
        if program is not None and program not in seen:
            seen.add(program)
            yield program


def _draw_blocks(draw: Draw, style: Style) -> list[Block]:
    depth = draw.weighted(DEPTHS)
    policy = draw.weighted(WIDTH_POLICIES)
    flow = Flow(Width("in_shape[1]", 1), IMAGE_SIZE)
    blocks: list[Block] = []
    must_change_width = True
    while len(blocks) < depth or must_change_width:
        makers = WIDTH_CHANGING if must_change_width else ANY_BLOCK
        maker = draw.weighted(makers)
        width = Width.of(_draw_width(draw, policy, len(blocks), depth))
        block = maker(draw, deviate(draw, style), len(blocks) + 1, flow, width)
        must_change_width = maker in CONCATENATING
        flow = block.leaves
        blocks.append(block)
    return blocks


def _draw_width(draw: Draw, policy: str, position: int, depth: int) -> int:
    match policy:
        case "tiny":
            return draw.pick((4, 4, 8, 12))
        case "any":
            return draw.pick(WIDTHS)
        case _:
            step = position if policy == "grow" else depth - 1 - position
            return WIDTHS[max(0, min(len(WIDTHS) - 1, step + draw.pick((0, 1, 2, 3))))]


def _write(blocks: list[Block], head: list[Layer]) -> str:
    lines = [line for block in blocks for name, layers in block.attributes for line in _define(name, layers)]
    lines += _define("head", tuple(head))
    statements = [f"        {block.statement}\n" for block in blocks]
    return "".join(
        [
            frame.IMPORTS,
            "\n\n",
            frame.CLASS_HEAD,
            *lines,
            "\n",
            frame.FORWARD_HEAD,
            *statements,
            frame.RETURN_HEAD,
            "\n",
            frame.TRAINING,
            "\n\n",
            frame.HYPERPARAMETERS,
        ]
    )


def _define(name: str, layers: tuple[Layer, ...]) -> list[str]:
    if len(layers) == 1:
        return [f"        self.{name} = {layers[0].text}\n"]
    inner = [f"            {layer.text},\n" for layer in layers]
    return [f"        self.{name} = nn.Sequential(\n", *inner, "        )\n"]
