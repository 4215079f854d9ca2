"""A slot of the sandbox that follows the recipes of the evaluations it is given."""

from archloom.recipes import Recipe
from archloom.sandbox.interface import Sandbox, Slot


class SlotOfRecipe:
    """Keeps one jail warm, for the recipe that was used last. Belongs to one thread."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._recipe: str | None = None
        self._slot: Slot | None = None

    def open(self, recipe: Recipe) -> Slot:
        """A warm slot. Changing the recipe takes some seconds. Raises SandboxUnavailable,
        DatasetUnavailable."""
        if self._slot is None or self._recipe != recipe.name:
            self.close()
            self._slot = self._sandbox.open_slot(recipe)
            self._recipe = recipe.name
        return self._slot

    def close(self) -> None:
        if self._slot is not None:
            self._slot.close()
            self._slot = None
