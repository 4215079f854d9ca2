"""Entries as a data set folder of the Hugging Face Hub: a card and JSONL for each split, which
`datasets.load_dataset(folder)` reads without any code of its own.

The trials of a network differ in their keys, which a table cannot have: they are a column of JSON text.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from archloom.corpus.curation.splits import SPLITS, Split
from archloom.corpus.entry import JsonValue, Messages
from archloom.corpus.exports.files import File
from archloom.corpus.exports.rows import DEFAULT_MESSAGES, Exported, chat_row, jsonl_files

_COLUMNS: Final = ("name", "code", "accuracy", "family", "origin", "statistics")
_COLUMNS_IN_WORDS: Final = """\
Columns: `messages` (system, user and assistant; the answer holds the code in a fenced block), `code`,
`accuracy` (0 to 1, null if unknown), `name`, `family` (networks that descend from one or look as if they did;
no family is in two splits), `origin`, `statistics` (trials as JSON text, as LEMUR records them)."""
_SIZES: Final = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_LICENSE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}")


@dataclass(frozen=True)
class Card:
    title: str
    license: str = "other"
    """As the Hub spells it: `mit`, `cc-by-4.0`, `other`."""
    description: str = ""
    """Markdown below the title."""


def hugging_face_files(
    exported: Iterable[Exported], card: Card, default: Messages = DEFAULT_MESSAGES
) -> Iterator[File]:
    """README.md, then `data/<split>.jsonl` for every split that has rows.

    Raises ValueError if the licence is no identifier.
    """
    if _LICENSE.fullmatch(card.license) is None:
        raise ValueError(f"{card.license!r} is no licence as the Hub spells it: mit, apache-2.0, other")
    counts: dict[Split, int] = dict.fromkeys(SPLITS, 0)
    rows: list[tuple[Split, dict[str, JsonValue]]] = []
    for each in exported:
        counts[each.split] += 1
        rows.append((each.split, _row(each, default)))
    yield "README.md", _readme(card, {split: count for split, count in counts.items() if count}).encode()
    yield from jsonl_files(rows, "data/")


def _row(each: Exported, default: Messages) -> dict[str, JsonValue]:
    row = chat_row(each.entry, default)
    statistics = json.dumps(row["statistics"], allow_nan=False)
    return {**row, "code": each.entry.code, "family": each.family, "statistics": statistics}


def _readme(card: Card, counts: dict[Split, int]) -> str:
    features: list[str] = []
    for column in _COLUMNS:
        features += [f"  - name: {column}", f"    dtype: {'float64' if column == 'accuracy' else 'string'}"]
    total = sum(counts.values())
    size = next((label for limit, label in _SIZES if total < limit), "n>1M")
    # A JSON string is a YAML string, whatever is in it.
    title = json.dumps(" ".join(card.title.split()), ensure_ascii=True)
    header = [
        "---",
        f"license: {card.license}",
        f"pretty_name: {title}",
        "tags:",
        "- neural-architecture",
        "- pytorch",
        "- lemur",
        "task_categories:",
        "- text-generation",
        "size_categories:",
        f"- {size}",
        "configs:",
        "- config_name: default",
        "  data_files:",
        *(f"  - split: {split}\n    path: data/{split}.jsonl" for split in counts),
        "dataset_info:",
        "  features:",
        "  - name: messages",
        "    list:",
        "    - name: role",
        "      dtype: string",
        "    - name: content",
        "      dtype: string",
        *features,
        "---",
    ]
    table = [
        "| split | networks |",
        "|---|---|",
        *(f"| {split} | {count:,} |" for split, count in counts.items()),
    ]
    text = [
        f"# {' '.join(card.title.split())}",
        card.description.strip(),
        "Neural networks as PyTorch code, each with the prompt that asked for it and what it reached.",
        "\n".join(table),
        _COLUMNS_IN_WORDS,
        "The code was written by language models or collected from others: run it in a sandbox only.",
    ]
    return "\n".join(header) + "\n\n" + "\n\n".join(part for part in text if part) + "\n"
