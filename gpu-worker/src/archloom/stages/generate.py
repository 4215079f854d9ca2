"""Stage 1: one batch of candidates is written, visible while it is written."""

from archloom.contract.generated import GenerateArgs, RunConfig
from archloom.contract.ids import cycle_id, run_id
from archloom.contract.read import read
from archloom.language.client import LanguageClient
from archloom.language.interface import GeneratedProgram, GenerateRequest, Stopped
from archloom.stages.adapter_folder import AdapterFolders
from archloom.stages.control import AttemptStopped, Control
from archloom.stages.grammar_batch import write_from_grammar
from archloom.stages.prompt import Prompt, run_prompt
from archloom.stages.seeds import batch_seed
from archloom.store import Store
from archloom.store.batches import WrittenProgram
from archloom.store.rows import CyclePlan, Job


def generate(
    job: Job, store: Store, language: LanguageClient, adapters: AdapterFolders, control: Control
) -> None:
    """Always the whole batch: another batch shape would give other samples, so a repeated try repeats it
    all. A batch that the cycle has no minutes for is not written."""
    args = read(GenerateArgs, job.args, f"a batch of {cycle_id(job.run_id, job.cycle)}")
    if store.batches.cut(job):
        return
    plan = store.batches.plan(job)
    config = read(RunConfig, plan.config, f"the configuration of {run_id(job.run_id)}")
    store.batches.start(job, args)

    chunks = 0

    def show(texts: dict[int, str]) -> None:
        nonlocal chunks
        suffixes = {args.first_index + position: text for position, text in texts.items()}
        store.batches.append_text(job, args, suffixes, already=chunks)
        chunks += 1

    seed = batch_seed(config.seed, job.cycle, args.batch)
    if config.backend == "grammar":
        programs = write_from_grammar(args.count, seed, show)
        store.batches.end(job, args, programs, config, prompt=None, seconds=0.0)
        return
    prompt = run_prompt(plan, config)
    request = _to_request(config, prompt, _adapter_dir(plan, store, adapters), args.count, seed)
    try:
        batch = language.generate(request, show, control.should_stop)
    except Stopped as stopped:
        raise AttemptStopped from stopped
    written = [_to_written(program, prompt) for program in batch.programs]
    seconds = max(program.seconds for program in batch.programs)
    store.batches.end(job, args, written, config, batch.prompt_text, seconds, batch.notes)


def _adapter_dir(plan: CyclePlan, store: Store, adapters: AdapterFolders) -> str | None:
    if plan.adapter_id is None or plan.adapter_sha256 is None:
        return None
    return str(adapters.folder(store, plan.adapter_id, plan.adapter_sha256))


def _to_request(
    config: RunConfig, prompt: Prompt, adapter_dir: str | None, count: int, seed: int
) -> GenerateRequest:
    return GenerateRequest(
        model=config.model,
        adapter_dir=adapter_dir,
        prompt=prompt.text,
        messages=prompt.messages,
        count=count,
        seed=seed,
        temperature=config.generation.temperature,
        top_p=config.generation.top_p,
        top_k=config.generation.top_k,
        max_new_tokens=config.generation.max_new_tokens,
        quantization=config.generation.quantization,
        backend=config.backend,
        server_url=config.server_url,
    )


def _to_written(program: GeneratedProgram, prompt: Prompt) -> WrittenProgram:
    return WrittenProgram(
        code=program.text,
        answer=program.output if prompt.messages is not None else None,
        tokens=program.tokens,
        finished=program.finish == "eos",
    )
