"""Adapters loaded into a running server by vLLM's documented interface: POST /v1/load_lora_adapter and
/v1/unload_lora_adapter, which it offers when started with --enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING.

Not run against a vLLM here; against a server that has none of it, and one that follows the documentation. The
server reads the adapter's folder itself, so it has to see the worker's disk under the same path.
"""

import hashlib
from pathlib import Path
from typing import Any, Final

import httpx2

from archloom.language.interface import ModelUnavailable
from archloom.language.server_errors import connection_error, status_error
from archloom.language.server_stream import ServerLink

ADAPTER_FILE: Final = "adapter_model.safetensors"
# Of this worker's adapters; another worker may still write with one of the last.
KEPT: Final = 8


class ServerAdapters:
    """What this worker has loaded into one server."""

    def __init__(self, link: ServerLink) -> None:
        self._link = link
        self._loaded: list[str] = []

    async def load(self, http: httpx2.AsyncClient, folder: Path) -> str:
        """The name under which the server writes with this adapter; loaded unless the server lists it.

        Raises ModelUnavailable if there is no such adapter or the server cannot load any, and
        LanguageFailure.
        """
        try:
            digest = hashlib.sha256((folder / ADAPTER_FILE).read_bytes()).hexdigest()
        except OSError as error:
            raise ModelUnavailable(f"the adapter {str(folder)!r} has no {ADAPTER_FILE}") from error
        name = f"archloom-{digest[:16]}"
        # Asked each time: a server that was started anew has forgotten them all.
        if all(entry.get("id") != name for entry in await self._link.served(http)):
            await self._load(http, name, folder)
        return name

    async def _load(self, http: httpx2.AsyncClient, name: str, folder: Path) -> None:
        url, key = self._link.url, self._link.key
        body = {"lora_name": name, "lora_path": str(folder.absolute())}
        response = await self._post(http, "load_lora_adapter", body)
        if response.status_code in (404, 405, 501):
            raise ModelUnavailable(
                f"the server {url} cannot load adapters: turn fine-tuning off, or start vLLM with "
                "--enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING=True"
            )
        if response.status_code != 200:
            raise status_error(url, name, response.status_code, response.text, key)
        self._loaded.append(name)
        while len(self._loaded) > KEPT:
            # Of no consequence if it fails: the server itself drops the adapter used longest ago.
            await self._post(http, "unload_lora_adapter", {"lora_name": self._loaded.pop(0)})

    async def _post(self, http: httpx2.AsyncClient, path: str, body: dict[str, Any]) -> httpx2.Response:
        try:
            return await http.post(path, json=body)
        except httpx2.HTTPError as error:
            raise connection_error(self._link.url, error) from error
