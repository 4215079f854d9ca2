"""Runs for tests of store and worker: made as the web server makes them, judged by what the tables say."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from archloom.contract.generated import GenerateArgs, JobKind, RunConfig
from archloom.contract.read import read
from archloom.store import Store
from archloom.store.batches import WrittenProgram
from archloom.store.evaluations import EvaluationFigures
from archloom.store.rows import EvaluationTask, Job
from archloom.store.workers import WorkerIdentity

LEASE_SECONDS = 30.0
PROMPT = "import torch\nimport torch.nn as nn\n"


def run_config(**changes: Any) -> dict[str, Any]:
    """A small, valid configuration."""
    config = {
        "preset": "quick",
        "seed": 1,
        "cycles": 2,
        "candidates_per_cycle": 4,
        "backend": "transformers",
        "model": "starter",
        "server_url": "",
        "prompt": {"template": "starter@1", "novelty_wishes": ""},
        "recipe": "digits",
        "corpus_version": "starter-1",
        "evaluation_seed": 0,
        "fine_tuning": True,
        "generation": {
            "batch_size": 2,
            "temperature": 0.8,
            "top_p": 1,
            "top_k": 0,
            "max_new_tokens": 512,
            "quantization": "none",
        },
        "novelty": {"filter": True, "threshold": 0.85, "tests": "text_and_structure"},
        "selection": {"threshold": 0.4, "quantile": 0.65, "min_selected": 2, "floor": 0.0},
        "lora": {
            "rank": 4,
            "alpha": 8,
            "dropout": 0,
            "target_modules": ["q_proj", "v_proj"],
            "learning_rate": 1e-3,
            "schedule": "cosine",
            "warmup_steps": 1,
            "weight_decay": 0,
            "batch_size": 4,
            "gradient_accumulation": 1,
            "max_steps": 4,
            "steps_per_pair": 1,
            "epochs": 0,
            "packing": False,
        },
        "loop": {"adapter": "fresh", "replay_share": 0, "cycle_minutes": 0, "stop_on_collapse": False},
    } | changes
    read(RunConfig, config, "the test's configuration")
    return config


class World:
    """One database with one run in it, and workers made of nothing but a row and a store."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.stopping = threading.Event()
        self.connection = psycopg.connect(url, autocommit=True)
        self._stores: list[Store] = []

    def close(self) -> None:
        self.stopping.set()
        for store in self._stores:
            store.close()
        self.connection.close()

    def start_run(self, **changes: Any) -> int:
        config = run_config(**changes)
        with self.connection.transaction():
            run = self.value(
                "insert into run (name, config, cycles) values ('test', %s, %s) returning id",
                Jsonb(config),
                config["cycles"],
            )
            self.value("select cycle_open(%s, 0, null)", run)
            self.value("select run_settle(%s)", run)
        return run

    def wish(self, run: int, desired: str) -> str:
        """What the web server does when a person presses pause, resume or cancel; returns the run's state."""
        with self.connection.transaction():
            self.connection.execute("update run set desired = %s where id = %s", (desired, run))
            return self.value("select run_settle(%s)", run)

    def store(self) -> Store:
        store = Store(self.url, self.stopping)
        self._stores.append(store)
        return store

    def worker(self, store: Store, name: str = "test") -> int:
        return store.workers.register(
            WorkerIdentity(name=name, host="here", pid=1, device="cpu", slots=1, versions={}, recipes=[])
        )

    def value(self, statement: str, *parameters: object) -> Any:
        row = self.connection.execute(statement, parameters).fetchone()
        return row and row[0]

    def values(self, statement: str, *parameters: object) -> list[Any]:
        return [row[0] for row in self.connection.execute(statement, parameters)]

    def run_state(self, run: int) -> str:
        return self.value("select state from run where id = %s", run)

    def events(self, run: int, type_: str) -> list[dict[str, Any]]:
        return self.values(
            "select payload from run_event where run_id = %s and type = %s order by seq", run, type_
        )


@contextmanager
def world(url: str) -> Iterator[World]:
    here = World(url)
    try:
        yield here
    finally:
        here.close()


def claim(store: Store, worker: int, *kinds: JobKind) -> Job:
    job = store.jobs.claim(worker, kinds, LEASE_SECONDS)
    assert job is not None, f"there is no {kinds} to claim"
    return job


def write_batch(store: Store, job: Job, codes: list[str] | None = None) -> None:
    """Does a generate job without a model."""
    args = read(GenerateArgs, job.args, "a batch")
    config = read(RunConfig, store.batches.plan(job).config, "the configuration")
    codes = codes or [f"{PROMPT}x = {job.cycle * 1000 + args.first_index + i}\n" for i in range(args.count)]
    store.batches.start(job, args)
    programs = [WrittenProgram(code=code, answer=None, tokens=7, finished=True) for code in codes]
    store.batches.end(job, args, programs, config, PROMPT, seconds=0.1)


def figures(accuracy: float | None = 0.5, fingerprint: str | None = None) -> EvaluationFigures:
    """Of a valid evaluation, or with None of a program that did not build."""
    is_valid = accuracy is not None
    return EvaluationFigures(
        outcome="ok" if is_valid else "build_error",
        error_type=None,
        error_message=None,
        error_line=None,
        parsed=True,
        built=is_valid,
        accuracy=accuracy,
        selection_total=250 if is_valid else None,
        report_accuracy=accuracy,
        report_total=250 if is_valid else None,
        parameters=10,
        multiply_adds=10,
        batches_delivered=81,
        train_seconds=0.1,
        train_cpu_seconds=0.1,
        wall_seconds=0.2,
        peak_memory_bytes=1,
        output="",
        fingerprint=fingerprint,
        device="cpu",
    )


def start_evaluation(store: Store, worker: int) -> tuple[Job, EvaluationTask]:
    job = claim(store, worker, "evaluate")
    return job, store.evaluations.start(job, worker, "full")


def evaluate_all(
    store: Store, worker: int, accuracy: float | None = 0.5, fingerprints: Sequence[str | None] = ()
) -> int:
    """Ends every evaluation that can be claimed; returns how many there were. `fingerprints` are by index."""
    count = 0
    while (job := store.jobs.claim(worker, ("evaluate",), LEASE_SECONDS)) is not None:
        task = store.evaluations.start(job, worker, "full")
        fingerprint = fingerprints[task.index] if fingerprints else None
        store.evaluations.end(job, task, figures(accuracy, fingerprint))
        count += 1
    return count


def ask_for_evaluation(here: World, candidate: int, recipe: str = "digits") -> int:
    """As the web server does for a re-run or, under another recipe, a transfer; returns the evaluation's row
    id."""
    evaluation = here.value(
        """insert into evaluation (candidate_id, ordinal, recipe, seed, requested_by)
        select candidate_id, max(ordinal) + 1, %s, 7, 'person' from evaluation
        where candidate_id = %s group by candidate_id returning id""",
        recipe,
        candidate,
    )
    here.connection.execute(
        """insert into job (kind, run_id, cycle, evaluation_id, dedupe_key, requested_by, priority)
        select 'evaluate', run_id, cycle, %s, 'evaluate:' || %s, 'person', 100
        from candidate where id = %s""",
        [evaluation, evaluation, candidate],
    )
    return evaluation
