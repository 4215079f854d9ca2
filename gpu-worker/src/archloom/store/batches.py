"""Generation's effects: a batch of candidates from its first token to its queued evaluations."""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg.types.json import Jsonb

from archloom.contract.generated import BatchEndedEvent, BatchStartedEvent, GenerateArgs, RunConfig
from archloom.store.database import Database, Transaction
from archloom.store.effects import (
    CHECK_EVALUATED,
    append_event,
    append_notices,
    effect,
    last_effect,
    lock_cycle,
)
from archloom.store.queries import query
from archloom.store.rows import CyclePlan, Job
from archloom.store.text import storable

PLAN = query("cycle_plan")
OPEN_CANDIDATES = query("batch_open_candidates")
SET_PROMPT = query("batch_set_prompt")
APPEND_CHUNK = query("batch_append_chunk")
STORE_PROGRAMS = query("batch_store_programs")
QUEUE_EVALUATIONS = query("batch_queue_evaluations")
QUEUE_JOBS = query("batch_queue_jobs")
CUT = query("cycle_cut")
DELETE_CHUNKS = query("batch_delete_chunks")
COUNT_WORK = query("batch_count_work")


@dataclass(frozen=True)
class WrittenProgram:
    """A whole program. `answer` is what the model wrote where that is more than the code; `finished`: it
    stopped by itself."""

    code: str
    answer: str | None
    tokens: int
    finished: bool


class Batches:
    def __init__(self, database: Database) -> None:
        self._database = database

    def plan(self, job: Job) -> CyclePlan:
        return self._database.transaction(lambda tx: tx.get(CyclePlan, PLAN, run=job.run_id, cycle=job.cycle))

    def cut(self, job: Job) -> bool:
        """Whether the cycle's minutes are used up and this batch is not to be written; then the job is done.
        Raises LeaseLost."""
        return self._database.transaction(lambda tx: tx.value(CUT, job=job.id, token=job.token))

    def start(self, job: Job, args: GenerateArgs) -> None:
        """Shows the batch's candidates as being written. A later attempt finds them there. Raises
        LeaseLost."""

        def open_batch(tx: Transaction) -> None:
            lock_cycle(tx, job)
            tx.run(
                OPEN_CANDIDATES,
                run=job.run_id,
                cycle=job.cycle,
                batch=args.batch,
                first_index=args.first_index,
                count=args.count,
            )
            event = BatchStartedEvent(cycle=job.cycle, batch=args.batch, indexes=indexes_of(args))
            append_event(tx, job.run_id, event)

        effect(self._database, job, open_batch)

    def append_text(self, job: Job, args: GenerateArgs, suffixes: dict[int, str], already: int) -> None:
        """Adds text to programs being written, by candidate index.

        `already` counts the attempt's earlier calls; it makes a repeated transaction harmless. Raises
        LeaseLost.
        """
        text = {str(index): storable(suffix) for index, suffix in suffixes.items()}
        effect(
            self._database,
            job,
            lambda tx: tx.run(
                APPEND_CHUNK,
                run=job.run_id,
                cycle=job.cycle,
                batch=args.batch,
                attempt=job.token,
                suffixes=Jsonb(text),
                already=already,
            ),
        )

    def end(
        self,
        job: Job,
        args: GenerateArgs,
        programs: Sequence[WrittenProgram],
        config: RunConfig,
        prompt: str | None,
        seconds: float,
        notes: Sequence[str] = (),
    ) -> None:
        """Stores the programs and queues their evaluations; they are in order of index. `prompt` is the exact
        text they were written from, `notes` what a person should hear of. Raises LeaseLost."""
        tokens = sum(program.tokens for program in programs)
        of_batch = {"run": job.run_id, "cycle": job.cycle, "batch": args.batch}

        def close_batch(tx: Transaction) -> None:
            lock_cycle(tx, job)
            tx.run(SET_PROMPT, run=job.run_id, cycle=job.cycle, prompt=prompt and storable(prompt))
            tx.run(
                STORE_PROGRAMS,
                run=job.run_id,
                cycle=job.cycle,
                indexes=indexes_of(args),
                codes=[storable(program.code) for program in programs],
                answers=[program.answer and storable(program.answer) for program in programs],
                tokens=[program.tokens for program in programs],
                finished=[program.finished for program in programs],
            )
            tx.run(QUEUE_EVALUATIONS, **of_batch, recipe=config.recipe, seed=config.evaluation_seed)
            tx.run(QUEUE_JOBS, **of_batch, job=job.id)
            tx.run(DELETE_CHUNKS, **of_batch)
            tx.run(COUNT_WORK, run=job.run_id, cycle=job.cycle, tokens=tokens, seconds=seconds)
            event = BatchEndedEvent(
                cycle=job.cycle, batch=args.batch, indexes=indexes_of(args), tokens=tokens
            )
            append_event(tx, job.run_id, event)
            if args.batch == 0:
                append_notices(tx, job.run_id, notes)
            tx.run(CHECK_EVALUATED, run=job.run_id, cycle=job.cycle)

        last_effect(self._database, job, close_batch)


def indexes_of(args: GenerateArgs) -> list[int]:
    return list(range(args.first_index, args.first_index + args.count))
