"""Stage 1: the language model writes one batch of candidates, visible while they are written."""

from archloom.contract.generated import GenerateArgs, RunConfig
from archloom.contract.ids import cycle_id, run_id
from archloom.contract.read import read
from archloom.language.client import LanguageClient
from archloom.language.interface import GenerateRequest, Stopped
from archloom.novelty.frame import IMPORTS
from archloom.stages.adapter_folder import AdapterFolders
from archloom.stages.control import AttemptStopped, Control
from archloom.stages.seeds import batch_seed
from archloom.store import Store
from archloom.store.batches import WrittenProgram
from archloom.store.rows import Job

PROMPT = IMPORTS


def generate(
    job: Job, store: Store, language: LanguageClient, adapters: AdapterFolders, control: Control
) -> None:
    """Always the whole batch: another batch shape would give other samples, so a repeated try repeats it
    all."""
    args = read(GenerateArgs, job.args, f"a batch of {cycle_id(job.run_id, job.cycle)}")
    plan = store.batches.plan(job)
    config = read(RunConfig, plan.config, f"the configuration of {run_id(job.run_id)}")
    adapter_dir = None
    if plan.adapter_id is not None and plan.adapter_sha256 is not None:
        adapter_dir = str(adapters.folder(store, plan.adapter_id, plan.adapter_sha256))
    store.batches.start(job, args, PROMPT)

    chunks = 0

    def show(texts: dict[int, str]) -> None:
        nonlocal chunks
        suffixes = {args.first_index + position: text for position, text in texts.items()}
        store.batches.append_text(job, args, suffixes, already=chunks)
        chunks += 1

    request = GenerateRequest(
        model=config.model,
        adapter_dir=adapter_dir,
        prompt=PROMPT,
        count=args.count,
        seed=batch_seed(config.seed, job.cycle, args.batch),
        temperature=config.generation.temperature,
        top_p=config.generation.top_p,
        top_k=config.generation.top_k,
        max_new_tokens=config.generation.max_new_tokens,
    )
    try:
        programs = language.generate(request, show, control.should_stop)
    except Stopped as stopped:
        raise AttemptStopped from stopped
    written = [
        WrittenProgram(code=program.text, tokens=program.tokens, finished=program.finish == "eos")
        for program in programs
    ]
    store.batches.end(job, args, written, config, seconds=max(program.seconds for program in programs))
