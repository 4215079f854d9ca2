"""Answers to the requests of `inspection`, in the language process."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from archloom.language.estimate import in_words, training_bytes, writing_bytes
from archloom.language.facts import (
    ModelFacts,
    read_config,
    read_context_tokens,
    read_facts,
    read_vocabulary,
)
from archloom.language.inspection import (
    CheckModelRequest,
    ModelCheck,
    Preview,
    PreviewRequest,
)
from archloom.language.loading import LoadPlan, plan_loading
from archloom.language.model_holder import ModelHolder
from archloom.language.source import find_source, told_of


def check_model(request: CheckModelRequest, holder: ModelHolder) -> ModelCheck:
    """Reads no weight. Too little memory is an answer; whatever else is wrong raises ModelUnavailable."""
    with told_of(request.model):
        facts = read_facts(find_source(request.model))
        plan = plan_loading(facts, request.quantization, freed_bytes=holder.held_bytes)
        needed = plan.needed_bytes + _work_bytes(facts, plan, request)
    fits = needed <= plan.available_bytes
    work = "writing" if request.lora_rank is None else "writing and fine-tuning"
    free = f"{in_words(plan.available_bytes)} are free on {plan.where}"
    sentence = (
        f"{facts.architecture} with {facts.sizes.parameters:,} parameters in {plan.kind}: {work} needs about "
        f"{in_words(needed)} of memory, {'and' if fits else 'but only'} {free}."
    )
    return ModelCheck(
        fits=fits,
        sentence=sentence,
        architecture=facts.architecture,
        parameters=facts.sizes.parameters,
        vocabulary=facts.rows,
        context_tokens=facts.context_tokens,
        has_chat_template=facts.has_chat_template,
        dtype=plan.kind,
        needed_bytes=needed,
        available_bytes=plan.available_bytes,
        device=str(plan.device),
        adapter_target_modules=facts.layer_names,
    )


def preview(request: PreviewRequest, holder: ModelHolder) -> Preview:
    """By the model's own tokenizer, without its weights. Raises ModelUnavailable."""
    with told_of(request.model):
        loaded = holder.find(request.model)
        source = find_source(request.model)
        vocabulary = loaded.vocabulary if loaded else read_vocabulary(source)
        context = loaded.context_tokens if loaded else read_context_tokens(read_config(source))
        text, tokens = vocabulary.show(request.prompt, request.messages)
    note = ""
    if request.messages is not None and not vocabulary.has_chat_template:
        note = "This model has no chat template: it is given the messages as plain text and continues them."
    return Preview(text, tokens, context, note)


def _work_bytes(facts: ModelFacts, plan: LoadPlan, request: CheckModelRequest) -> int:
    """Writing and fine-tuning take turns: the greater of the two."""
    tokens = min(request.new_tokens, facts.context_tokens)
    writing = writing_bytes(facts.sizes, plan.kind, request.count, tokens)
    if request.lora_rank is None:
        return writing
    adapter = facts.adapter_parameters(request.lora_rank, request.lora_targets)
    return max(writing, training_bytes(facts.sizes, plan.kind, adapter, request.training_batch, tokens))
