"""The named queries of `queries.sql`. A query starts at a line `-- name: some_name` and ends at the next
one."""

import re
from functools import cache
from importlib.resources import files


@cache
def named_queries() -> dict[str, bytes]:
    """Every query by name, with psycopg's `%(parameter)s` placeholders."""
    text = files("archloom.store").joinpath("queries.sql").read_text("utf-8")
    _, *parts = re.split(r"^-- name: (\w+)$", text, flags=re.MULTILINE)
    names, bodies = parts[::2], parts[1::2]
    if len(set(names)) < len(names):
        raise ValueError("queries.sql names a query twice")
    return {name: body.strip().encode() for name, body in zip(names, bodies, strict=True)}


def query(name: str) -> bytes:
    """The query of that name. Asked for when a module is imported, so a missing one stops the worker at its
    start."""
    return named_queries()[name]
