"""What all tests of the worker may ask for by argument name."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql

pytest_plugins = ["jail_fixtures"]

# As the worker computes. Networks this small gain nothing from more, and on a busy machine threads that wait
# for each other made 13 seconds of training last 200.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# A busy machine may take any time for one example; that says nothing about the code.
settings.register_profile("archloom", deadline=None)
settings.load_profile("archloom")

SERVER_SCRIPT = Path(__file__).parents[2] / "server" / "launch" / "test-database.mjs"
TEMPLATE_DATABASE = "archloom_template"


@pytest.fixture(scope="session")
def database_server_url() -> Iterator[str]:
    """URL of a throw-away PostgreSQL's maintenance database: that of `npm test`, else an own one."""
    given = os.environ.get("ARCHLOOM_TEST_DATABASE_URL")
    if given:
        yield given
        return
    node = shutil.which("node")
    assert node is not None, "database tests need Node on the path"
    # The server ends when its standard input does, so it cannot outlive this process.
    with subprocess.Popen(
        [node, SERVER_SCRIPT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        assert line, "the test database did not start: see standard error"
        yield json.loads(line)["url"]


@pytest.fixture
def database_url(database_server_url: str) -> Iterator[str]:
    """URL of a database of this test's own, with every migration applied; dropped afterwards."""
    name = f"test_{secrets.token_hex(8)}"
    identifier = sql.Identifier(name)
    with psycopg.connect(database_server_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("create database {} template {}").format(identifier, sql.Identifier(TEMPLATE_DATABASE))
        )
        yield f"{database_server_url.rpartition('/')[0]}/{name}"
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(identifier))
