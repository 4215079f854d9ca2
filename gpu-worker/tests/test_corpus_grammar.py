"""The starter corpus keeps its promises: contract, limits, uniqueness and reproducibility."""

import ast
import subprocess
import sys

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from archloom.corpus.blocks import Flow
from archloom.corpus.draw import Draw
from archloom.corpus.grammar import (
    CLASSES,
    CORPUS_SIZE,
    IMAGE_SIZE,
    MAX_MACS,
    MAX_PARAMETERS,
    corpus_sha256,
    draw_program,
    generate_corpus,
)
from archloom.corpus.heads import draw_head
from archloom.corpus.layers import Width, conv, draw_style, linear
from archloom.novelty.frame import IMPORTS

PRM = {"lr": 0.05, "momentum": 0.9, "dropout": 0.2, "batch": 16}


@pytest.fixture(scope="module")
def corpus() -> list[str]:
    return generate_corpus()


def _network(code: str, device: str) -> torch.nn.Module:
    # Own grammar, not model output: running it in this process is safe.
    namespace: dict[str, object] = {}
    exec(code, namespace)
    return namespace["Net"]((16, 1, IMAGE_SIZE, IMAGE_SIZE), (CLASSES,), PRM, device)


def test_there_are_8000_different_programs(corpus: list[str]) -> None:
    assert len(corpus) == CORPUS_SIZE
    assert len(set(corpus)) == CORPUS_SIZE


def test_every_program_parses_and_opens_with_the_prompt(corpus: list[str]) -> None:
    for program in corpus[::10]:
        ast.parse(program)
        assert program.startswith(IMPORTS)


def test_a_prefix_of_the_corpus_does_not_depend_on_its_size(corpus: list[str]) -> None:
    assert generate_corpus(100) == corpus[:100]


def test_another_process_with_another_hash_seed_generates_the_same_corpus(corpus: list[str]) -> None:
    script = "from archloom.corpus.grammar import *; print(corpus_sha256(generate_corpus()))"
    printed = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONHASHSEED": "7"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed.strip() == corpus_sha256(corpus)


def test_the_corpus_hash_sees_order_and_borders() -> None:
    assert corpus_sha256(["ab", "c"]) != corpus_sha256(["a", "bc"])
    assert corpus_sha256(["a", "b"]) != corpus_sha256(["b", "a"])


def test_programs_build_within_the_limits_and_classify_a_batch(corpus: list[str]) -> None:
    for program in corpus[::80]:
        with torch.device("meta"):
            network = _network(program, "meta")
            images = torch.zeros(2, 1, IMAGE_SIZE, IMAGE_SIZE)
        with FlopCounterMode(display=False) as counter:
            scores = network(images)
        assert scores.shape == (2, CLASSES)
        assert sum(parameter.numel() for parameter in network.parameters()) <= MAX_PARAMETERS
        # The counter reports two operations per multiply-add, here for two images.
        assert counter.get_total_flops() / 4 <= MAX_MACS


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (conv(Width.of(8), Width.of(12), 16, kernel=5, stride=2, bias=False), (1, 8, 16, 16)),
        (conv(Width.of(8), Width.of(8), 8, depthwise=True), (1, 8, 8, 8)),
        (conv(Width.of(4).times(2), Width.of(4), 4, kernel=1), (1, 8, 4, 4)),
        (linear(Width.of(16).times(4), Width.of(10)), (1, 64)),
    ],
)
def test_the_cost_of_a_layer_is_what_torch_counts(layer, shape: tuple[int, ...]) -> None:
    module = eval(layer.text, {"nn": torch.nn})
    with FlopCounterMode(display=False) as counter:
        module(torch.zeros(shape))
    assert layer.parameters == sum(parameter.numel() for parameter in module.parameters())
    assert layer.macs == counter.get_total_flops() / 2


def test_a_program_learns_with_the_contract_methods(corpus: list[str]) -> None:
    torch.manual_seed(0)
    network = _network(corpus[0], "cpu")
    network.train_setup(PRM)
    before = [parameter.clone() for parameter in network.parameters()]
    batch = torch.randn(16, 1, IMAGE_SIZE, IMAGE_SIZE), torch.randint(CLASSES, (16,))
    network.learn(iter([batch]))
    changed = [not torch.equal(old, new) for old, new in zip(before, network.parameters(), strict=True)]
    assert any(changed)


def test_a_seed_over_the_limits_gives_no_program() -> None:
    assert None in [draw_program(seed) for seed in range(300)]


def test_every_kind_of_head_reads_a_feature_map() -> None:
    for seed in range(60):
        draw = Draw(seed)
        layers = draw_head(draw, draw_style(draw), Flow(Width.of(8), 4), CLASSES)
        names = {"nn": torch.nn, "prm": PRM, "out_shape": (CLASSES,)}
        head = torch.nn.Sequential(*(eval(layer.text, names) for layer in layers))
        assert head(torch.zeros(2, 8, 4, 4)).shape == (2, CLASSES)


def test_weighted_draws_follow_the_weights() -> None:
    draw = Draw(3)
    drawn = [draw.weighted({"often": 3, "seldom": 1, "never": 0}) for _ in range(4000)]
    assert 0.72 < drawn.count("often") / 4000 < 0.78
    assert "never" not in drawn


def test_the_corpus_is_made_without_torch() -> None:
    script = "import sys, archloom.corpus.grammar, archloom.novelty.index; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
