"""The lines between client and language process: one JSON object each, over the process's stdin and stdout.

To the process: `request` and `stop`, both with the request's number. Back: `chunk` and `step` while it works,
then exactly one of `done`, `stopped` or `error`. A stop for a number that is already answered is ignored.
Never imports torch.
"""

import json
from dataclasses import asdict
from typing import Any, Final, Literal, TypeAlias, TypeVar

from pydantic import TypeAdapter

from archloom.language.inspection import CheckModelRequest, PreviewRequest
from archloom.language.interface import (
    FinetuneRequest,
    GenerateRequest,
    LanguageError,
    LanguageFailure,
    ModelUnavailable,
)

Message: TypeAlias = dict[str, Any]
Request: TypeAlias = GenerateRequest | FinetuneRequest | PreviewRequest | CheckModelRequest
ErrorKind = Literal["model_unavailable", "failure"]
Kind = TypeVar("Kind")

_REQUESTS: Final[dict[str, type[Request]]] = {
    "generate": GenerateRequest,
    "finetune": FinetuneRequest,
    "preview": PreviewRequest,
    "check": CheckModelRequest,
}
_VERBS: Final = {kind: verb for verb, kind in _REQUESTS.items()}


def encode(message: Message) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> Message:
    return json.loads(line)


def request_message(number: int, request: Request) -> Message:
    verb = _VERBS[type(request)]
    return {"type": "request", "number": number, "verb": verb, "arguments": asdict(request)}


def to_request(message: Message) -> Request:
    return from_json(_REQUESTS[message["verb"]], message["arguments"])


def from_json(kind: type[Kind], value: Any) -> Kind:
    """A dataclass of `interface` or `inspection` from what `asdict` and JSON made of it, nested ones too."""
    return TypeAdapter(kind).validate_python(value)


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
