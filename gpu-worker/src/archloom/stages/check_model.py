"""The task `check_model`: what a model is and whether it fits this machine, without loading its weights."""

from dataclasses import asdict

from archloom.contract.generated import CheckModelArgs, ModelCheck
from archloom.contract.ids import task_id
from archloom.contract.read import read
from archloom.language.client import LanguageClient
from archloom.language.inspection import ALL_LINEAR, CheckModelRequest
from archloom.language.interface import LanguageError, Stopped
from archloom.stages.control import AttemptStopped, Control, TaskFailed
from archloom.store import Store
from archloom.store.rows import Job


def check_model(job: Job, store: Store, language: LanguageClient, control: Control) -> None:
    args = read(CheckModelArgs, store.tasks.args(job), f"the arguments of {task_id(job.task_id or 0)}")
    lora = args.lora
    request = CheckModelRequest(
        model=args.model,
        backend=args.backend,
        server_url=args.server_url,
        quantization=args.quantization,
        count=args.batch_size,
        new_tokens=args.max_new_tokens,
        lora_rank=None if lora is None else lora.rank,
        lora_targets=(ALL_LINEAR,) if lora is None else tuple(lora.target_modules),
        training_batch=1 if lora is None else lora.batch_size,
    )
    try:
        check = language.check_model(request, control.should_stop)
    except Stopped as stopped:
        raise AttemptStopped from stopped
    except LanguageError as error:
        raise TaskFailed(str(error)) from error
    store.tasks.end(job, ModelCheck(**asdict(check)))
