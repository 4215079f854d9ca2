"""Turns programs into scored evaluations. Nothing here imports torch."""

from archloom.executor.evaluate import Evaluation, SplitScore, evaluate_candidate

__all__ = ["Evaluation", "SplitScore", "evaluate_candidate"]
