"""What the model is trained to answer is what it is asked and how it answers, in the same form."""

import pytest

from archloom.language.interface import ChatMessage
from archloom.stages.control import RunCannotGoOn
from archloom.stages.prompt import Prompt, fill
from archloom.stages.training_pairs import replayed_pair, selected_pair
from archloom.store.rows import ReplayedEntry, SelectedProgram

MESSAGES: list[ChatMessage] = [
    {"role": "system", "content": "You design networks."},
    {"role": "user", "content": "Design one."},
]
CHAT = Prompt(None, MESSAGES)
PLAIN = Prompt("import torch\n", None)


def test_a_plain_program_is_split_at_the_prompt_it_continues() -> None:
    pair = selected_pair(3, SelectedProgram(1, 7, "import torch\nx = 1\n", "import torch\n"), PLAIN)
    assert (pair.prompt, pair.completion, pair.key, pair.messages) == (
        "import torch\n",
        "x = 1\n",
        "R3.1.007",
        None,
    )


def test_a_plain_program_that_does_not_continue_its_prompt_is_named() -> None:
    with pytest.raises(RunCannotGoOn, match=r"R3\.1\.007"):
        selected_pair(3, SelectedProgram(1, 7, "x = 1\n", "import torch\n"), PLAIN)


def test_a_chat_models_program_is_answered_as_one_fenced_block() -> None:
    pair = selected_pair(3, SelectedProgram(1, 7, "x = 1\n", "anything"), CHAT)
    assert pair.messages == MESSAGES
    assert pair.completion == "```python\nx = 1\n```"


def test_an_entry_with_its_own_conversation_keeps_it_for_a_chat_model() -> None:
    own = [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}]
    entry = ReplayedEntry(4, "x = 1\n", own, "Here:\n```python\nx = 1\n```")
    pair = replayed_pair("lemur", entry, CHAT)
    assert (pair.messages, pair.completion, pair.key) == (own, entry.answer, "lemur 4")


def test_an_entry_without_a_conversation_answers_the_runs_own_question() -> None:
    pair = replayed_pair("lemur", ReplayedEntry(4, "x = 1\n", None, None), CHAT)
    assert (pair.messages, pair.completion) == (MESSAGES, "```python\nx = 1\n```")


@pytest.mark.parametrize("code", ["import torch\nx = 1\n", "x = 1\n"])
def test_a_plain_model_continues_its_prompt_with_the_entry_once(code: str) -> None:
    pair = replayed_pair("starter-1", ReplayedEntry(0, code, None, None), PLAIN)
    assert pair.prompt + pair.completion == "import torch\nx = 1\n"


def test_a_template_without_a_system_message_sends_none() -> None:
    fields = {"recipe": "digits"}
    assert fill("chat", "", "A network for {{recipe}}.", fields).messages == [
        {"role": "user", "content": "A network for digits."}
    ]
    assert fill("plain", "", "# {{recipe}}\n", fields) == Prompt("# digits\n", None)
