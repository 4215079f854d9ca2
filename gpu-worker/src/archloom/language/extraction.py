"""The program in a chat model's answer.

Fences are read as CommonMark reads them: three or more backticks or tildes open a block, at least as many of
the same, alone on a line, close it, and a block left open (an answer cut off by its limit) ends with the
text.
"""

import re
from collections.abc import Iterator
from typing import Final

_FENCE: Final = re.compile(r"(?P<indent> {0,3})(?P<marks>`{3,}|~{3,})(?P<info>.*)")
_NETWORK: Final = re.compile(r"^class\s+Net\b", re.MULTILINE)
_THOUGHTS_END: Final = "</think>"


def extract_program(output: str) -> str:
    """The first fenced block that defines `class Net`, else the first block, else the whole answer.

    What a reasoning model wrote while thinking counts only if nothing follows it.
    """
    answer = output.rpartition(_THOUGHTS_END)[2]
    if not answer.strip():
        answer = output
    blocks = list(find_blocks(answer))
    networks = [block for block in blocks if _NETWORK.search(block)]
    return (networks or blocks or [answer])[0]


def find_blocks(text: str) -> Iterator[str]:
    """The contents of all fenced blocks, in order, each line ended by a newline."""
    opening: re.Match[str] | None = None
    block: list[str] = []
    # Not splitlines(): it would also break lines at form feeds and separators inside the code's strings.
    for line in text.replace("\r\n", "\n").removesuffix("\n").split("\n"):
        fence = _FENCE.fullmatch(line)
        if opening is None:
            # The info string of a backtick fence holds no backtick: ```x``` is code within a sentence.
            if fence and not (fence["marks"][0] == "`" and "`" in fence["info"]):
                opening, block = fence, []
        elif fence and _closes(fence, opening):
            yield _join(block, opening)
            opening = None
        else:
            block.append(line)
    if opening is not None:
        yield _join(block, opening)


def _closes(fence: re.Match[str], opening: re.Match[str]) -> bool:
    marks, opened = fence["marks"], opening["marks"]
    return marks[0] == opened[0] and len(marks) >= len(opened) and not fence["info"].strip()


def _join(lines: list[str], opening: re.Match[str]) -> str:
    """An indented block loses as much indentation as its fence has."""
    spare = re.compile(f" {{0,{len(opening['indent'])}}}")
    return "".join(f"{spare.sub('', line, count=1)}\n" for line in lines)
