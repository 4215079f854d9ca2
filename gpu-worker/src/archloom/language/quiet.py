"""Silences what transformers and peft are known to say needlessly, and nothing else."""

import warnings
from collections.abc import Generator
from contextlib import contextmanager

from huggingface_hub.utils import disable_progress_bars
from transformers.utils import logging


def hide_progress_bars() -> None:
    """transformers draws one on stderr at every load and save, the hub's client at every download."""
    logging.disable_progress_bar()
    disable_progress_bars()


@contextmanager
def known_warnings_hidden() -> Generator[None]:
    """For attaching an adapter: peft 0.21 reads an attribute that transformers 5.24 has renamed."""
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", message="`is_gradient_checkpointing` is deprecated", category=FutureWarning
        )
        yield
