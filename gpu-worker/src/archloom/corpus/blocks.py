"""Blocks of a network, named by their role.

The name of a block says how `forward` uses it (`conv1` is applied, `res2` is added, `cat3` is concatenated,
`gate4` multiplies), so the wiring can be written from the names alone, without remembering channel counts far
above. A small language model learns such programs with half the build failures of neutrally named ones.
"""

from collections.abc import Callable
from dataclasses import dataclass

from archloom.corpus.draw import Draw
from archloom.corpus.layers import Layer, Style, Width, activation, conv, norm


@dataclass(frozen=True)
class Flow:
    """What arrives at a block: channels and the edge of the square image in pixels."""

    width: Width
    size: int


@dataclass(frozen=True)
class Block:
    """One block: attributes to define (name, layers), the `forward` statement, and what leaves it."""

    attributes: tuple[tuple[str, tuple[Layer, ...]], ...]
    statement: str
    leaves: Flow


def _unit(
    style: Style,
    taken: Width,
    given: Width,
    size: int,
    kernel: int = 3,
    stride: int = 1,
    depthwise: bool = False,
) -> list[Layer]:
    return [
        conv(taken, given, size, kernel, stride, depthwise, style.bias),
        *norm(style, given),
        *activation(style),
    ]


def _straight(role: str, number: int, layers: list[Layer], leaves: Flow) -> Block:
    name = f"{role}{number}"
    return Block(((name, tuple(layers)),), f"x = self.{name}(x)", leaves)


def _stride(draw: Draw, flow: Flow) -> int:
    return 2 if flow.size >= 8 and draw.chance(0.22) else 1


def single_conv(draw: Draw, style: Style, number: int, flow: Flow, width: Width) -> Block:
    kernel = draw.weighted({3: 64, 5: 18, 7: 8, 1: 10})
    stride = _stride(draw, flow) if kernel > 1 else 1
    layers = _unit(style, flow.width, width, flow.size, kernel, stride)
    return _straight("conv", number, layers, Flow(width, flow.size // stride))


def double_conv(draw: Draw, style: Style, number: int, flow: Flow, width: Width) -> Block:
    stride = _stride(draw, flow)
    size = flow.size // stride
    layers = [*_unit(style, flow.width, width, flow.size, 3, stride), *_unit(style, width, width, size)]
    return _straight("conv", number, layers, Flow(width, size))


def bottleneck(draw: Draw, style: Style, number: int, flow: Flow, width: Width) -> Block:
    inner = Width.of(draw.pick((4, 8, 12, 16)))
    layers = [
        *_unit(style, flow.width, inner, flow.size, 1),
        *_unit(style, inner, inner, flow.size),
        *_unit(style, inner, width, flow.size, 1),
    ]
    return _straight("conv", number, layers, Flow(width, flow.size))


def separable(draw: Draw, style: Style, number: int, flow: Flow, width: Width) -> Block:
    kernel = draw.pick((3, 3, 5))
    stride = _stride(draw, flow)
    size = flow.size // stride
    layers = [
        conv(flow.width, flow.width, flow.size, kernel, stride, True, style.bias),
        *_unit(style, flow.width, width, size, 1),
    ]
    return _straight("sep", number, layers, Flow(width, size))


def residual(draw: Draw, style: Style, number: int, flow: Flow, width: Width) -> Block:
    """Keeps the channels it is given: `width` is not used."""
    del width
    if draw.chance(0.3):
        inner = Width.of(draw.pick((4, 8, 12, 16)))
        layers = [*_unit(style, flow.width, inner, flow.size, 1), *_unit(style, inner, flow.width, flow.size)]
    elif draw.chance(0.5):
        layers = [
            *_unit(style, flow.width, flow.width, flow.size),
            *_unit(style, flow.width, flow.width, flow.size),
        ]
    else:
        layers = _unit(style, flow.width, flow.width, flow.size, draw.pick((3, 3, 5)))
    name = f"res{number}"
    return Block(((name, tuple(layers)),), f"x = x + self.{name}(x)", flow)


def projected_residual(draw: Draw, style: Style, number: int, flow: Flow, width: Width) -> Block:
    stride = _stride(draw, flow)
    size = flow.size // stride
    layers = [*_unit(style, flow.width, width, flow.size, 3, stride), *_unit(style, width, width, size)]
    shortcut = conv(flow.width, width, flow.size, 1, stride, bias=style.bias)
    names = f"sum{number}", f"skip{number}"
    return Block(
        ((names[0], tuple(layers)), (names[1], (shortcut,))),
        f"x = self.{names[0]}(x) + self.{names[1]}(x)",
        Flow(width, size),
    )


def dense_concat(draw: Draw, style: Style, number: int, flow: Flow, width: Width) -> Block:
    """Appends as many channels as arrive, so that what leaves is always written `n * 2`."""
    del width
    layers = _unit(style, flow.width, flow.width, flow.size, draw.pick((1, 3, 3, 5)))
    name = f"cat{number}"
    return Block(
        ((name, tuple(layers)),),
        f"x = torch.cat([x, self.{name}(x)], 1)",
        Flow(flow.width.times(2), flow.size),
    )


def forked_concat(draw: Draw, style: Style, number: int, flow: Flow, width: Width) -> Block:
    left = _unit(style, flow.width, width, flow.size, draw.pick((1, 3)))
    right = _unit(style, flow.width, width, flow.size, draw.pick((3, 5)))
    names = f"left{number}", f"right{number}"
    return Block(
        ((names[0], tuple(left)), (names[1], tuple(right))),
        f"x = torch.cat([self.{names[0]}(x), self.{names[1]}(x)], 1)",
        Flow(width.times(2), flow.size),
    )


def gate(draw: Draw, style: Style, number: int, flow: Flow, width: Width) -> Block:
    del width
    layers = [Layer("nn.AdaptiveAvgPool2d(1)")] if draw.chance(0.75) else []
    size = 1 if layers else flow.size
    inner = Width.of(draw.pick((4, 8, 12)))
    layers += [
        conv(flow.width, inner, size, 1),
        *activation(style),
        conv(inner, flow.width, size, 1),
        Layer(draw.weighted({"nn.Sigmoid()": 70, "nn.Hardsigmoid()": 15, "nn.Tanh()": 15})),
    ]
    name = f"gate{number}"
    return Block(((name, tuple(layers)),), f"x = x * self.{name}(x)", flow)


def pool(draw: Draw, style: Style, number: int, flow: Flow, width: Width) -> Block:
    """Halves an image of at least 4 pixels; smooths a smaller one without changing its size."""
    del style, width
    if flow.size < 4:
        return _straight("pool", number, [Layer("nn.AvgPool2d(3, stride=1, padding=1)")], flow)
    layer = Layer(draw.weighted({"nn.MaxPool2d(2)": 60, "nn.AvgPool2d(2)": 40}))
    return _straight("pool", number, [layer], Flow(flow.width, flow.size // 2))


def stray(draw: Draw, style: Style, number: int, flow: Flow, width: Width) -> Block:
    """A layer an experienced author would leave out; it keeps many networks from learning in one epoch."""
    del style, width
    text = draw.weighted(
        {
            "nn.Sigmoid()": 26,
            "nn.Softmax2d()": 20,
            "nn.Tanh()": 16,
            "nn.Dropout2d(prm['dropout'])": 22,
            "nn.Hardtanh()": 16,
        }
    )
    return _straight("act", number, [Layer(text)], flow)


BlockMaker = Callable[[Draw, Style, int, Flow, Width], Block]

# These read a width and write another: one of them opens a network and follows every concatenation.
WIDTH_CHANGING: dict[BlockMaker, float] = {
    single_conv: 46,
    double_conv: 18,
    bottleneck: 16,
    separable: 20,
}

ANY_BLOCK: dict[BlockMaker, float] = {
    single_conv: 22,
    double_conv: 8,
    bottleneck: 8,
    separable: 9,
    residual: 12,
    projected_residual: 5,
    dense_concat: 4,
    forked_concat: 4,
    gate: 6,
    pool: 14,
    stray: 6,
}

CONCATENATING: frozenset[BlockMaker] = frozenset({dense_concat, forked_concat})
