"""Evaluation recipes. One file here is one recipe: it defines `RECIPE`, and adding it is all there is to
do."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from archloom.recipes.protocol import Recipe

__all__ = ["Recipe", "UnknownRecipe", "get_recipe", "recipe_names"]


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


@cache
def _recipes() -> dict[str, Recipe]:
    modules = (import_module(f"{__name__}.{entry.name}") for entry in iter_modules(__path__))
    found = (getattr(module, "RECIPE", None) for module in modules)
    return {recipe.name: recipe for recipe in found if isinstance(recipe, Recipe)}
