"""queries.sql against the schema that the migrations really make."""

import re
from pathlib import Path

import psycopg
from psycopg.pq import ExecStatus

import archloom.store
from archloom.store.queries import named_queries

QUERIES = named_queries()


def test_every_query_can_be_prepared(database_url: str) -> None:
    problems: dict[str, str] = {}
    with psycopg.connect(database_url, autocommit=True) as connection:
        for name, query in QUERIES.items():
            result = connection.pgconn.prepare(name.encode(), numbered(query.decode()).encode())
            if result.status != ExecStatus.COMMAND_OK:
                problems[name] = result.error_message.decode()
    assert problems == {}


def numbered(query: str) -> str:
    """The query with `$1` where psycopg's `%(name)s` stands."""
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", query)))
    return re.sub(r"%\((\w+)\)s", lambda match: f"${names.index(match[1]) + 1}", query)


def test_no_query_is_left_over() -> None:
    folder = Path(archloom.store.__file__).parent
    source = "\n".join(module.read_text() for module in folder.glob("*.py"))
    used = set(re.findall(r'query\("(\w+)"\)', source))
    assert used == set(QUERIES)
