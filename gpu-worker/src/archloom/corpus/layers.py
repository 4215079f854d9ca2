"""Single layers as source text, with the parameters and multiply-adds they cost.

Costs are computed here by hand because this package never imports torch; a test compares them with torch's
own.
"""

from dataclasses import dataclass

from archloom.corpus.draw import Draw


@dataclass(frozen=True)
class Width:
    """A channel count: the text that denotes it in the program, and its value at one input channel."""

    text: str
    value: int

    @staticmethod
    def of(value: int) -> "Width":
        return Width(str(value), value)

    def times(self, factor: int) -> "Width":
        """The product, written out: a small language model can copy factors, not compute products."""
        return self if factor == 1 else Width(f"{self.text} * {factor}", self.value * factor)


@dataclass(frozen=True)
class Layer:
    """One constructor expression; `macs` are multiply-adds for one image."""

    text: str
    parameters: int = 0
    macs: int = 0


@dataclass(frozen=True)
class Style:
    """What a network's author usually does: one normalisation, one activation, biases or not."""

    norm: str
    activation: str
    bias: bool


NORMS = {"none": 34, "batch": 34, "group": 14, "instance": 12, "response": 6}

ACTIVATIONS = {
    "nn.ReLU()": 16,
    "nn.LeakyReLU(0.1)": 10,
    "nn.GELU()": 9,
    "nn.SiLU()": 9,
    "nn.ELU()": 8,
    "nn.Hardswish()": 8,
    "nn.Mish()": 7,
    "nn.ReLU6()": 7,
    "nn.Tanh()": 9,
    "nn.Sigmoid()": 6,
    "nn.Softplus()": 5,
    "none": 6,
}


def draw_style(draw: Draw) -> Style:
    return Style(norm=draw.weighted(NORMS), activation=draw.weighted(ACTIVATIONS), bias=draw.chance(0.7))


def deviate(draw: Draw, style: Style) -> Style:
    """The style, with now and then another activation or normalisation: habits have exceptions."""
    return Style(
        norm=draw.weighted(NORMS) if draw.chance(0.12) else style.norm,
        activation=draw.weighted(ACTIVATIONS) if draw.chance(0.22) else style.activation,
        bias=style.bias if draw.chance(0.85) else not style.bias,
    )


def conv(
    taken: Width,
    given: Width,
    size: int,
    kernel: int = 3,
    stride: int = 1,
    depthwise: bool = False,
    bias: bool = True,
) -> Layer:
    """A convolution that keeps the image size (padding = kernel // 2), divided by the stride.

    `size` is the edge of the square input image in pixels, a multiple of `stride`.
    """
    options = [taken.text, given.text, str(kernel)]
    if stride > 1:
        options.append(f"stride={stride}")
    if kernel > 1:
        options.append(f"padding={kernel // 2}")
    if depthwise:
        options.append(f"groups={taken.text}")
    if not bias:
        options.append("bias=False")
    inputs_each = 1 if depthwise else taken.value
    weights = inputs_each * given.value * kernel * kernel
    pixels = (size // stride) ** 2
    return Layer(f"nn.Conv2d({', '.join(options)})", weights + (given.value if bias else 0), weights * pixels)


def linear(taken: Width, given: Width) -> Layer:
    weights = taken.value * given.value
    return Layer(f"nn.Linear({taken.text}, {given.text})", weights + given.value, weights)


def norm(style: Style, width: Width) -> list[Layer]:
    """The style's normalisation for this width; none is an empty list. Widths are multiples of 4."""
    match style.norm:
        case "batch":
            return [Layer(f"nn.BatchNorm2d({width.text})", 2 * width.value)]
        case "group":
            return [Layer(f"nn.GroupNorm(4, {width.text})", 2 * width.value)]
        case "instance":
            return [Layer(f"nn.InstanceNorm2d({width.text})")]
        case "response":
            return [Layer("nn.LocalResponseNorm(5)")]
        case _:
            return []


def activation(style: Style) -> list[Layer]:
    return [] if style.activation == "none" else [Layer(style.activation)]
