"""What a language model is asked for a run: its prompt template, filled in."""

from dataclasses import dataclass

from archloom.contract.generated import RunConfig
from archloom.language.interface import ChatMessage
from archloom.language.prompts import PromptFieldUnknown, render
from archloom.recipes import Recipe, UnknownRecipe, get_recipe
from archloom.stages.control import RunCannotGoOn
from archloom.store.rows import CyclePlan


@dataclass(frozen=True)
class Prompt:
    """Text to continue, or messages to answer; exactly one of the two."""

    text: str | None
    messages: list[ChatMessage] | None


def run_prompt(plan: CyclePlan, config: RunConfig) -> Prompt:
    """Raises RunCannotGoOn naming the template, its unknown field or the recipe."""
    name = config.prompt.template
    if plan.prompt_kind is None or plan.prompt_system is None or plan.prompt_text is None:
        raise RunCannotGoOn(f"The prompt template {name} does not exist.")
    try:
        fields = prompt_fields(get_recipe(config.recipe), config.prompt.novelty_wishes)
        return fill(plan.prompt_kind, plan.prompt_system, plan.prompt_text, fields)
    except PromptFieldUnknown as error:
        raise RunCannotGoOn(f"The prompt template {name} cannot be filled in: {error}") from error
    except UnknownRecipe as error:
        raise RunCannotGoOn(f"This worker cannot evaluate the run: {error}") from error


def fill(kind: str, system: str, text: str, fields: dict[str, str]) -> Prompt:
    """Raises PromptFieldUnknown."""
    if kind == "plain":
        return Prompt(render(text, fields), None)
    messages: list[ChatMessage] = []
    if system:
        messages.append({"role": "system", "content": render(system, fields)})
    messages.append({"role": "user", "content": render(text, fields)})
    return Prompt(None, messages)


def prompt_fields(recipe: Recipe, novelty_wishes: str) -> dict[str, str]:
    """Values of the fields that `server/contract/prompts.ts` names."""
    channels, height, width = recipe.in_shape
    limits = recipe.limits
    return {
        "recipe": recipe.name,
        "classes": str(recipe.classes),
        "channels": str(channels),
        "height": str(height),
        "width": str(width),
        "max_parameters": _limit(limits.parameters),
        "max_multiply_adds": _limit(limits.multiply_adds),
        "novelty_wishes": novelty_wishes or "none in particular",
    }


def _limit(limit: int | None) -> str:
    return "any number of" if limit is None else f"{limit:,}"
