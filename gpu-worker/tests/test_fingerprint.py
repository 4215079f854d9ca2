"""One structure, one fingerprint: what does not change the computation does not count, and all else does."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from jail_fixtures import GOOD, LEMUR, Judge
from torch import nn
from torch.nn import functional

from archloom.corpus.grammar import draw_program
from archloom.recipes import get_recipe
from archloom.sandbox.inside import graph
from archloom.sandbox.inside.check import Built, trace
from archloom.sandbox.inside.fingerprint import FINGERPRINT_DIGITS
from archloom.sandbox.inside.index_maps import compose, view_map
from archloom.sandbox.verdict import EndedProcess, Expected, to_verdict

DIGITS = get_recipe("digits")
UNLIMITED = replace(
    DIGITS, limits=replace(DIGITS.limits, parameters=None, multiply_adds=None, activation_bytes=None)
)
LAYERS = """
self.a = nn.Conv2d(1, 8, 3, padding=1)
self.b = nn.Conv2d(1, 8, 3, padding=1)
self.wide = nn.Conv2d(1, 8, 5, padding=2)
self.deep = nn.Conv2d(8, 8, 3, padding=1)
self.norm = nn.BatchNorm2d(8)
self.act = nn.ReLU()
self.drop = nn.Dropout(0.2)
self.squeeze = nn.Linear(8, 8)
self.head = nn.LazyLinear(10)
"""


def built(program: str, device: str = "meta") -> Built:
    names = {"torch": torch, "nn": nn, "F": functional, "math": math, "__name__": "candidate"}
    exec(program, names)
    net: Callable[..., nn.Module] = names["Net"]
    given = () if "in_shape" not in program else ((16, 1, 16, 16), (10,), dict(DIGITS.prm), device)
    return trace(lambda _: net(*given), UNLIMITED, torch.device(device))


def network(forward: str, layers: str = LAYERS) -> str:
    """A network whose forward is these statements on x, followed by a classifier."""
    lines = forward.replace("; ", "\n").splitlines()
    return "\n".join(
        [
            "class Net(nn.Module):",
            "    def __init__(self):",
            "        super().__init__()",
            *(f"        {line}" for line in layers.strip().splitlines()),
            "    def forward(self, x):",
            *(f"        {line}" for line in lines),
            "        return self.head(x.flatten(1))",
        ]
    )


def fingerprint(forward: str, device: str = "meta", layers: str = LAYERS) -> str:
    found = built(network(forward, layers), device).fingerprint
    assert found is not None
    assert len(found) == FINGERPRINT_DIGITS
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = F.relu(self.a(x))", "x = self.act(self.a(x))"),
        ("x = F.relu(self.a(x))", "x = self.a(x).relu_()"),
        ("x = self.a(x)", "x = self.b(x)"),
        ("x = self.a(x) + self.wide(x)", "x = self.wide(x) + self.a(x)"),
        ("x = self.a(x) * self.wide(x)", "y = self.wide(x); x = self.a(x); x *= y"),
        ("x = self.a(x) + self.wide(x) + self.b(x)", "x = self.b(x) + (self.a(x) + self.wide(x))"),
        ("x = sum([self.a(x), self.wide(x)])", "x = torch.add(self.wide(x), self.a(x))"),
        ("x = self.a(x)", "y = self.wide(x).sum(); x = self.a(x); self.drop(x)"),
        ("x = self.a(x)", "x = self.a(x).contiguous().clone() * 1.0 + 0"),
        ("x = self.a(x) * 2", "x = 2.0 * self.a(x)"),
        ("x = self.a(x) / math.sqrt(8)", "x = self.a(x) / 8**0.5"),
        ("x = F.max_pool2d(self.a(x), 2)", "x = nn.MaxPool2d((2, 2), stride=2)(self.a(x))"),
        ("x = self.a(x); x = x.view(2, -1)", "x = torch.flatten(self.a(x), 1)"),
        ("x = self.a(x).mean((2, 3))", "x = F.adaptive_avg_pool2d(self.a(x), 1).squeeze(-1).squeeze(-1)"),
        ("x = self.a(x).transpose(2, 3)", "x = self.a(x).permute(0, 1, 3, 2).contiguous()"),
        ("x = self.a(x)", "x = self.a(x).transpose(2, 3).contiguous().transpose(2, 3)"),
        ("x = self.a(x)", "x = self.a(x.to(memory_format=torch.channels_last))"),
        ("a, b = self.a(x).chunk(2, 1); x = torch.cat([b, a], 1)",
         "x = self.a(x); x = torch.concat((x[:, 4:], x[:, :4]), dim=-3)"),
        ("x = self.a(x); y = self.squeeze(x.mean((2, 3))); x = x * y[:, :, None, None]",
         "x = self.a(x); y = self.squeeze(x.mean((2, 3))); x = y.view(2, 8, 1, 1).expand_as(x) * x"),
        ("x = self.drop(self.a(x))", "x = F.dropout(self.a(x), 0.2, self.training)"),
        ("x = self.a(x)", "x = F.dropout(self.a(x), 0.0)"),
        ("x = self.a(x); y = self.act(x); x = self.deep(y) + y",
         "x = self.a(x); x = self.deep(self.act(x)) + self.act(x)"),
        ("x = self.a(x); x[:, 0] = 0", "x = self.a(x); x.select(1, 0).zero_()"),
        ("x = self.a(x); i = x; x = F.relu(x, inplace=True); x = x + i", "x = self.a(x).relu(); x = x + x"),
        ("x = self.deep(self.deep(self.a(x)))", "x = self.a(x)\nfor _ in range(2):\n    x = self.deep(x)"),
        ("x = self.a(x)", "x = self.a(x) if x.shape[1] == 1 else self.b(x)"),
        ("x = F.hardtanh(self.a(x))", "x = nn.Hardtanh(max_val=1)(self.a(x))"),
    ],
)  # fmt: skip
def test_two_ways_of_writing_one_network_have_one_fingerprint(one: str, other: str) -> None:
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = F.relu(self.a(x))", "x = self.a(x)"),
        ("x = self.a(x) + self.b(x)", "x = self.a(x) + self.a(x)"),
        ("x = self.a(x) - self.wide(x)", "x = self.wide(x) - self.a(x)"),
        ("x = torch.cat([self.a(x), self.wide(x)], 1)", "x = torch.cat([self.wide(x), self.a(x)], 1)"),
        ("x = self.a(x); i = x; x = F.relu(x, inplace=True); x = x + i", "x = self.a(x); x = F.relu(x) + x"),
        ("x = self.drop(self.a(x))", "x = F.dropout(self.a(x), 0.3)"),
        ("x = self.drop(self.a(x)); x = x + x", "x = self.a(x); x = self.drop(x) + self.drop(x)"),
        ("x = self.a(x) * 2", "x = self.a(x) * 3"),
        ("x = F.max_pool2d(self.a(x), 2)", "x = F.max_pool2d(self.a(x), 2, 1)"),
        ("x = F.max_pool2d(self.a(x), 2)", "x = F.avg_pool2d(self.a(x), 2)"),
        ("x = self.a(x)", "x = self.a(x).transpose(2, 3)"),
        ("x = self.norm(self.a(x))", "x = F.batch_norm(self.a(x), None, None, training=True)"),
        ("x = self.norm(self.act(self.a(x)))", "x = self.act(self.norm(self.a(x)))"),
        ("x = self.deep(self.deep(self.a(x)))", "x = self.deep(self.a(x))"),
        ("x = self.a(x); x[:, 0] = 0", "x = self.a(x); x[:, 1] = 0"),
        ("x = self.a(x).flip(1)", "x = self.a(x).flip(2)"),
        ("x = self.a(x) * torch.tensor(0.5)", "x = self.a(x) * torch.tensor(0.7)"),
        ("a = self.a(x); b = self.b(x); x = (a + b) * a",
         "a = self.a(x); b = self.b(x); x = (a + b) * (a + b)"),
    ],
)  # fmt: skip
def test_networks_that_compute_differently_have_different_fingerprints(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)


def test_a_layer_used_twice_is_not_two_layers() -> None:
    shared = "self.p = nn.Conv2d(8, 8, 3, padding=1)\nself.q = self.p"
    apart = "self.p = nn.Conv2d(8, 8, 3, padding=1)\nself.q = nn.Conv2d(8, 8, 3, padding=1)"
    forward = "x = self.q(self.p(self.a(x)))"
    assert fingerprint(forward, layers=LAYERS + shared) != fingerprint(forward, layers=LAYERS + apart)


def test_operands_that_look_alike_from_below_are_told_apart_by_their_other_uses() -> None:
    one = fingerprint("a = self.a(x); b = self.b(x); x = (a + b) * a.sigmoid()")
    other = fingerprint("b = self.a(x); a = self.b(x); x = a.sigmoid() * (b + a)")
    assert one == other


def test_a_lazy_layer_is_the_layer_that_it_becomes() -> None:
    plain = LAYERS.replace("nn.LazyLinear(10)", "nn.Linear(2048, 10)")
    assert fingerprint("x = self.a(x)") == fingerprint("x = self.a(x)", layers=plain)


def test_a_branch_on_data_leaves_the_way_that_was_taken() -> None:
    """The meta device cannot decide it; the processor's pass has the last word then."""
    branch = "x = self.a(x)\nif x.isnan().any():\n    x = x * 0"
    with pytest.raises(Exception, match="forward"):
        built(network(branch))
    assert fingerprint(branch, "cpu") == fingerprint("x = self.a(x)")


def test_chance_does_not_choose_the_fingerprint() -> None:
    chance = "import random; x = self.a(x)\nif random.random() < 0.5:\n    x = self.act(x)"
    assert len({fingerprint(chance) for _ in range(8)}) == 1


@pytest.mark.parametrize(
    "forward",
    [
        "x = self.a(x).mean(1); x, _ = nn.LSTM(16, 8, 2, dropout=0.1, bidirectional=True)(x)",
        "x = self.a(x).mean(1); x, _ = nn.GRU(16, 8, batch_first=True)(x); x = x[:, -1]",
        "x = self.a(x).mean(1); x, _ = nn.MultiheadAttention(16, 4)(x, x, x, need_weights=False)",
        "x = self.a(x).mean(1); x = nn.TransformerEncoderLayer(16, 4, 32, batch_first=True)(x)",
        "x = self.a(x); x = F.scaled_dot_product_attention(x, x, x).transpose(1, 2).reshape(2, 16, -1)",
        "x = self.a(x); x[:, 0] = 2.5; x[:, 1:3] += 1",
        "x = F.one_hot(self.a(x).argmax(1), 8).float()",
        "x = torch.tensor([1.0, 2.0]).view(2, 1, 1, 1) * self.a(x)",
        "x = torch.fft.ifft2(torch.fft.fft2(self.a(x)).conj()).imag",
        "x = self.a(x.to(memory_format=torch.channels_last)).flatten(2)",
        "x = self.a(x).permute(0, 2, 3, 1).relu().reshape(2, 16, -1)",
        "x = F.fold(F.unfold(self.a(x), 3), (16, 16), 3)",
    ],
)  # fmt: skip
def test_every_device_gives_the_same_fingerprint(forward: str) -> None:
    assert fingerprint(forward, "meta") == fingerprint(forward, "cpu")


def test_generated_networks_have_one_fingerprint_each_on_every_device() -> None:
    programs = [program for seed in range(500_000, 500_060) if (program := draw_program(seed)) is not None]
    on_meta = [built(program).fingerprint for program in programs]
    assert on_meta == [built(program, "cpu").fingerprint for program in programs]
    assert None not in on_meta
    assert len(set(on_meta)) == len(programs)


def test_what_cannot_be_recorded_builds_without_a_fingerprint() -> None:
    found = built(network("x = self.a(x).to_sparse().to_dense()"), "cpu")
    assert (found.fingerprint, found.multiply_adds > 0) == (None, True)


def test_a_pass_of_very_many_operations_is_not_recorded_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    many = network("x = self.a(x)\nfor _ in range(120):\n    x = x + 1")
    assert built(many).fingerprint is not None
    monkeypatch.setattr(graph, "MOST_NODES", 100)
    assert built(many).fingerprint is None


@given(st.data())
def test_an_index_map_shows_what_the_view_shows(data: st.DataObject) -> None:
    base = np.arange(24 * 5).reshape(data.draw(st.sampled_from([(120,), (4, 30), (2, 3, 4, 5), (6, 1, 20)])))
    if data.draw(st.booleans()):
        base = np.ascontiguousarray(base.T).T
    view, logical = base, np.arange(120).reshape(base.shape)
    for _ in range(data.draw(st.integers(0, 3))):
        axis = data.draw(st.integers(0, view.ndim - 1))
        start = data.draw(st.integers(0, view.shape[axis] - 1))
        part = tuple(slice(start, None, data.draw(st.sampled_from([1, 2]))) if a == axis else slice(None)
                     for a in range(view.ndim))  # fmt: skip
        order = data.draw(st.permutations(range(view.ndim)))
        view, logical = view[part].transpose(order), logical[part].transpose(order)
    offset = (view.__array_interface__["data"][0] - base.__array_interface__["data"][0]) // 8
    strides = [tuple(stride // 8 for stride in array.strides) for array in (view, base)]
    found = view_map(view.shape, strides[0], offset, base.shape, strides[1], 0)
    if found is not None:
        assert _shown(found.offset, found.steps) == logical.ravel().tolist()
        whole = view_map(base.shape, strides[1], 0, base.shape, strides[1], 0)
        assert whole is not None
        assert whole.shows_all_of(120)
        assert compose(found, whole) == found


def _shown(offset: int, steps: tuple[tuple[int, int], ...]) -> list[int]:
    shown = [offset]
    for size, stride in steps:
        shown = [index + number * stride for index in shown for number in range(size)]
    return shown


def test_a_verdict_tells_the_fingerprint_of_whatever_built(judge: Judge) -> None:
    checked = judge(GOOD, check_only=True)
    assert checked.fingerprint is not None
    assert judge(GOOD, seed=5).fingerprint == checked.fingerprint
    assert judge(LEMUR).fingerprint not in (None, checked.fingerprint)
    assert judge("import os\nos._exit(0)").fingerprint is None
    assert judge(GOOD.replace("nn.Linear(128, 10)", "nn.Linear(127, 10)")).fingerprint is None


@pytest.mark.parametrize(
    "said",
    ["g" * 32, "0" * 31, "0" * 33, "A" * 32, "0" * 32 + "\n", 7, None, ["0" * 32], {"a": 1}, ""],
)
def test_a_forged_fingerprint_of_another_form_is_dropped(said: object) -> None:
    assert _verdict_of({"built": True, "fingerprint": said}) is None


def test_a_fingerprint_counts_only_with_a_network_that_built() -> None:
    assert _verdict_of({"fingerprint": "0" * 32}) is None
    assert _verdict_of({"built": True, "fingerprint": "0" * 32}) == "0" * 32


def _verdict_of(said: dict[str, object]) -> str | None:
    result = json.dumps({"outcome": "ok", "parsed": True, **said}).encode()
    ended = EndedProcess(
        status=0, cpu_seconds=0.1, peak_memory_bytes=1, output_exceeded=False, result=result, output=b""
    )
    expected = Expected(check_only=True, cpu_limit=1, data=DIGITS.load(), classes=10)
    return to_verdict(ended, None, 0.1, expected).fingerprint
