"""Records what a network computes as a graph of values: operators, their constants, and what they read.

Works below `torch.nn` and Python, on the ATen calls of a forward pass, so names, modules, helpers and the
order of statements are gone before anything is recorded. The record is by value: a tensor is what its memory
holds at that moment, so views and in-place operations need no further care, and

    x.relu_(); y = x.flatten(1)        and        y = torch.relu(x).view(len(x), -1)

record the same. Left out on purpose: devices and memory formats, copies that change nothing, neutral numbers
(x * 1), and the values of parameters, buffers and constants that the constructor made.

A recorder never disturbs the pass it watches: what it does not understand makes the record broken.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportPrivateUsage=false
# torch's registries and modes carry no types, and only `_cdata` tells one piece of memory from another.

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.multiprocessing.reductions import StorageWeakRef
from torch.nn.parameter import Parameter
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves

from archloom.sandbox.inside.index_maps import IndexMap, Shape, compose, expanded, view_map
from archloom.sandbox.inside.operators import (
    Operator,
    dtype_text,
    is_whole,
    operator_of,
    to_text,
    whole_operator,
)

# Recording must not make an endless loop of tiny operations much slower than it is.
MOST_NODES = 10_000


class Value(NamedTuple):
    """What an output of a node holds, or part of it, in some order."""

    node: int
    output: int
    size: int
    """Elements of the whole output."""
    map: IndexMap | None = None
    """None: the whole output, in its own order."""


class Ref(NamedTuple):
    """A value in the shape in which an operation reads it."""

    value: Value
    shape: Shape
    dtype: str
    """Empty for float32."""


@dataclass(frozen=True, slots=True)
class Node:
    """A leaf, or an operation that no node before it already stands for. Nodes read earlier nodes only."""

    text: str
    """The operator with its constants; `#` stands for each of `reads` in turn."""
    reads: tuple[Ref, ...] = ()
    commutative: str = ""
    """Name of the operator, if its two operands may change places."""
    shape: Shape = ()
    """Of the result, of commutative nodes only."""


class _Memory(NamedTuple):
    """A value and how its elements lie in a piece of memory."""

    value: Value
    shape: Shape
    strides: Shape
    offset: int
    dtype: torch.dtype

    def whole(self) -> Ref:
        return Ref(self.value, self.shape, dtype_text(self.dtype))


@dataclass(frozen=True, slots=True)
class Call:
    """An operation about to run, with the values that it reads as they are now."""

    operator: Operator
    text: str
    reads: tuple[Ref, ...] = ()
    written: tuple[Tensor, ...] = ()
    unchanged: Ref | None = None
    """The result is this very value, if it has the same shape and type."""


class Recorder(TorchFunctionMode):
    """Keep it active around a pass, and give each ATen call to `before` and `after`."""

    def __init__(self) -> None:
        super().__init__()
        self.nodes: list[Node] = []
        self.broken = False
        self._known: dict[tuple[str, tuple[Ref, ...]], int] = {}
        self._memory: dict[int, _Memory] = {}
        self._parameters: set[int] = set()
        # Weakly held memory keeps its address, so that an address means one piece of memory throughout.
        self._addresses: list[StorageWeakRef] = []
        self._paused = False

    def start(self, images: Tensor) -> None:
        """Announces the input of the pass."""
        self._keep(images, Value(self._add(Node("input")), 0, images.numel()))

    def value_of(self, tensor: Tensor) -> Ref | None:
        """What the tensor holds now; None if the record is broken."""
        try:
            value = self._read(tensor)
        except Exception:
            return None
        return None if self.broken else value

    def before(self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call | None:
        if self._paused or self.broken:
            return None
        try:
            operator = operator_of(function)
            if operator.is_view:
                self._meet(operator, args[0])
                return None
            return self._call(operator, dict(zip(operator.arguments, args, strict=False)) | kwargs)
        except Exception:
            self.broken = True
            return None

    def after(self, call: Call | None, output: object) -> None:
        if call is None or self.broken:
            return
        try:
            self._record(call, [output] if isinstance(output, Tensor) else tree_leaves(output))
        except Exception:
            self.broken = True

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        if self._paused or self.broken or not (func is torch.tensor or is_whole(func)):
            return func(*args, **kwargs)
        call = self._call_of_whole(func, args, kwargs)
        self._paused = True
        try:
            output = func(*args, **kwargs)
        finally:
            self._paused = False
        self.after(call, output)
        return output

    def _call_of_whole(self, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call | None:
        try:
            return (
                _constant(args) if func is torch.tensor else self._call(*whole_operator(func, args, kwargs))
            )
        except Exception:
            self.broken = True
            return None

    def _call(self, operator: Operator, named: dict[str, Any]) -> Call:
        written = tuple(named[name] for name in operator.written if isinstance(named.get(name), Tensor))
        if operator.is_copying:
            source = self._read(named["src" if operator.name == "copy" else "self"])
            return Call(operator, "#", (source,), written, source)
        if operator.is_filling:
            value = operator.fill(named)
            if isinstance(value, Tensor):
                return Call(operator, "", (self._read(value),), written)
            return Call(operator, to_text(value), (), written)
        unchanged = self._read(named["self"]) if operator.is_neutral(named) else None
        reads: list[Ref] = []
        arguments = {
            name: self._encoded(value, operator.is_pointwise, reads)
            for name, value in operator.normalise(named).items()
        }
        text = ",".join(
            f"{name}={value}" for name, value in arguments.items() if operator.defaults.get(name) != value
        )
        return Call(operator, text, tuple(reads), written, unchanged)

    def _encoded(self, value: object, broadcasts: bool, reads: list[Ref]) -> str:
        if isinstance(value, Tensor):
            reads.append(self._read(value, broadcasts))
            return "#"
        if isinstance(value, (list, tuple)):
            return f"[{','.join(self._encoded(item, broadcasts, reads) for item in value)}]"
        return to_text(value)

    def _record(self, call: Call, output: list[Any]) -> None:
        results = [leaf for leaf in output if isinstance(leaf, Tensor)]
        fresh = [place for place, result in enumerate(results) if _address(result) not in self._memory]
        if not fresh and not call.written:
            return
        values = self._values(call, results)
        for place in fresh:
            self._keep(results[place], values[place])
        for place, tensor in enumerate(call.written):
            own = next((at for at, result in enumerate(results) if result is tensor), None)
            hidden = Value(values[0].node, -1 - place, tensor.numel())
            self._write(tensor, hidden if own is None else values[own])

    def _values(self, call: Call, results: list[Tensor]) -> list[Value]:
        first, same = results[0], call.unchanged
        if same and (same.shape, same.dtype) == (tuple(first.shape), dtype_text(first.dtype)):
            return [same.value]
        if call.operator.is_filling:
            # Whatever its shape, it is one value expanded.
            value = call.reads[0].value if call.reads else self._filled(call.text)
            offset = value.map.offset if value.map else 0
            return [value._replace(map=expanded(offset, first.numel())) if first.numel() > 1 else value]
        node = self._add(_node(call, first), unique=call.operator.is_random)
        return [Value(node, place, result.numel()) for place, result in enumerate(results)]

    def _filled(self, text: str) -> Value:
        return Value(self._add(Node(f"filled({text})"), unique=False), 0, 1)

    def _add(self, node: Node, unique: bool = True) -> int:
        """The node's number, or that of an equal one unless this one is unique."""
        if len(self.nodes) >= MOST_NODES:
            raise OverflowError(f"more than {MOST_NODES:,} operations")
        key = node.text, node.reads
        if unique or key not in self._known:
            self.nodes.append(node)
            if unique:
                return len(self.nodes) - 1
            self._known[key] = len(self.nodes) - 1
        return self._known[key]

    def _keep(self, tensor: Tensor, value: Value) -> _Memory:
        """From now on the tensor's memory holds this value, laid out as the tensor is."""
        address = _address(tensor)
        if address not in self._memory:
            self._addresses.append(StorageWeakRef(tensor.untyped_storage()))
        memory = _Memory(
            value, tuple(tensor.shape), tensor.stride(), int(tensor.storage_offset()), tensor.dtype
        )
        self._memory[address] = memory
        return memory

    def _memory_of(self, tensor: Tensor) -> _Memory:
        address = _address(tensor)
        memory = self._memory.get(address)
        is_parameter = type(tensor) is not Tensor and isinstance(tensor, Parameter)
        if memory is not None and not (is_parameter and address not in self._parameters):
            return memory
        # What no operation made was there before the pass.
        kind = "parameter" if is_parameter and tensor.requires_grad else "constant"
        self._parameters.add(address)
        leaf = self._add(Node(f"{kind}{tensor.numel()}{dtype_text(tensor.dtype)}"))
        return self._keep(tensor, Value(leaf, 0, tensor.numel()))

    def _meet(self, operator: Operator, tensor: Tensor) -> None:
        """Remembers what a view is about to be taken of: the view itself does not say whether it is a
        parameter."""
        if operator.name == "lift_fresh" and tensor.numel() == 1 and not tensor.is_meta:
            self._keep(tensor, self._filled(to_text(tensor.item())))
        else:
            self._memory_of(tensor)

    def _read(self, tensor: Tensor, broadcasts: bool = False) -> Ref:
        memory = self._memory_of(tensor)
        shape, strides, offset = tuple(tensor.shape), tensor.stride(), int(tensor.storage_offset())
        if broadcasts and (0 in strides or shape[:1] == (1,)):
            shape, strides = _narrowed(shape, strides)
        dtype = dtype_text(tensor.dtype)
        if tensor.dtype is not memory.dtype or tensor.is_conj() or tensor.is_neg():
            bits = f"{tensor.is_conj()}{tensor.is_neg()}{shape}{strides}{offset - memory.offset}"
            return Ref(self._derived(f"reinterpret(#){bits}{dtype}", memory, shape), shape, dtype)
        if (shape, strides, offset) == memory[1:4]:
            return memory.whole()
        seen = view_map(shape, strides, offset, memory.shape, memory.strides, memory.offset)
        if seen is None:
            text = f"strided(#){shape}{strides}{offset - memory.offset}"
            return Ref(self._derived(text, memory, shape), shape, dtype)
        value = memory.value
        if not seen.shows_all_of(math.prod(memory.shape)):
            through = compose(seen, value.map) if value.map else seen
            if through is None:
                value = self._derived(f"view(#){seen}", memory, shape)
            else:
                value = value._replace(map=None if through.shows_all_of(value.size) else through)
        return Ref(value, shape, dtype)

    def _derived(self, text: str, memory: _Memory, shape: Shape) -> Value:
        node = self._add(Node(text, (memory.whole(),)), unique=False)
        return Value(node, 0, math.prod(shape))

    def _write(self, tensor: Tensor, value: Value) -> None:
        memory = self._memory_of(tensor)
        shape, strides, offset = tuple(tensor.shape), tensor.stride(), int(tensor.storage_offset())
        seen = view_map(shape, strides, offset, memory.shape, memory.strides, memory.offset)
        if seen is None or math.prod(shape) < math.prod(memory.shape):
            part = Ref(value, shape, dtype_text(tensor.dtype))
            text = f"scatter(#,#){seen or (shape, strides, offset)}"
            node = self._add(Node(text, (memory.whole(), part)), unique=False)
            scattered = Value(node, 0, math.prod(memory.shape))
            self._memory[_address(tensor)] = memory._replace(value=scattered)
        else:
            self._keep(tensor, value)


def _node(call: Call, result: Tensor) -> Node:
    operator, text = call.operator, call.text
    dtype = dtype_text(result.dtype)
    if operator.is_copying:
        return Node(f"to({text}){tuple(result.shape)}{dtype}", call.reads)
    if operator.is_overwriting or operator.name == _CONSTANT.name:
        return Node(f"{operator.name}({text}){result.numel()}{dtype}", call.reads)
    if not operator.is_pointwise:
        return Node(f"{operator.name}({text})", call.reads)
    # Operands are narrowed to what is broadcast, so their shapes do not say the result's.
    shape = tuple(result.shape)
    if shape[:1] == (1,):
        shape, _ = _narrowed(shape, result.stride())
    text = f"{operator.name}({text}){shape}{dtype}"
    if operator.is_commutative(call.text):
        return Node(text, tuple(sorted(call.reads, key=str)), operator.name, shape)
    return Node(text, call.reads)


_CONSTANT = Operator("constant")
_LONGEST_CONSTANT = 10_000


def _constant(args: tuple[Any, ...]) -> Call | None:
    """A tensor made of numbers; None where it is made of anything else."""
    numbers = tree_leaves(args)
    if len(numbers) > _LONGEST_CONSTANT or not all(isinstance(number, (int, float)) for number in numbers):
        return None
    return Call(_CONSTANT, ",".join(map(to_text, numbers)))


def _address(tensor: Tensor) -> int:
    return tensor.untyped_storage()._cdata


def _narrowed(shape: Shape, strides: Shape) -> tuple[Shape, Shape]:
    """Without what broadcasting adds: expanded dimensions become 1, leading ones disappear."""
    kept = [1 if stride == 0 else size for size, stride in zip(shape, strides, strict=True)]
    while kept and kept[0] == 1:
        del kept[0]
    return tuple(kept), strides[len(strides) - len(kept) :]
