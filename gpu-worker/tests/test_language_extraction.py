"""The program is found in whatever a chat model writes around it."""

import ast
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archloom.language.extraction import extract_program

NET = "import torch.nn as nn\n\nclass Net(nn.Module):\n    pass\n"
PAIRS = Path(__file__).parents[3] / "shared" / "data" / "lemur-pairs.jsonl"


@pytest.mark.parametrize(
    ("output", "program"),
    [
        (f"Here it is:\n```python\n{NET}```\nEnjoy!", NET),
        (f"```\n{NET}```", NET),
        (f"~~~~py\n{NET}~~~~\n", NET),
        (f"```python\nprint('usage')\n```\nand\n```python\n{NET}```", NET),
        ("```python\nx = 1\n```\n```python\ny = 2\n```", "x = 1\n"),
        (f"```python\n{NET}", NET),
        (NET, NET),
        ("I cannot do that.", "I cannot do that."),
        ("", ""),
    ],
    ids=[
        "words around",
        "no language",
        "tildes",
        "a block before",
        "no Net",
        "cut",
        "bare",
        "refusal",
        "empty",
    ],
)
def test_the_program_of_an_answer(output: str, program: str) -> None:
    assert extract_program(output) == program


def test_a_draft_in_the_thoughts_is_not_the_answer() -> None:
    draft = NET.replace("pass", "draft = True")
    assert extract_program(f"<think>\n```python\n{draft}```\n</think>\nDone:\n```python\n{NET}```") == NET
    assert extract_program(f"<think>\n```python\n{draft}```\n</think>\n") == draft


def test_a_fence_inside_the_code_does_not_end_it() -> None:
    code = 'class Net:\n    """\n    ```python\n    Net()\n    """\n'
    assert extract_program(f"````python\n{code}````") == code
    assert extract_program(f"```python\n{code}```") == code


def test_an_indented_block_loses_the_indentation_of_its_fence() -> None:
    indented = "".join(f"  {line}\n" if line else "\n" for line in NET.splitlines())
    assert extract_program(f"1. Like this:\n\n  ```python\n{indented}  ```\n") == NET


def test_code_within_a_sentence_opens_no_block() -> None:
    assert extract_program(f"Use ```x``` so:\n```python\n{NET}```") == NET


def test_line_ends_of_windows_are_read_and_rare_separators_kept() -> None:
    assert extract_program(f"```python\r\n{NET}```\r\n".replace("\n", "\r\n").replace("\r\r", "\r")) == NET
    assert extract_program("```\nx = 'a\u2028b'\x0c\n```") == "x = 'a\u2028b'\x0c\n"


def test_only_a_class_of_that_very_name_counts() -> None:
    helper = "class NetBlock:\n    pass\n"
    assert extract_program(f"```\n{helper}```\n```\n{NET}```") == NET


@given(st.text(alphabet="`~ \n\tpyxé"))
def test_any_text_has_a_program(output: str) -> None:
    assert isinstance(extract_program(output), str)


@pytest.mark.skipif(not PAIRS.is_file(), reason="the real pairs are not in this checkout")
def test_every_real_pair_has_a_program_that_parses() -> None:
    rows = [json.loads(line) for line in PAIRS.read_text().splitlines()]
    for row in rows:
        program = extract_program(row["messages"][-1]["content"])
        assert "class Net" in program, row["id"]
        ast.parse(program)
