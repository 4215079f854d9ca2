"""First code in the jail, handed over on the command line: the jail can read none of this package's files.

Takes one frame from standard input, whose body is a JSON object {module name: source}, makes those modules
importable, and starts the zygote.
"""
# ruff: noqa: E402 - the importer has to exist before what it imports.

import importlib.abc
import importlib.util
import json
import os
import struct
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any


def _read(length: int) -> bytes:
    parts: list[bytes] = []
    while length:
        part = os.read(0, min(length, 1 << 20))
        if not part:
            sys.exit("the worker closed the pipe before the jail was set up")
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


_header_length, _body_length = struct.unpack(">II", _read(8))
_read(_header_length)
_sources: dict[str, str] = json.loads(_read(_body_length))


class _SourceImporter(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Imports from the dictionary; a name that others lie below is a package."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in _sources:
            return None
        return importlib.util.spec_from_loader(fullname, self, is_package=self.is_package(fullname))

    def get_source(self, fullname: str) -> str:
        return _sources[fullname]

    def is_package(self, fullname: str) -> bool:
        return any(name.startswith(fullname + ".") for name in _sources)


sys.meta_path.insert(0, _SourceImporter())

# `inspect`, which torch asks where it was called from, resolves the path of every module: 25,000 questions
# about the same files and folders, each of which goes through the jail's supervisor. None changes meanwhile.
_lookups = os.lstat, os.readlink, os.stat


def _remembered(look_up: Any) -> Any:
    known: Any = cache(look_up)

    def look(path: Any, **more: Any) -> Any:
        return known(path, **more) if isinstance(path, str) else look_up(path, **more)

    return look


def _set_lookups(lookups: Iterable[Any]) -> None:
    os.lstat, os.readlink, os.stat = lookups


_set_lookups(map(_remembered, _lookups))

from archloom.sandbox.inside.zygote import serve

serve(lambda: _set_lookups(_lookups))
