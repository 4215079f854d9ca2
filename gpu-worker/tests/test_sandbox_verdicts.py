"""What ordinary, well-meant programs get: the right outcome, the right line, the same figures each time."""

from __future__ import annotations

import pytest
from jail_fixtures import GOOD, LEMUR, Judge


def with_learn(body: str) -> str:
    """The LEMUR program with another `learn`."""
    return LEMUR.partition("    def learn")[0] + "    def learn(self, train_data):\n        " + body + "\n"


@pytest.mark.parametrize("program", [GOOD, LEMUR], ids=["plain", "lemur"])
def test_both_contracts_train_for_one_epoch(judge: Judge, program: str) -> None:
    verdict = judge(program)
    assert verdict.outcome == "ok", verdict.error
    assert verdict.parsed
    assert verdict.built
    assert verdict.batches_delivered == 81
    assert verdict.predictions is not None
    assert {name: len(indices) for name, indices in verdict.predictions.items()} == {
        "selection": 250,
        "report": 250,
    }


def test_the_same_program_and_seed_give_the_same_predictions(judge: Judge) -> None:
    first, second, other = judge(LEMUR, seed=7), judge(LEMUR, seed=7), judge(LEMUR, seed=8)
    assert first.predictions == second.predictions
    assert first.predictions != other.predictions


def test_sizes_are_those_of_the_network(judge: Judge) -> None:
    verdict = judge(GOOD)
    assert verdict.parameters == (16 * 9 + 16) + 32 + (32 * 16 * 9 + 32) + (128 * 10 + 10)
    assert verdict.multiply_adds == 16 * 16 * 16 * 9 + 8 * 8 * 32 * 16 * 9 + 128 * 10


def test_a_check_builds_and_does_not_train(judge: Judge) -> None:
    verdict = judge(GOOD, check_only=True)
    assert (verdict.outcome, verdict.built, verdict.predictions) == ("ok", True, None)
    assert verdict.batches_delivered is None


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("", None),
        ("# nothing but a comment\n", None),
        ("x = '\0'", None),
        ("This is a fine network.", 1),
        ("x = 1\nclass Net(:\n", 2),
        ("x = '\ud800'", None),
        ("x = " + "-" * 100_000 + "1", None),
        ("x = " + "(" * 5_000 + ")" * 5_000, None),
        ("x = '" + "a" * 1_000_000 + "'", None),
    ],
    ids=["empty", "comment", "nul", "prose", "syntax", "surrogate", "100k signs", "parentheses", "1 MB line"],
)
def test_what_is_not_python_is_a_parse_error(judge: Judge, program: str, line: int | None) -> None:
    verdict = judge(program)
    assert (verdict.outcome, verdict.parsed) == ("parse_error", False)
    assert verdict.error is not None
    if line is not None:
        assert verdict.error.line == line


@pytest.mark.parametrize(
    ("program", "error", "line"),
    [
        ("x = 1\n", "WrongClass", None),
        ("class Network(nn.Module):\n    pass\n", "WrongClass", None),
        ("class Net:\n    pass\n", "WrongClass", None),
        ("Net = nn.Linear(2, 2)\n", "WrongClass", None),
        ("x = 1\nx.foo\n", "AttributeError", 2),
        ("import torchvision\n", "ModuleNotFoundError", 1),
        (GOOD.replace("nn.Linear(128, 10)", "nn.Linear(128, width)"), "NameError", 9),
        ("class Net(nn.Module):\n    def __init__(self, one, two): super().__init__()\n", "TypeError", None),
        ("class Net(nn.Module):\n    def __new__(cls):\n        return 3\n", "WrongClass", None),
    ],
)  # fmt: skip
def test_what_cannot_be_constructed_is_a_build_error(
    judge: Judge, program: str, error: str, line: int | None
) -> None:
    verdict = judge(program)
    assert (verdict.outcome, verdict.parsed, verdict.built) == ("build_error", True, False)
    assert verdict.error is not None
    assert (verdict.error.type, verdict.error.line) == (error, line)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("nn.Linear(128, 10)", "nn.Linear(127, 10)", 12),
        ("nn.Conv2d(16, 32, 3", "nn.Conv2d(17, 32, 3", 12),
        ("nn.Linear(128, 10)", "nn.Linear(128, 11)", None),
        ("return self.head(self.features(x))", "return [self.head(self.features(x))]", None),
        ("return self.head(self.features(x))", "pass", None),
    ],
)
def test_what_does_not_map_a_batch_to_classes_is_a_shape_mismatch(
    judge: Judge, old: str, new: str, line: int | None
) -> None:
    verdict = judge(GOOD.replace(old, new))
    assert (verdict.outcome, verdict.built) == ("shape_mismatch", False)
    assert verdict.error is not None
    assert verdict.error.line == line


def test_a_shape_error_is_worded_as_torch_words_it_for_users(judge: Judge) -> None:
    error = judge(GOOD.replace("nn.Linear(128, 10)", "nn.Linear(127, 10)")).error
    assert error is not None
    assert error.message == "mat1 and mat2 shapes cannot be multiplied (2x128 and 127x10)"


@pytest.mark.parametrize(
    "layer",
    [
        "nn.Linear(128, 10), nn.Linear(10, 30_000), nn.Linear(30_000, 10)",
        "nn.Linear(128, 1_000_000), nn.Linear(1_000_000, 1_000_000), nn.Linear(1_000_000, 10)",
        "nn.LazyLinear(30_000), nn.Linear(30_000, 10)",
    ],
    ids=["a little", "a petabyte", "lazy"],
)
def test_too_many_parameters_are_refused_before_they_take_memory(judge: Judge, layer: str) -> None:
    verdict = judge(GOOD.replace("nn.Linear(128, 10)", f"nn.Sequential({layer})"))
    assert verdict.outcome == "too_large"
    assert verdict.error is not None
    assert "parameters" in verdict.error.message
    assert verdict.wall_seconds < 2


def test_too_many_multiply_adds_are_refused(judge: Judge) -> None:
    verdict = judge(GOOD.replace("self.features(x)", "[self.features(x) for _ in range(100)][0]"))
    assert verdict.outcome == "too_large"
    assert verdict.error is not None
    assert "multiply-adds" in verdict.error.message


def test_too_many_activations_are_refused_even_if_the_program_catches_everything(judge: Judge) -> None:
    body = """try:
            y = torch.zeros(x.shape[0], 10) + sum(x.repeat(1, 64, 4, 4).sum() for _ in range(100))
        except Exception:
            y = torch.zeros(x.shape[0], 10)
        return y"""
    verdict = judge(GOOD.replace("return self.head(self.features(x))", body))
    assert verdict.outcome == "too_large"
    assert verdict.error is not None
    assert "activations" in verdict.error.message


def test_what_only_a_real_device_can_do_is_built_there(judge: Judge) -> None:
    program = GOOD.replace(
        "super().__init__()", "super().__init__()\n        assert torch.ones(3).sum().item() == 3"
    )
    assert judge(program).outcome == "ok"


def test_an_error_while_training_names_the_line_that_the_program_was_in(judge: Judge) -> None:
    verdict = judge(with_learn("next(train_data)\n        raise KeyError('lost')"))
    assert (verdict.outcome, verdict.built) == ("runtime_error", True)
    assert verdict.error is not None
    assert (verdict.error.type, verdict.error.message) == ("KeyError", "'lost'")
    assert (
        verdict.error.line
        == with_learn("next(train_data)\n        raise").splitlines().index("        raise") + 1
    )


def test_the_epoch_passes_only_once(judge: Judge) -> None:
    verdict = judge(with_learn("[list(train_data) for _ in range(5)]; print(len(list(train_data)))"))
    assert (verdict.outcome, verdict.batches_delivered, verdict.output) == ("ok", 81, "0\n")


def test_a_program_that_takes_few_batches_is_seen_to(judge: Judge) -> None:
    assert judge(with_learn("next(train_data)")).batches_delivered == 1


@pytest.mark.parametrize(
    "program",
    [
        GOOD.replace(
            "return self.head(self.features(x))", "return self.head(self.features(x)) * float('nan')"
        ),
        GOOD.replace("return self.head(self.features(x))", "return self.head(self.features(x)) / 0"),
        LEMUR.replace("return self.head", "return float('inf') * self.head"),
        LEMUR.replace("return self.head(", "return 0 if not self.training else self.head("),
    ],
    ids=["nan", "division", "inf", "other output in evaluation mode"],
)
def test_what_is_not_finite_or_no_class_scores_is_an_invalid_metric(judge: Judge, program: str) -> None:
    verdict = judge(program)
    assert (verdict.outcome, verdict.predictions) == ("invalid_metric", None)


def test_what_it_prints_is_kept_from_both_streams(judge: Judge) -> None:
    verdict = judge("import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('\\0')\n" + GOOD)
    assert verdict.output == "out\nerr\n\N{REPLACEMENT CHARACTER}\n"
