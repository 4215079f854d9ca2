"""Evaluation recipes. One file here is one recipe: it defines `RECIPE`, and adding it is all there is to
do."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from archloom.recipes.protocol import Recipe

__all__ = ["Recipe", "UnknownRecipe", "get_recipe", "recipe_names", "recipe_summaries"]


class UnknownRecipe(LookupError):
    """No recipe has that name; the message lists those that exist."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no recipe {name!r}; known recipes: {', '.join(recipe_names())}")


def get_recipe(name: str) -> Recipe:
    """The recipe of that name. Raises UnknownRecipe."""
    try:
        return _recipes()[name]
    except KeyError:
        raise UnknownRecipe(name) from None


def recipe_names() -> list[str]:
    return sorted(_recipes())


def recipe_summaries() -> list[dict[str, Any]]:
    """What a person needs to know to choose one, as JSON; the state of its data is that of this machine."""
    # Recipes are loaded in the jail, too, which has no archloom.datasets.
    from archloom.datasets import dataset_status

    def summarise(recipe: Recipe) -> dict[str, Any]:
        status = recipe.dataset and dataset_status(recipe.dataset)
        return {
            "name": recipe.name,
            "version": recipe.version,
            "description": recipe.description,
            "in_shape": list(recipe.in_shape),
            "classes": recipe.classes,
            "batch_size": recipe.batch_size,
            "parameters_limit": recipe.limits.parameters,
            "multiply_adds_limit": recipe.limits.multiply_adds,
            "typical_seconds": recipe.typical_seconds,
            "dataset": recipe.dataset,
            "dataset_state": status.state if status else None,
            "dataset_detail": status.detail if status else None,
        }

    return [summarise(get_recipe(name)) for name in recipe_names()]


@cache
def _recipes() -> dict[str, Recipe]:
    modules = (import_module(f"{__name__}.{entry.name}") for entry in iter_modules(__path__))
    found = (getattr(module, "RECIPE", None) for module in modules)
    return {recipe.name: recipe for recipe in found if isinstance(recipe, Recipe)}
