"""A batch of programs: what is streamed is what is returned, and a request decides it alone."""

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archloom.language.finetune import finetune
from archloom.language.generate import _Row, generate
from archloom.language.interface import (
    FinetuneRequest,
    GeneratedProgram,
    GenerateRequest,
    ModelUnavailable,
    Stopped,
    TrainingPair,
)
from archloom.language.model import LanguageModel
from archloom.language.source import STARTER
from archloom.novelty.frame import IMPORTS

REQUEST = GenerateRequest(
    model=STARTER,
    adapter_dir=None,
    prompt=IMPORTS,
    count=4,
    seed=11,
    temperature=0.8,
    top_p=1.0,
    top_k=0,
    max_new_tokens=400,
)


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return LanguageModel(STARTER)


@pytest.fixture(scope="module")
def adapter_dir(model: LanguageModel, tmp_path_factory: pytest.TempPathFactory) -> str:
    request = FinetuneRequest(
        model=STARTER,
        pairs=[TrainingPair(IMPORTS, "x = 1\n", "k")],
        seed=0,
        output_dir=str(tmp_path_factory.mktemp("adapters") / "a"),
        rank=8,
        alpha=16,
        dropout=0.0,
        target_modules=["all-linear"],
        learning_rate=1e-2,
        schedule="constant",
        warmup_steps=0,
        weight_decay=0.0,
        batch_size=1,
        gradient_accumulation=1,
        steps=15,
        epochs=None,
        max_grad_norm=1.0,
    )
    return finetune(model, request, lambda step: None, lambda: False).adapter_dir


def _write(model: LanguageModel, request: GenerateRequest) -> list[GeneratedProgram]:
    return generate(model, request, lambda texts: None, lambda: False).programs


def _texts(programs: list[GeneratedProgram]) -> list[str]:
    return [program.text for program in programs]


def test_the_streamed_suffixes_joined_are_the_programs(model: LanguageModel) -> None:
    chunks: list[dict[int, str]] = []
    programs = generate(model, REQUEST, chunks.append, lambda: False).programs
    assert len(chunks) > 1
    for position, program in enumerate(programs):
        assert "".join(chunk.get(position, "") for chunk in chunks) == program.text
        assert program.text.startswith(IMPORTS)


def test_the_starter_ends_its_programs_after_the_contract(model: LanguageModel) -> None:
    for program in _write(model, REQUEST):
        assert program.finish == "eos"
        assert program.text.endswith("return {'lr', 'momentum', 'dropout', 'batch'}\n")
        assert "<|" not in program.text


def test_a_program_that_reaches_the_limit_says_length(model: LanguageModel) -> None:
    programs = _write(model, dataclasses.replace(REQUEST, max_new_tokens=10))
    assert [(program.finish, program.tokens) for program in programs] == [("length", 10)] * 4


def test_a_limit_beyond_the_context_is_cut_to_it(model: LanguageModel) -> None:
    # At this temperature the model wanders and rarely ends.
    programs = _write(model, dataclasses.replace(REQUEST, temperature=50.0, count=2, max_new_tokens=10_000))
    assert all(program.tokens < model.context_tokens for program in programs)


def test_the_same_request_gives_the_same_programs_whatever_ran_before(
    model: LanguageModel, adapter_dir: str
) -> None:
    adapted = dataclasses.replace(REQUEST, adapter_dir=adapter_dir)
    first_base, first_adapted = _texts(_write(model, REQUEST)), _texts(_write(model, adapted))
    _write(model, dataclasses.replace(REQUEST, seed=99, count=3))
    assert _texts(_write(model, adapted)) == first_adapted
    assert _texts(_write(model, REQUEST)) == first_base
    assert _texts(_write(LanguageModel(STARTER), REQUEST)) == first_base
    assert first_base != first_adapted


def test_another_seed_gives_other_programs(model: LanguageModel) -> None:
    assert _texts(_write(model, REQUEST)) != _texts(_write(model, dataclasses.replace(REQUEST, seed=12)))


def test_an_adapter_writes_what_it_was_trained_on(model: LanguageModel, adapter_dir: str) -> None:
    programs = _write(model, dataclasses.replace(REQUEST, adapter_dir=adapter_dir, top_k=1))
    assert _texts(programs) == [IMPORTS + "x = 1\n"] * 4


def test_top_k_off_samples_beyond_the_fifty_likeliest_tokens(model: LanguageModel) -> None:
    # transformers would silently cut to 50; at a high temperature the first token shows the difference.
    wild = dataclasses.replace(REQUEST, temperature=100.0, count=256, max_new_tokens=1)
    assert len(set(_texts(_write(model, wild)))) > 100
    assert len(set(_texts(_write(model, dataclasses.replace(wild, top_k=50))))) <= 50


def test_a_stop_ends_the_batch_between_two_tokens(model: LanguageModel) -> None:
    asked = 0

    def should_stop() -> bool:
        nonlocal asked
        asked += 1
        return asked == 5

    with pytest.raises(Stopped):
        generate(model, REQUEST, lambda texts: None, should_stop)
    assert asked == 5


def test_an_adapter_that_is_not_there_is_named(model: LanguageModel, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="nothing-here"):
        _write(model, dataclasses.replace(REQUEST, adapter_dir=str(tmp_path / "nothing-here")))


@settings(max_examples=100, deadline=None)
@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40), reads=st.data())
def test_characters_of_several_tokens_are_never_torn(
    model: LanguageModel, text: str, reads: st.DataObject
) -> None:
    row = _Row(model.vocabulary, "prompt ")
    pieces: list[str] = []
    for token in model.vocabulary.encode_completion(text):
        row.take(token, False)
        if reads.draw(st.booleans()):
            pieces.append(row.read())
            assert (
                text.startswith("".join(pieces).removeprefix("prompt "))
                or "\N{REPLACEMENT CHARACTER}" in text
            )
    row.take(model.vocabulary.end_id, True)
    pieces.append(row.read())
    assert "".join(pieces) == row.program().text == "prompt " + text


def test_bytes_that_are_no_character_are_shown_at_the_end(model: LanguageModel) -> None:
    first_half_of_e_acute = model.vocabulary.encode_completion("é")[0]
    row = _Row(model.vocabulary, "")
    row.take(first_half_of_e_acute, False)
    assert row.read() == ""
    row.end("length")
    assert row.read() == "\N{REPLACEMENT CHARACTER}"
