"""The language process holds one model at a time."""

import gc

import torch

from archloom.language.interface import Quantization
from archloom.language.model import LanguageModel


class ModelHolder:
    """The one model in memory; asking for another name or quantization replaces it."""

    def __init__(self) -> None:
        self._model: LanguageModel | None = None

    @property
    def held_bytes(self) -> int:
        return self._model.held_bytes if self._model else 0

    def get(self, name: str, quantization: Quantization = "auto") -> LanguageModel:
        """Raises ModelUnavailable; the model held so far is gone then, to make room."""
        model = self.find(name)
        if model is None or model.quantization != quantization:
            # Both names hold it: nothing may when the next one is loaded.
            model = self._model = None
            gc.collect()
            if torch.cuda.is_available():
                torch.cuda.empty_cache()
            model = self._model = LanguageModel(name, quantization)
        return model

    def find(self, name: str) -> LanguageModel | None:
        """The model in memory, if it has this name."""
        return self._model if self._model and self._model.name == name else None
