"""The lines between client and language process: one JSON object each, over the process's stdin and stdout.

To the process: `request` and `stop`, both with the request's number. Back: `chunk` and `step` while it works,
then exactly one of `done`, `stopped` or `error`. A stop for a number that is already answered is ignored.
Never imports torch.
"""

import json
from dataclasses import asdict
from typing import Any, Literal, TypeAlias

from archloom.language.interface import (
    FinetuneRequest,
    GenerateRequest,
    LanguageError,
    LanguageFailure,
    ModelUnavailable,
    TrainingPair,
)

Message: TypeAlias = dict[str, Any]
Request: TypeAlias = GenerateRequest | FinetuneRequest
ErrorKind = Literal["model_unavailable", "failure"]


def encode(message: Message) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> Message:
    return json.loads(line)


def request_message(number: int, request: Request) -> Message:
    verb = "generate" if isinstance(request, GenerateRequest) else "finetune"
    return {"type": "request", "number": number, "verb": verb, "arguments": asdict(request)}


def to_request(message: Message) -> Request:
    arguments: dict[str, Any] = message["arguments"]
    if message["verb"] == "generate":
        return GenerateRequest(**arguments)
    pairs = [TrainingPair(**pair) for pair in arguments.pop("pairs")]
    return FinetuneRequest(pairs=pairs, **arguments)


def error_message(number: int, error: Exception) -> Message:
    if isinstance(error, ModelUnavailable):
        return {"type": "error", "number": number, "kind": "model_unavailable", "message": str(error)}
    return {
        "type": "error",
        "number": number,
        "kind": "failure",
        "message": f"{type(error).__name__}: {error}",
    }


def to_error(message: Message) -> LanguageError:
    kind: ErrorKind = message["kind"]
    return (ModelUnavailable if kind == "model_unavailable" else LanguageFailure)(message["message"])
