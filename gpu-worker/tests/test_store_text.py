"""Text that PostgreSQL cannot hold never reaches it."""

import psycopg
from hypothesis import given
from hypothesis import strategies as st

from archloom.store.text import storable

ANY_TEXT = st.text(st.characters(codec=None))


@given(ANY_TEXT)
def test_storable_text_keeps_its_length_and_has_neither_nul_nor_surrogates(text: str) -> None:
    stored = storable(text)
    assert len(stored) == len(text)
    assert "\0" not in stored
    stored.encode("utf-8")


def test_what_is_storable_already_stays_as_it_is() -> None:
    assert storable("naïve \u2192 \U0001f600\n\t") == "naïve \u2192 \U0001f600\n\t"


def test_postgresql_takes_it(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        row = connection.execute("select %s", [storable("a\0b\ud800c")]).fetchone()
    assert row == ("a\ufffdb\ufffdc",)
