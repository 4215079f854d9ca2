"""A template is filled exactly where it asks for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archloom.language.prompts import PromptFieldUnknown, render

FIELDS = {"recipe": "digits", "classes": 10, "height": 16, "novelty_wishes": "no {{recipe}} twice"}


def test_fields_are_filled_and_code_stays() -> None:
    text = "For {{recipe}}, {{ classes }} classes:\nreturn {'lr'}, f\"{x}\", {0: {1: 2}}\n{{novelty_wishes}}"
    assert render(text, FIELDS) == (
        "For digits, 10 classes:\nreturn {'lr'}, f\"{x}\", {0: {1: 2}}\nno {{recipe}} twice"
    )


@pytest.mark.parametrize(
    ("text", "field", "line", "column", "advice"),
    [
        ("a\nbc {{hieght}}", "hieght", 2, 4, "did you mean {{height}}?"),
        ("{{weather}}", "weather", 1, 1, "fields are classes, height, novelty_wishes, recipe"),
        ("{{}}", "", 1, 1, "fields are"),
        ("{{recipe}}\n\n  {{ Recipe }}", "Recipe", 3, 3, "did you mean {{recipe}}?"),
    ],
)
def test_an_unknown_field_is_named_with_its_place(
    text: str, field: str, line: int, column: int, advice: str
) -> None:
    with pytest.raises(PromptFieldUnknown) as caught:
        render(text, FIELDS)
    assert (caught.value.field, caught.value.line, caught.value.column) == (field, line, column)
    assert f"{{{{{field}}}}} in line {line}, column {column}" in str(caught.value)
    assert advice in str(caught.value)


@given(st.text(alphabet="{}' \nab"), st.text())
def test_a_text_without_pairs_of_braces_is_untouched(text: str, value: str) -> None:
    plain = text.replace("{{", "{").replace("}}", "}")
    if "{{" not in plain and "}}" not in plain:
        assert render(plain, {"a": value}) == plain
    assert render("{{a}}", {"a": value}) == value
