"""Classifier heads: from a feature map to one score per class."""

from archloom.corpus.blocks import Flow
from archloom.corpus.draw import Draw
from archloom.corpus.layers import Layer, Style, Width, activation, conv, linear

HEADS = {"average": 30, "grid": 20, "maximum": 10, "hidden": 20, "convolution": 14, "flatten": 6}


def draw_head(draw: Draw, style: Style, flow: Flow, classes: int) -> list[Layer]:
    """The layers of `self.head`; products of channels and pixels are written out (`16 * 4`)."""
    scores = Width("out_shape[0]", classes)
    dropout = [Layer("nn.Dropout(prm['dropout'])")] if draw.chance(0.35) else []
    kind = draw.weighted(HEADS)
    match kind:
        case "average":
            return [*_pooled("Avg", 1), *dropout, linear(flow.width, scores)]
        case "maximum":
            return [*_pooled("Max", 1), *dropout, linear(flow.width, scores)]
        case "grid":
            edge = draw.pick((2, 2, 3, 4))
            pooling = draw.pick(("Avg", "Avg", "Max"))
            return [*_pooled(pooling, edge), *dropout, linear(flow.width.times(edge * edge), scores)]
        case "hidden":
            edge = draw.pick((1, 2))
            hidden = Width.of(draw.pick((16, 24, 32, 48, 64)))
            first = linear(flow.width.times(edge * edge), hidden)
            return [*_pooled("Avg", edge), first, *activation(style), *dropout, linear(hidden, scores)]
        case "flatten" if flow.size <= 4:
            pixels = flow.size * flow.size
            return [Layer("nn.Flatten()"), *dropout, linear(flow.width.times(pixels), scores)]
        case _:
            return [*dropout, conv(flow.width, scores, flow.size, 1), *_pooled("Avg", 1)]


def _pooled(kind: str, edge: int) -> list[Layer]:
    return [Layer(f"nn.Adaptive{kind}Pool2d({edge})"), Layer("nn.Flatten()")]
