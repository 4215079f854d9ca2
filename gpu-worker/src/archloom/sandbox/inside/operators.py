"""What a fingerprint needs to know about ATen's operators, and how it writes their arguments down.

Two spellings of one operation become one: in-place and `out=` forms, overloads, negative and unordered
dimensions, a pooling stride that is left out, numbers (2, 2.0), tensors expanded to where they would be
broadcast anyway.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportPrivateUsage=false
# torch's operator overloads carry no types.

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

# Where and how a tensor lies in memory; whether a reduced dimension stays shows in the shape that is read.
_IGNORED = frozenset(
    {"device", "layout", "pin_memory", "memory_format", "non_blocking", "generator", "out", "keepdim"}
)
# In place, these do not read what they overwrite.
_OVERWRITING = frozenset(
    {"bernoulli", "uniform", "normal", "random", "exponential", "geometric", "cauchy", "log_normal"}
)
_COMMUTATIVE = frozenset({"add", "mul", "maximum", "minimum", "eq", "ne", "logical_and", "logical_or"})
# The second operand that changes nothing.
_NEUTRAL = {"add": 0, "sub": 0, "mul": 1, "div": 1, "pow": 1}
_COPYING = frozenset({"clone", "_to_copy", "copy"})
_NOTHING = "nothing"
# One value everywhere, whatever the tensor is made like; None: the value is an argument.
_FILLING: dict[str, object] = {
    **dict.fromkeys(("zeros", "zeros_like", "new_zeros", "zero"), 0),
    **dict.fromkeys(("ones", "ones_like", "new_ones"), 1),
    **dict.fromkeys(("full", "full_like", "new_full", "scalar_tensor", "fill"), None),
    **dict.fromkeys(("empty", "empty_like", "new_empty", "empty_strided", "new_empty_strided"), _NOTHING),
}
_FILL_ARGUMENTS = ("fill_value", "value", "s")
# Devices differ in what they compose these of, so each is recorded as one operation. Functions in Python hide
# what they call from the recorder, so the one that calls attention is here, too.
_WHOLE: dict[object, dict[str, object]] = {
    functional.scaled_dot_product_attention: {
        "query": ..., "key": ..., "value": ...,
        "attn_mask": None, "dropout_p": 0.0, "is_causal": False, "scale": None, "enable_gqa": False,
    },
    functional.multi_head_attention_forward: {
        name: parameter.default
        for name, parameter in inspect.signature(functional.multi_head_attention_forward).parameters.items()
    },
    functional.one_hot: {"tensor": ..., "num_classes": -1},
    # Always called by position.
    **{function: {} for function in (torch.lstm, torch.gru, torch.rnn_tanh, torch.rnn_relu)},
}  # fmt: skip


# Arguments about attention's weights; what came of them shows in the shape in which those are read.
_SECOND_OUTPUT = frozenset({"need_weights", "average_attn_weights"})


@dataclass(frozen=True, slots=True)
class Operator:
    """`name` without overload and without the underscore of in-place forms."""

    name: str
    arguments: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    """Arguments whose memory it changes."""
    is_view: bool = False
    is_random: bool = False
    is_pointwise: bool = False
    keeps_dimensions: bool = False
    """Reduces dimensions, in whatever order they are given."""
    defaults: Mapping[str, str] = field(default_factory=dict[str, str])
    """As text, for arguments that have one. Torch leaves them out only if they are of the very same type."""

    @property
    def is_copying(self) -> bool:
        return self.name in _COPYING

    @property
    def is_filling(self) -> bool:
        return self.name in _FILLING

    @property
    def is_overwriting(self) -> bool:
        return self.is_random and self.name in _OVERWRITING and "self" in self.written

    def is_commutative(self, text: str) -> bool:
        return self.name in _COMMUTATIVE and text == "self=#,other=#"

    def is_neutral(self, named: dict[str, Any]) -> bool:
        """Whether this operation returns `self` as it is, but for its shape and type."""
        operand = named.get("exponent" if self.name == "pow" else "other")
        return (
            isinstance(operand, (int, float))
            and operand == _NEUTRAL.get(self.name)
            and isinstance(named.get("self"), Tensor)
            and named.get("rounding_mode") is None
        )

    def fill(self, named: dict[str, Any]) -> object:
        """The value that a filling operator puts everywhere, a tensor perhaps."""
        fixed = _FILLING[self.name]
        return fixed if fixed is not None else next(named[name] for name in _FILL_ARGUMENTS if name in named)

    def normalise(self, named: dict[str, Any]) -> dict[str, Any]:
        """The arguments that count, by name."""
        counting = {name: value for name, value in named.items() if name not in _IGNORED}
        if self.is_overwriting:
            del counting["self"]
        if "dim" in counting:
            counting["dim"] = self._dimensions(counting["dim"], counting)
        if "kernel_size" in counting and "stride" in self.arguments and not counting.get("stride"):
            counting["stride"] = counting["kernel_size"]
        return counting

    def _dimensions(self, given: object, named: dict[str, Any]) -> object:
        read = next(iter(named.values()))
        first = read[0] if isinstance(read, (list, tuple)) and read else read
        if not isinstance(first, Tensor):
            return given
        count = max(first.dim() + (self.name == "stack"), 1)
        if isinstance(given, int):
            return given % count
        if isinstance(given, (list, tuple)):
            wrapped = [dimension % count for dimension in given]
            return sorted(wrapped) if self.keeps_dimensions else wrapped
        return given


@cache
def operator_of(function: Any) -> Operator:
    """Of an ATen overload."""
    schema = function._schema
    arguments = schema.arguments
    written = tuple(
        argument.name for argument in arguments if argument.alias_info and argument.alias_info.is_write
    )
    name = schema.name.removeprefix("aten::")
    if written and name.endswith("_") and not name.endswith("__"):
        name = name[:-1]
    packet = getattr(torch.ops.aten, name, None) or function._overloadpacket
    overloads = [getattr(packet, overload) for overload in packet.overloads()]
    return Operator(
        name=name,
        arguments=tuple(argument.name for argument in arguments),
        written=written,
        is_view=not written and any(returned.alias_info for returned in schema.returns),
        is_random=torch.Tag.nondeterministic_seeded in function.tags,
        is_pointwise=any(torch.Tag.pointwise in overload.tags for overload in overloads),
        keeps_dimensions=any(argument.name == "keepdim" for argument in arguments),
        defaults={
            argument.name: to_text(argument.default_value)
            for argument in arguments
            if argument.has_default_value()
        },
    )


def is_whole(function: object) -> bool:
    """Whether a function of torch is recorded as one operation, whatever it is composed of."""
    return function in _WHOLE


def whole_operator(
    function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Operator, dict[str, Any]]:
    """Such a function as an operator, and the arguments that are not its defaults, by name."""
    defaults = _WHOLE[function]
    # Dropout is the only fraction among the arguments of recurrent layers.
    random = any(isinstance(value, float) and value > 0 for value in args) or kwargs.get("dropout_p", 0.0) > 0
    operator = Operator(function.__name__, is_random=random)
    if not defaults:
        return operator, {"arguments": args, **kwargs}
    named = dict(zip(defaults, args, strict=False)) | kwargs
    return operator, {
        name: value
        for name, value in named.items()
        if name not in _SECOND_OUTPUT and (isinstance(value, Tensor) or value != defaults[name])
    }


def to_text(value: object) -> str:
    """A constant, so that equal ones written otherwise are the same: 2, 2.0; 1/3, 0.33333333.

    Raises TypeError for what is no constant.
    """
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.7g}"
    if isinstance(value, (int, bool)):
        return str(int(value))
    if isinstance(value, (list, tuple)):
        return f"[{','.join(map(to_text, value))}]"
    if value is None or isinstance(value, (str, complex, torch.dtype, torch.layout, torch.memory_format)):
        return str(value)
    raise TypeError(f"{type(value).__name__} is no constant")


def dtype_text(dtype: torch.dtype) -> str:
    return "" if dtype is torch.float32 else str(dtype).removeprefix("torch.")
