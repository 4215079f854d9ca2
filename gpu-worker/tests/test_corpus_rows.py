"""Rows of JSONL: what is a network; what is wrong with a line, by line and byte; the other lines are kept."""

from __future__ import annotations

import codecs
import json
import os
import tracemalloc
from functools import reduce
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support_corpus import NET, PROGRAMS, entries, line, read_bytes, rejected

from archloom.corpus.entry import Messages, Trial
from archloom.corpus.errors import SourceRefused
from archloom.corpus.fences import fence, fenced_code
from archloom.corpus.sources import detect
from archloom.corpus.sources.json_items import read_items
from archloom.corpus.sources.limits import MAX_CODE_BYTES, MAX_INPUT_BYTES, MAX_LINE_BYTES

TRIAL = {"task": "t", "dataset": "d", "metric": "acc", "epoch": 1, "values": {}}
DEEP = reduce(lambda inner, _: {"a": inner}, range(100), {"accuracy": 0.5})
ANSWER = f"Here it is.\n\n```python\n{NET}```\nGood luck."


def chat(answer: str = ANSWER, **more: object) -> bytes:
    turns = [("system", "You design."), ("user", "A net."), ("assistant", answer)]
    return line(messages=[{"role": role, "content": text} for role, text in turns], **more)


@pytest.mark.parametrize(
    ("row", "messages"),
    [
        (chat(), Messages("You design.", "A net.")),
        (
            line(messages=[{"role": "user", "content": "q"}, {"role": "assistant", "content": ANSWER}]),
            Messages("", "q"),
        ),
        (line(prompt="q", completion=ANSWER), Messages("", "q")),
        (
            line(
                prompt=[{"role": "system", "content": "s"}, {"role": "user", "content": "q"}],
                completion=[{"role": "assistant", "content": ANSWER}],
            ),
            Messages("s", "q"),
        ),
        (line(instruction="q", context="more", response=ANSWER), Messages("", "q\n\nmore")),
        (line(prompt="q", response=f"<hp>{{}}</hp>\n<nn>\n{NET}</nn>"), Messages("", "q")),
        (line(prompt="q", response=NET), Messages("", "q")),
        (line(code=NET), None),
        (line(nn="AlexNet", nn_code=NET), None),
    ],
)
def test_every_form_of_a_row_gives_its_code_and_its_prompt(
    tmp_path: Path, row: bytes, messages: Messages | None
) -> None:
    (entry,) = entries(read_bytes(tmp_path, row))
    assert entry.code.strip("\n") == NET.strip("\n")
    assert entry.messages == messages
    assert (entry.answer is None) == (messages is None)


@pytest.mark.parametrize(
    ("more", "answer", "accuracy"),
    [
        ({"accuracy": 0.5}, ANSWER, 0.5),
        ({"meta": {"accuracy": 0.25}}, ANSWER, 0.25),
        ({"accuracy": None}, ANSWER, None),
        ({"accuracy": None}, f"```python\n{NET}```\nAccuracy: 0.7", None),
        ({}, f"```python\n{NET}\n    \naddon_accuracy: 0.6984\n```", 0.6984),
        ({}, f"```python\n{NET}```\n**Accuracy: 71.5 %**\n", 0.715),
        ({}, f"```python\n{NET}        self.accuracy = 0.5\n```", None),
        ({}, f"```python\n{NET}```\nAccuracy: 715", None),
        ({"accuracy": 0.5}, f"```python\n{NET}```\nAccuracy: 0.7", 0.5),
    ],
)
def test_an_accuracy_is_read_where_it_is_given(
    tmp_path: Path, more: dict[str, object], answer: str, accuracy: float | None
) -> None:
    (entry,) = entries(read_bytes(tmp_path, chat(answer, **more)))
    assert entry.accuracy == (None if accuracy is None else pytest.approx(accuracy))


def test_a_row_of_lemurs_api_is_a_network_with_one_trial(tmp_path: Path) -> None:
    row = {
        "nn": "ga-7",
        "nn_code": NET,
        "task": "img-classification",
        "dataset": "cifar-10",
        "epoch": 5,
        "duration": 12,
    }
    content = line(**row, metric="acc", accuracy=0.6, prm={"lr": 0.1}) + line(
        **row, metric="iou", accuracy=0.9
    )
    first, second = entries(read_bytes(tmp_path, content))
    assert (first.name, first.accuracy, second.accuracy) == ("ga-7", 0.6, None)
    values = {"lr": 0.1, "accuracy": 0.6, "duration": 12}
    assert first.statistics == (Trial("img-classification", "cifar-10", "acc", 5, values),)


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("given", line(name=" given ", id="other", code=NET)),
        (
            "alt-nn3-c511f4",
            line(code=NET, meta={"source_path": "out/alt-nn3-c511f4__acc69f7a0762.py"}, id="1"),
        ),
        ("some-id", line(code=NET, id="some-id")),
        ("rows-1", line(code=NET)),
        ("a\N{REPLACEMENT CHARACTER}b", line(code=NET, name="a\n\0b")),
    ],
)
def test_a_network_is_called_what_its_row_calls_it(tmp_path: Path, name: str, row: bytes) -> None:
    (entry,) = entries(read_bytes(tmp_path, row))
    assert entry.name == name


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b'{"code": "x"\n', "is not JSON: Expecting ',' delimiter at character 13"),
        (b"oops\n", "is not JSON: Expecting value at character 1"),
        (b'["a"]\n', "is a list, not an object in braces"),
        (b"{}\n", "has neither messages nor code"),
        (line(code=None), "has neither messages nor code"),
        (line(code=7), "code is a number, not text"),
        (line(code="  \n"), "the code is empty"),
        (line(code="x" * (MAX_CODE_BYTES + 1)), "the code has 262,145 bytes; at most 262,144 are read"),
        (line(code="a\0b"), "code holds NUL at character 2"),
        (b'{"code": "a\\ud800b"}\n', "code holds half of a surrogate pair (U+D800) at character 2"),
        (b'{"code": "x", "code": "y"}\n', 'has the key "code" twice'),
        (b'{"code": "x", "accuracy": 1e999}\n', "has the number 1e999, which is too large"),
        (b'{"a":' * 100_000 + b"\n", "is nested too deeply"),
        (
            b'{"code": 1' + b"0" * 5000 + b"}\n",
            "Exceeds the limit (4300 digits) for integer string conversion",
        ),
        (line(code=NET, accuracy=71.5), "accuracy is 71.5; it must be a fraction from 0 to 1"),
        (line(code=NET, accuracy=True), "accuracy is True; it must be a fraction from 0 to 1"),
        (line(code=NET, accuracy="0.5"), "accuracy is 0.5; it must be a fraction from 0 to 1"),
        (line(code=NET, statistics=[{}]), "statistics[0] needs task, dataset and metric"),
        (line(code=NET, statistics=[{**TRIAL, "values": DEEP}]), "is nested too deeply"),
        (line(code=NET, statistics=[{**TRIAL, "epoch": -1}]), "statistics[0].epoch must be a whole number"),
        (line(code=NET, statistics="{"), "the text in statistics is not JSON: Expecting property name"),
        (line(messages="hi"), "messages is text, not a list of messages"),
        (line(messages=[{"role": "user"}]), "messages[0].content is missing, not text"),
        (line(messages=[{"role": "user", "content": "q"}]), "they are: user"),
        (line(messages=[]), "they are: none"),
        (chat("no code at all"), "the answer has no code: it needs a fenced block"),
        (b'{"code": "x\0"}\n', "character 12 is NUL; the file is damaged or not text"),
        (b'{"code": "\xe9"}\n', "byte 11 of the line (offset "),
        (b'{"code": "\xe9"}\n', "is 0xE9, which is not UTF-8; save the file as UTF-8 (it may be Latin-1"),
        (b'{"code": "' + b"x" * MAX_LINE_BYTES + b'"}\n', "is longer than 4 MiB"),
    ],
)
def test_a_bad_line_is_named_and_the_lines_around_it_are_kept(
    tmp_path: Path, bad: bytes, reason: str
) -> None:
    items = read_bytes(tmp_path, chat() + b"\r\n" + bad + line(code=NET))
    assert [entry.position for entry in entries(items)] == ["rows.jsonl line 1", "rows.jsonl line 4"]
    ((position, found),) = rejected(items)
    assert position == "rows.jsonl line 3"
    assert reason in found


def test_the_byte_of_a_wrong_encoding_can_be_found_in_the_file(tmp_path: Path) -> None:
    content = codecs.BOM_UTF8 + line(code=NET) + b'{"name": "caf\xe9"}\n'
    ((_, reason),) = rejected(read_bytes(tmp_path, content))
    offset = int(reason.partition("(offset ")[2].partition(" ")[0].replace(",", ""))
    assert content[offset : offset + 1] == b"\xe9"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_wide_encoding_is_named_once_for_the_whole_file(tmp_path: Path, encoding: str) -> None:
    text = (line(code=NET) * 3).decode()
    ((position, reason),) = rejected(read_bytes(tmp_path, text.encode(encoding)))
    assert position == "rows.jsonl line 1"
    assert reason.startswith(f"the file is UTF-{encoding[4:6]} ") and reason.endswith("save it as UTF-8")


def test_a_mark_of_utf8_and_line_ends_of_windows_are_no_part_of_the_text(tmp_path: Path) -> None:
    content = codecs.BOM_UTF8 + (line(code=NET) + line(code="\ufeff" + NET)).replace(b"\n", b"\r\n")
    assert [entry.code for entry in entries(read_bytes(tmp_path, content))] == [NET, NET]


def test_code_keeps_its_own_line_ends_and_unusual_characters(tmp_path: Path) -> None:
    code = "class Net:\r\n    '\u2028 \u0085 \U0001f600 é'\r\n"
    (entry,) = entries(read_bytes(tmp_path, line(code=code)))
    assert entry.code == code


def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    assert rejected(read_bytes(tmp_path, b"\n \r\n\n")) == [("rows.jsonl", "is empty")]
    with pytest.raises(SourceRefused, match=r"rows\.jsonl is empty"):
        read_bytes(tmp_path, b"")


def test_a_file_of_two_gigabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.jsonl"
    path.touch()
    os.truncate(path, 2 * MAX_INPUT_BYTES)
    with pytest.raises(SourceRefused, match=r"huge\.jsonl has 2\.0 GiB; at most 1 GiB is read"):
        detect(path)


def test_reading_needs_the_memory_of_one_row_and_not_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    long = b'{"code": "' + b"x" * (MAX_LINE_BYTES + 2**20) + b'"}\n'
    path.write_bytes((line(code=NET * 2000) * 20 + long) * 4)
    tracemalloc.start()
    try:
        for _ in detect(path).items():
            pass
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert path.stat().st_size > 28 * 2**20
    assert peak < 3 * MAX_LINE_BYTES


@pytest.mark.parametrize("content", [b"%PDF-1.7", b'{\n  "code": 1\n}', b"hello", b"\x89PNG\r\n"])
def test_what_is_of_no_known_kind_gets_the_list_of_what_is_accepted(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.bin"
    path.write_bytes(content)
    with pytest.raises(
        SourceRefused, match=r"no kind that is known.*JSONL.*LEMUR.*\.zip.*ab\.nn\.db.*export run"
    ):
        detect(path)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceRefused, match="is no ordinary file"):
        detect(tmp_path / "pipe")
    with pytest.raises(SourceRefused, match="No such file"):
        detect(tmp_path / "missing")


def test_rows_are_also_read_from_one_json_list(tmp_path: Path) -> None:
    content = (
        b" [" + b",\n".join([chat(), b'{"code": "x", "code": "y"}', b"7", line(code=PROGRAMS[0])]) + b"]"
    )
    items = read_bytes(tmp_path, content, "rows.json")
    assert [entry.position for entry in entries(items)] == ["rows.json item 1", "rows.json item 4"]
    assert rejected(items) == [
        ("rows.json item 2", 'has the key "code" twice'),
        ("rows.json item 3", "is a number, not an object in braces"),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'[{"code": "x"} {"code": "y"}]', "or ] is missing at character 16"),
        (b'[{"code": "x"}', "it ends where , or ] is missing at character 15"),
        (b'[{"code": tru}]', "Expecting value at character 11"),
        (b'[{"code": "\xe9"}]', "byte 0xE9 is not UTF-8"),
        (b"[" * 200_000, "nested too deeply"),
        (b'["' + b"x" * (2 * MAX_LINE_BYTES) + b'"]', "an item is longer than 4 MiB"),
    ],
)
def test_a_syntax_error_in_one_document_ends_the_reading_at_its_place(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    with pytest.raises(SourceRefused, match=r"rows\.json is not valid JSON") as refused:
        read_bytes(tmp_path, content, "rows.json")
    assert reason in str(refused.value)


class _Drip(BytesIO):
    """Hands out a few bytes at a time, however many are asked for."""

    def __init__(self, content: bytes, chunk: int) -> None:
        super().__init__(content)
        self._chunk = chunk

    def read(self, size: int | None = -1) -> bytes:
        return super().read(self._chunk)


@given(rows=st.lists(st.text(max_size=300), max_size=6), chunk=st.integers(1, 7))
def test_the_items_of_a_document_do_not_depend_on_where_it_is_cut(rows: list[str], chunk: int) -> None:
    document = json.dumps(
        {"a": [1, {"b": 2.5}], "items": [*rows, 12, -0.5, None], "c": 3}, ensure_ascii=False
    )
    content = document.encode("utf-8", "replace")
    expected = json.loads(content)["items"]
    assert list(read_items(_Drip(content, chunk), "d", "items")) == expected


@given(
    code=st.one_of(
        st.text(), st.lists(st.sampled_from(["```", "````", "~~~", "a\r", " ```", ""])).map("\n".join)
    )
)
def test_fenced_code_comes_out_as_it_went_in(code: str) -> None:
    assert fenced_code(fence(code)) == code
    assert fenced_code(f"Text ``` before.\n{fence(code)}\nand after.") == code


@pytest.mark.parametrize(
    "answer",
    [
        "```" + " " * 10**6 + "`",
        "~" * 10**6 + "`",
        "<nn>" * 10**6,
        "```\n" * 10**5 + "```` x",
        "accuracy" * 10**5 + ":",
        "_" * 10**6,
    ],
)
def test_no_answer_takes_longer_than_its_length_deserves(tmp_path: Path, answer: str) -> None:
    assert len(read_bytes(tmp_path, chat(answer))) == 1


def test_a_key_that_stands_twice_is_found_among_very_many(tmp_path: Path) -> None:
    keys = b", ".join(b'"%d": 0' % (number % 99_999) for number in range(100_000))
    assert rejected(read_bytes(tmp_path, b"{" + keys + b"}")) == [
        ("rows.jsonl line 1", 'has the key "0" twice')
    ]


def test_of_several_blocks_the_one_with_the_class_is_the_network() -> None:
    answer = f"```\nprint(1)\n```\n~~~~python\n{NET}~~~~\n```bash\n{'ls ' * 500}\n```"
    assert fenced_code(answer) == NET.rstrip("\n")
    assert fenced_code(f"```python\n{NET}") == NET, "a block that is never closed ends with the text"
    assert fenced_code("just words") is None
