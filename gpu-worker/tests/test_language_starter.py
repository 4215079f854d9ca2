"""The shipped starter: small, made from the corpus it names, and its command is reproducible."""

import ast
import json
from pathlib import Path

import pytest
import torch

from archloom.corpus.grammar import corpus_sha256, generate_corpus
from archloom.language.generate import generate
from archloom.language.interface import GenerateRequest
from archloom.language.model import LanguageModel, file_sha256
from archloom.language.source import STARTER, STARTER_DIR
from archloom.language.starter_tokenizer import train_tokenizer
from archloom.language.train_starter import StarterRecipe, train_starter
from archloom.novelty.frame import IMPORTS


@pytest.fixture(scope="module")
def corpus() -> list[str]:
    return generate_corpus()


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    return LanguageModel(STARTER)


def test_the_weights_fit_into_4_mb() -> None:
    assert (STARTER_DIR / "model.safetensors").stat().st_size <= 4_000_000


def test_the_corpus_is_the_one_the_starter_was_trained_on(corpus: list[str]) -> None:
    record = json.loads((STARTER_DIR / "training.json").read_text())
    assert corpus_sha256(corpus) == record["corpus_sha256"]
    assert record["corpus_sha256"] in (STARTER_DIR / "MODEL_CARD.md").read_text()


def test_the_shipped_tokenizer_is_the_one_the_corpus_gives(corpus: list[str]) -> None:
    shipped = json.loads((STARTER_DIR / "tokenizer.json").read_text())
    assert json.loads(train_tokenizer(corpus).backend_tokenizer.to_str())["model"] == shipped["model"]


def test_every_corpus_program_fits_the_context_and_round_trips(
    corpus: list[str], model: LanguageModel
) -> None:
    for program in corpus[::20]:
        ids = model.vocabulary.encode_prompt(program)
        assert len(ids) < model.context_tokens
        assert model.vocabulary.decode(ids) == program


def test_whole_numbers_are_tokens_and_names_with_digits_are_not_torn(model: LanguageModel) -> None:
    def pieces(line: str) -> list[str]:
        return [model.vocabulary.decode([token]) for token in model.vocabulary.encode_completion(line)]

    assert pieces("        x = self.conv2(x)\n")[-2:] == ["2", "(x)\n"]
    assert pieces("            nn.Conv2d(16, 32, 3, padding=1),\n") == [
        *("            nn.Conv2d(", "16", ", ", "32", ", ", "3", ", padding=", "1", "),\n")
    ]
    assert pieces("            nn.LeakyReLU(0.1),\n") == ["            nn.LeakyReLU(0.1),\n"]


def test_the_prompt_ends_on_a_token_boundary(corpus: list[str], model: LanguageModel) -> None:
    prompt = model.vocabulary.encode_prompt(IMPORTS)
    assert model.vocabulary.encode_prompt(corpus[0])[: len(prompt)] == prompt


def test_nearly_every_sample_is_python_and_none_is_a_corpus_program(
    corpus: list[str], model: LanguageModel
) -> None:
    request = GenerateRequest(STARTER, None, IMPORTS, 64, 7, 0.8, 1.0, 0, 512)
    batch = generate(model, request, lambda texts: None, lambda: False)
    programs = [program.text for program in batch.programs]
    parsed = 0
    for program in programs:
        try:
            ast.parse(program)
            parsed += 1
        except SyntaxError:
            pass
    assert parsed >= 58
    assert len(set(programs) - set(corpus)) >= 60


def test_training_the_same_recipe_twice_gives_the_same_files(tmp_path: Path) -> None:
    torch.set_num_threads(1)
    recipe = StarterRecipe(corpus_size=40, steps=3, hidden_size=32, layers=1, feed_forward_size=32)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        torch.rand(3)  # the caller's random state must not matter
        train_starter(tmp_path / name, recipe)
    for file in ("model.safetensors", "tokenizer.json"):
        assert file_sha256(tmp_path / "a" / file) == file_sha256(tmp_path / "b" / file)


def test_the_learning_rate_has_decayed_at_the_last_step() -> None:
    recipe = StarterRecipe()
    assert recipe.learning_rate_at(0) < recipe.learning_rate / 10
    assert recipe.learning_rate_at(recipe.steps // 4) == recipe.learning_rate
    assert recipe.learning_rate_at(recipe.steps - 1) < recipe.learning_rate / 1000
