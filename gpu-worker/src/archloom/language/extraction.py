"""The program in a chat model's answer."""

import re
from typing import Final

from archloom.corpus.fences import blocks

_NETWORK: Final = re.compile(r"^class\s+Net\b", re.MULTILINE)
_THOUGHTS_END: Final = "</think>"


def extract_program(output: str) -> str:
    """The first fenced block that defines `class Net`, else the first block, else the whole answer.

    What a reasoning model wrote while thinking counts only if nothing follows it. A block's program ends with
    a newline, as files of code do.
    """
    answer = output.rpartition(_THOUGHTS_END)[2]
    if not answer.strip():
        answer = output
    found = [block.body for block in blocks(answer.replace("\r\n", "\n"))]
    if not found:
        return answer
    networks = [body for body in found if _NETWORK.search(body)]
    program = (networks or found)[0]
    return program if program.endswith("\n") or not program else f"{program}\n"
