"""Programs as pairs of what was asked and what should be answered, in the form in which the run asks."""

from archloom.contract.ids import candidate_id
from archloom.language.interface import ChatMessage, TrainingPair
from archloom.stages.control import RunCannotGoOn
from archloom.stages.prompt import Prompt
from archloom.store.rows import ReplayedEntry, SelectedProgram


def selected_pair(run: int, program: SelectedProgram, prompt: Prompt) -> TrainingPair:
    """Raises RunCannotGoOn for a plain program that does not continue its cycle's prompt."""
    key = candidate_id(run, program.cycle, program.index)
    if prompt.messages is not None:
        return TrainingPair("", fenced(program.code), key, prompt.messages)
    if program.prompt is None or not program.code.startswith(program.prompt):
        raise RunCannotGoOn(f"{key} does not begin with the prompt that its cycle was written from.")
    return TrainingPair(program.prompt, program.code.removeprefix(program.prompt), key)


def replayed_pair(corpus_version: str, entry: ReplayedEntry, prompt: Prompt) -> TrainingPair:
    """A chat model sees an entry's own messages and answer, where it has them. Asked plainly, an entry that
    does not begin with the prompt follows it as a whole."""
    key = f"{corpus_version} {entry.position}"
    if prompt.messages is None:
        text = prompt.text or ""
        return TrainingPair(text, entry.code.removeprefix(text), key)
    if entry.messages and entry.answer:
        return TrainingPair("", entry.answer, key, [_to_message(message) for message in entry.messages])
    return TrainingPair("", fenced(entry.code), key, prompt.messages)


def fenced(code: str) -> str:
    """As a chat model answers: one block of Python and nothing else."""
    return f"```python\n{code.rstrip()}\n```"


def _to_message(message: dict[str, str]) -> ChatMessage:
    return {"role": "system" if message["role"] == "system" else "user", "content": message["content"]}
