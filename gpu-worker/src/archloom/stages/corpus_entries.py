"""An entry as the database keeps it."""

from typing import Any

from archloom.contract.generated import CorpusSplit
from archloom.contract.ids import candidate_id, run_id
from archloom.corpus.entry import Entry, JsonValue, Messages, SourceItem, Trial
from archloom.corpus.sources import candidate_item
from archloom.store.rows import CorpusEntryRow, RunNetwork


def to_json(entry: Entry) -> dict[str, Any]:
    messages = entry.messages
    return {
        "name": entry.name,
        "code": entry.code,
        "origin": entry.origin,
        "messages": messages and {"system": messages.system, "user": messages.user},
        "answer": entry.answer,
        "accuracy": entry.accuracy,
        "statistics": [trial.to_json() for trial in entry.statistics],
    }


def from_json(value: dict[str, Any], position: str) -> Entry:
    messages = value["messages"]
    return Entry(
        position=position,
        name=value["name"],
        code=value["code"],
        origin=value["origin"],
        messages=messages and Messages(messages["system"], messages["user"]),
        answer=value["answer"],
        accuracy=value["accuracy"],
        statistics=tuple(Trial(**trial) for trial in value["statistics"]),
    )


def to_row(entry: Entry, position: int, family: str | None, split: CorpusSplit) -> CorpusEntryRow:
    messages = entry.messages
    return CorpusEntryRow(
        position=position,
        code=entry.code,
        name=entry.name,
        messages=messages
        and [
            *([{"role": "system", "content": messages.system}] if messages.system else []),
            {"role": "user", "content": messages.user},
        ],
        answer=entry.answer,
        accuracy=entry.accuracy,
        statistics=[dict(trial.to_json()) for trial in entry.statistics] or None,
        family=family,
        split=split,
    )


def from_row(row: CorpusEntryRow, version: str) -> Entry:
    contents = {message["role"]: message["content"] for message in row.messages or ()}
    return Entry(
        position=f"{version} {row.position}",
        name=row.name or f"{version}-{row.position}",
        code=row.code,
        origin=version,
        messages=Messages(contents.get("system", ""), contents["user"]) if "user" in contents else None,
        answer=row.answer,
        accuracy=row.accuracy,
        statistics=tuple(Trial(**trial) for trial in row.statistics or ()),
    )


def from_run(run: int, network: RunNetwork) -> SourceItem:
    identity = candidate_id(run, network.cycle, network.index)
    candidate: dict[str, JsonValue] = {
        "id": identity,
        "run": run_id(run),
        "recipe": network.recipe,
        "code": network.code,
        "accuracy": network.accuracy,
        "report_accuracy": network.report_accuracy,
        "parameters": network.parameters,
        "evaluation_seed": network.evaluation_seed,
        "train_seconds": network.train_seconds,
    }
    return candidate_item(candidate, identity)
