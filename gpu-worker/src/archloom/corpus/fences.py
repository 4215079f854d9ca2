"""Code inside a chat answer: fenced blocks as Markdown (CommonMark 0.31, section 4.5) has them.

`fenced_code(fence(code))` is `code` for every text: the newline before the closing fence belongs to the
fence, so code with and without a last newline can be told apart.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Possessive, so that no line of an answer can make matching slow.
_OPENING = re.compile(r"(?P<indent> {0,3})(?P<marks>`{3,}+|~{3,}+)(?P<label>[^`\r\n]*+)(?P<end>\r?)")
_RUN = re.compile(r"`{3,}")
_CLASS = re.compile(r"(?m)^class[ \t]+\w+")
_PYTHON = frozenset({"python", "py", "python3"})


@dataclass(frozen=True)
class Block:
    label: str
    """The language, in small letters; empty where none is given."""
    body: str


def fence(code: str) -> str:
    """The code as one fenced Python block; the fence is longer than any inside the code."""
    longest = max((len(run) for run in _RUN.findall(code)), default=0)
    marks = "`" * max(3, longest + 1)
    return f"{marks}python\n{code}\n{marks}"


def fenced_code(answer: str) -> str | None:
    """The network in an answer, or None.

    Of several blocks the longest that defines a class, a Python block before one with another label or none.
    nn-gpt's form `<nn>...</nn>` counts where no fenced block defines a class; so does an answer that is bare
    code from its first line on.
    """
    found = list(blocks(answer))
    if not any(_defines_class(block) for block in found):
        found += _tagged(answer)
    if not found:
        return answer if _is_bare_code(answer) else None
    best = max(found, key=lambda block: (_defines_class(block), block.label in _PYTHON, len(block.body)))
    return best.body


def _defines_class(block: Block) -> bool:
    return _CLASS.search(block.body) is not None


def _is_bare_code(answer: str) -> bool:
    first = answer.lstrip().partition("\n")[0]
    return first.startswith(("import ", "from ", "class ", "def ", "#")) and _CLASS.search(answer) is not None


def _tagged(answer: str) -> Iterator[Block]:
    end = 0
    while (start := answer.find("<nn>", end)) >= 0 and (end := answer.find("</nn>", start)) >= 0:
        yield Block("python", answer[start + len("<nn>") : end].strip("\r\n"))


def blocks(answer: str) -> Iterator[Block]:
    """Blocks in order; one that is never closed ends with the text, as a model that hit its token limit
    leaves it. Lines lose as much indentation as the fence has.
    """
    lines = answer.split("\n")
    at = 0
    while at < len(lines):
        opening = _OPENING.fullmatch(lines[at])
        at += 1
        if opening is None:
            continue
        start, marks = at, opening["marks"]
        while at < len(lines) and not _closes(lines[at], marks):
            at += 1
        label = opening["label"].strip().split(" ")[0].lower()
        spare = len(opening["indent"])
        body = "\n".join(line[min(spare, len(line) - len(line.lstrip(" "))) :] for line in lines[start:at])
        yield Block(label, body.removesuffix("\r") if opening["end"] else body)
        at += 1


def _closes(line: str, marks: str) -> bool:
    text = line.strip(" \t\r")
    return len(text) >= len(marks) and text == marks[0] * len(text) and len(line) - len(line.lstrip(" ")) <= 3
