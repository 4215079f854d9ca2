"""The task `preview_prompt`: the exact text and tokens that a model would be sent for an edited template."""

from archloom.contract.generated import PreviewPromptArgs, PromptPreview, Token
from archloom.contract.ids import task_id
from archloom.contract.read import read
from archloom.language.client import LanguageClient
from archloom.language.inspection import PreviewRequest
from archloom.language.interface import LanguageError, Stopped
from archloom.language.prompts import PromptFieldUnknown
from archloom.recipes import UnknownRecipe, get_recipe
from archloom.stages.control import AttemptStopped, Control, TaskFailed
from archloom.stages.prompt import fill, prompt_fields
from archloom.store import Store
from archloom.store.rows import Job


def preview_prompt(job: Job, store: Store, language: LanguageClient, control: Control) -> None:
    args = read(PreviewPromptArgs, store.tasks.args(job), f"the arguments of {task_id(job.task_id or 0)}")
    try:
        prompt = fill(
            args.kind, args.system, args.text, prompt_fields(get_recipe(args.recipe), args.novelty_wishes)
        )
        preview = language.preview(
            PreviewRequest(
                model=args.model,
                prompt=prompt.text,
                messages=prompt.messages,
                backend=args.backend,
                server_url=args.server_url,
            ),
            control.should_stop,
        )
    except Stopped as stopped:
        raise AttemptStopped from stopped
    except (PromptFieldUnknown, UnknownRecipe, LanguageError) as error:
        raise TaskFailed(str(error)) from error
    result = PromptPreview(
        text=preview.text,
        tokens=[Token(id=token.id, text=token.text, special=token.special) for token in preview.tokens],
        context_tokens=preview.context_tokens,
        note=preview.note,
    )
    store.tasks.end(job, result)
