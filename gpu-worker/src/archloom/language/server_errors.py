"""What can go wrong between here and a server, each as one sentence. Never imports torch.

ModelUnavailable is for what another try would not mend: a wrong name, address or key, a request the server
will not take. Everything else is a LanguageFailure, and the job is tried again.
"""

import json
from typing import Any, Final

import httpx2

from archloom.language.interface import LanguageError, LanguageFailure, ModelUnavailable

KEY_VARIABLE: Final = "ARCHLOOM_SERVER_KEY"
QUOTED_CHARACTERS: Final = 300


def status_error(url: str, model: str, status: int, body: str, key: str | None) -> LanguageError:
    """For an answer other than 200. Servers repeat what they were sent: the key is taken out."""
    said = _quote(read_message(body), key)
    if status in (401, 403):
        return ModelUnavailable(
            f"the server {url} refuses the worker's key ({status}): start the worker with the right one in "
            f"{KEY_VARIABLE}{said}"
        )
    if status == 404:
        return ModelUnavailable(
            f"the server {url} has no model {model!r}, or its address is not the one that ends in /v1{said}"
        )
    if 300 <= status < 400:
        return ModelUnavailable(f"the server {url} sends the worker elsewhere ({status}): give that address")
    if status == 429:
        return LanguageFailure(f"the server {url} has too much to do (429){said}")
    if status < 500:
        return ModelUnavailable(f"the server {url} refuses the request for {model!r} ({status}){said}")
    return LanguageFailure(f"the server {url} failed while writing with {model!r} ({status}){said}")


def connection_error(url: str, error: httpx2.HTTPError) -> LanguageFailure:
    """For a server that cannot be reached, or whose answer broke off."""
    if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout):
        return LanguageFailure(f"the server {url} cannot be reached: {error or 'no answer'}")
    if isinstance(error, httpx2.TimeoutException):
        return LanguageFailure(f"the server {url} stopped answering")
    return LanguageFailure(f"the connection to the server {url} broke: {error or type(error).__name__}")


def read_message(body: str) -> str:
    """The sentence in an error's body, whichever of the customary places holds it."""
    try:
        value: Any = json.loads(body)
    except ValueError:
        return body
    for name in ("error", "message", "detail"):
        try:
            value = value[name]
        except (TypeError, KeyError, IndexError):
            continue
    return value if isinstance(value, str) else json.dumps(value)


def _quote(said: str, key: str | None) -> str:
    words = " ".join(said.split())
    if key:
        words = words.replace(key, "***")
    return f": {words[:QUOTED_CHARACTERS]}" if words else ""
