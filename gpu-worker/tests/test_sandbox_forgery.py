"""A program owns the process it runs in, so it may say what it likes. What it says must not matter.

Class indices are all it can hand over, and they are compared with labels outside. The worst it can do is be
scored on indices of its choice, to spoil its own result, or to get an outcome of its choice that is not `ok`.
"""

from __future__ import annotations

import json

import pytest
from jail_fixtures import GOOD, LEMUR, Judge

WRITE = "import os, json\ndef say(text): os.write(3, text.encode() + b'\\n')\n"
LEFT = "os._exit(0)\n"


def claim(value: object, times: int = 1) -> str:
    """A program that writes a forged report to the result pipe and leaves."""
    return WRITE + f"say({json.dumps(value)!r} * {times})\n" + LEFT


def ok(**said: object) -> dict[str, object]:
    return {"outcome": "ok", "parsed": True, "built": True, **said}


def test_forged_indices_are_taken_as_the_answers_they_are(judge: Judge) -> None:
    verdict = judge(claim(ok(predictions=[3] * 500)))
    assert verdict.outcome == "ok"
    assert verdict.predictions == {"selection": [3] * 250, "report": [3] * 250}


def test_a_forged_accuracy_is_not_even_read(judge: Judge) -> None:
    verdict = judge(claim(ok(accuracy=1.0, predictions={"selection": [0] * 250}, report_accuracy=1.0)))
    assert verdict.outcome == "no_result"
    assert not hasattr(verdict, "accuracy")


@pytest.mark.parametrize(
    "predictions",
    [
        [0] * 499,
        [0] * 501,
        [],
        [10] * 500,
        [-1] * 500,
        [0.0] * 500,
        [True] * 500,
        [None] * 500,
        ["0"] * 500,
        [[0]] * 500,
        [10**400] * 500,
    ],
    ids=[
        "short",
        "long",
        "none",
        "ten",
        "negative",
        "floats",
        "booleans",
        "nulls",
        "texts",
        "nested",
        "huge",
    ],
)
def test_what_is_not_one_class_per_image_is_an_invalid_metric(
    judge: Judge, predictions: list[object]
) -> None:
    verdict = judge(claim(ok(predictions=predictions)))
    assert (verdict.outcome, verdict.predictions) == ("invalid_metric", None)


@pytest.mark.parametrize(
    "program",
    [
        claim(ok()),
        claim(ok(predictions="9" * 500)),
        claim({"outcome": "splendid"}),
        claim({"outcome": ["ok"]}),
        claim({"outcome": "cancelled"}),
        claim({"outcome": "worker_lost"}),
        claim([1, 2, 3]),
        WRITE + "say('[' * 100_000)\n" + LEFT,
        WRITE + "say('NaN')\n" + LEFT,
        WRITE + "say('9' * 100_000)\n" + LEFT,
        WRITE + "os.write(3, b'\\xff\\xfe\\x00')\n" + LEFT,
        WRITE + "os.write(3, b'\\x00\\x00\\x00\\x02\\x00\\x00\\x00\\x00{}' * 100)\n" + LEFT,
        WRITE + "say('x' * 900_000)\n" + LEFT,
        "import os\nos.close(3)\n" + GOOD,
    ],
    ids=["no indices", "text", "unknown outcome", "list outcome", "cancelled", "worker_lost", "array",
         "deep", "NaN", "long number", "bytes", "frames", "large", "closed pipe"],
)  # fmt: skip
def test_nonsense_is_no_result(judge: Judge, program: str) -> None:
    assert judge(program).outcome == "no_result"


def test_an_endless_report_neither_blocks_nor_fills_the_worker(judge: Judge) -> None:
    verdict = judge("import os\nwhile True: os.write(3, b'{}' * 1000)")
    assert verdict.outcome in ("memory_limit", "no_result")
    assert verdict.wall_seconds < 10


def test_frames_written_to_every_file_reach_nobody_else(judge: Judge) -> None:
    """As if to answer for the next program: the zygote's own frame format, on every descriptor."""
    frame = (
        "import os, struct, json\n"
        "head = json.dumps({'op': 'ended', 'serial': SERIAL, 'status': 0, 'cpu_seconds': 0.1,\n"
        "    'peak_memory_bytes': 1, 'output_limit': False, 'result_length': 0}).encode()\n"
        "for fd in range(256):\n"
        "    try: os.write(fd, struct.pack('>II', len(head), 0) + head)\n"
        "    except OSError: pass\n"
    )
    for serial in range(1, 4):
        judge(frame.replace("SERIAL", str(serial)) + GOOD)
        assert judge("x = = 1").outcome == "parse_error"


@pytest.mark.parametrize(
    "patch",
    [
        "torch.Tensor.argmax = lambda *a, **k: torch.full((500,), 4)",
        "torch.argmax = torch.isfinite = torch.no_grad = lambda *a, **k: None",
        'import json; json.dumps = lambda *a, **k: \'{"outcome": "ok", "predictions": [4]}\'',
        "import os; real = os.write; os.write = lambda fd, data: real(fd, b'x' * len(data))",
        "import time; time.perf_counter = time.process_time = lambda: -1e9",
        "import builtins; builtins.len = lambda x: 500; builtins.isinstance = lambda a, b: True",
        "import sys; sys.modules.clear()",
        "import os; os._exit = lambda code: None",
    ],
)
def test_a_patched_library_forges_no_more_than_indices(judge: Judge, patch: str) -> None:
    verdict = judge(patch + "\n" + GOOD)
    assert verdict.outcome in (
        "ok",
        "no_result",
        "invalid_metric",
        "runtime_error",
        "build_error",
        "shape_mismatch",
    )
    if verdict.outcome == "ok":
        assert verdict.predictions is not None
        assert all(0 <= index < 10 for indices in verdict.predictions.values() for index in indices)


def test_a_clock_turned_back_yields_no_absurd_figures(judge: Judge) -> None:
    verdict = judge(
        claim(ok(predictions=[0] * 500, train_seconds=1e300, batches_delivered=-5, parameters=2**80))
    )
    assert (verdict.train_seconds, verdict.batches_delivered, verdict.parameters) == (None, None, None)
    assert verdict.cpu_seconds is not None


def test_numbers_that_the_database_has_no_room_for_are_dropped(judge: Judge) -> None:
    """They would fail the evaluation until it is given up as lost, and what is lost is not rated."""
    error = {"type": "E", "message": "m", "line": 2**31}
    said = {"outcome": "runtime_error", "error": error, "batches_delivered": 2**31, "parameters": 2**62}
    verdict = judge(claim(said))
    assert verdict.outcome == "runtime_error"
    assert verdict.error is not None
    assert (verdict.error.line, verdict.batches_delivered, verdict.parameters) == (None, None, None)


def test_objects_with_code_in_them_do_not_travel(judge: Judge) -> None:
    """No pickle leaves the jail: an output that would run code when unpickled is just not a tensor."""
    program = LEMUR.replace("return self.head(", "return Bomb() or self.head(") + (
        "\nclass Bomb:\n    def __reduce__(self):\n        return eval, ('1/0',)\n"
    )
    assert judge(program).outcome == "shape_mismatch"


def test_a_tensor_subclass_that_lies_about_itself_is_only_itself(judge: Judge) -> None:
    program = GOOD.replace(
        "return self.head(self.features(x))", "return x.new_zeros(len(x), 10).as_subclass(Liar)"
    )
    program += "\nclass Liar(torch.Tensor):\n    def tolist(self): return ['pwned'] * 500\n"
    assert judge(program).outcome in ("ok", "invalid_metric", "runtime_error")


@pytest.mark.parametrize("dunder", ["__str__", "__repr__"])
def test_an_error_that_cannot_be_printed_is_an_error_all_the_same(judge: Judge, dunder: str) -> None:
    program = f"class Odd(Exception):\n    def {dunder}(self): raise Odd\n\nraise Odd"
    verdict = judge(program)
    assert verdict.outcome == "build_error"
    assert verdict.error is not None
    assert (verdict.error.type, verdict.error.line) == ("Odd", 4)


def test_a_child_does_not_speak_for_its_parent(judge: Judge) -> None:
    """A forked copy that runs on into the judge's code says nothing."""
    verdict = judge("import os\npid = os.fork()\nif pid: os.waitpid(pid, 0)\n" + GOOD)
    assert verdict.outcome == "ok"


def test_texts_that_a_database_refuses_are_cleaned(judge: Judge) -> None:
    verdict = judge("raise ValueError('a\\0b\\ud800c')")
    assert verdict.error is not None
    assert verdict.error.message == "a\N{REPLACEMENT CHARACTER}b?c"
