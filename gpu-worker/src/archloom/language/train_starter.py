"""Trains the starter, the language model that ships with the package: `python -m
archloom.language.train_starter`.

Reads nothing: corpus, tokenizer, batches and initial weights all follow from StarterRecipe. Steps are
counted, not timed, so the same machine and library versions give the same weights. About 5 minutes and 2.5 GB
on one CPU core.

The learning rate decays to zero because the share of valid programs follows that decay more than the number
of tokens seen: a starter judged before the decay looks far worse than it becomes.
"""

# pyright: reportUnknownMemberType=false
# torch and transformers annotate only part of what they offer.

import argparse
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from archloom.corpus.draw import Draw
from archloom.corpus.grammar import corpus_sha256, generate_corpus
from archloom.language.examples import Example, to_batch, to_example
from archloom.language.quiet import hide_progress_bars
from archloom.language.starter_tokenizer import BOS, EOS, PAD, train_tokenizer
from archloom.language.vocabulary import Vocabulary
from archloom.novelty.frame import IMPORTS


@dataclass(frozen=True)
class StarterRecipe:
    """Everything that decides the weights."""

    seed: int = 0
    corpus_size: int = 8_000
    prompt: str = IMPORTS
    hidden_size: int = 128
    layers: int = 4
    heads: int = 4
    feed_forward_size: int = 320
    context_tokens: int = 1024
    steps: int = 1_600
    batch_programs: int = 16
    learning_rate: float = 4e-3
    warmup_steps: int = 20
    constant_share: float = 0.3
    weight_decay: float = 0.05
    max_grad_norm: float = 1.0

    def learning_rate_at(self, step: int) -> float:
        """Linear warm-up, constant for the first 30 % of the steps, then linear to zero at the last."""
        warmup = min(1.0, (step + 1) / self.warmup_steps)
        constant_steps = self.constant_share * self.steps
        decay = 1.0 if step < constant_steps else (self.steps - step) / (self.steps - constant_steps)
        return self.learning_rate * warmup * decay


def train_starter(output_dir: Path, recipe: StarterRecipe) -> None:
    """Writes a Hugging Face model directory and `training.json` (recipe, corpus hash, loss, tokens, time)."""
    started = time.process_time()
    programs = generate_corpus(recipe.corpus_size)
    tokenizer = train_tokenizer(programs)
    vocabulary = Vocabulary(tokenizer)
    torch.manual_seed(recipe.seed)
    model = LlamaForCausalLM(_config(recipe, tokenizer))
    # Not stored in the directory. At this size eager in bf16 trains twice as fast as scaled-dot-product.
    model.set_attn_implementation("eager")
    examples = [_example(vocabulary, recipe, program) for program in programs]
    loss, tokens = _train(model, examples, recipe, vocabulary.pad_id)
    model.save_pretrained(output_dir)
    tokenizer.save_pretrained(output_dir)
    record = {
        "recipe": asdict(recipe),
        "corpus_sha256": corpus_sha256(programs),
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "tokens": tokens,
        "loss": round(loss, 4),
        "cpu_seconds": round(time.process_time() - started),
        "torch": torch.__version__,
    }
    (output_dir / "training.json").write_text(json.dumps(record, indent=2) + "\n")


def _config(recipe: StarterRecipe, tokenizer: PreTrainedTokenizerFast) -> LlamaConfig:
    ids = tokenizer.get_vocab()
    return LlamaConfig(
        vocab_size=len(ids),
        hidden_size=recipe.hidden_size,
        num_hidden_layers=recipe.layers,
        num_attention_heads=recipe.heads,
        num_key_value_heads=recipe.heads,
        intermediate_size=recipe.feed_forward_size,
        max_position_embeddings=recipe.context_tokens,
        tie_word_embeddings=True,
        pad_token_id=ids[PAD],
        bos_token_id=ids[BOS],
        eos_token_id=ids[EOS],
    )


def _example(vocabulary: Vocabulary, recipe: StarterRecipe, program: str) -> Example:
    assert program.startswith(recipe.prompt), "every corpus program begins with the prompt"
    return to_example(vocabulary, recipe.prompt, program.removeprefix(recipe.prompt), recipe.context_tokens)


def _batches(examples: list[Example], recipe: StarterRecipe) -> list[list[Example]]:
    """One epoch after another of shuffled batches of similar length, `recipe.steps` in all."""
    draw = Draw(recipe.seed)
    size = recipe.batch_programs
    batches: list[list[Example]] = []
    while len(batches) < recipe.steps:
        # Lengths are blurred by up to 10 % so that an epoch's batches are not those of the one before.
        blurred = [len(example.ids) * (0.9 + 0.2 * draw.pick(range(1000)) / 1000) for example in examples]
        by_length = [examples[index] for _, index in sorted(zip(blurred, range(len(examples)), strict=True))]
        batches += draw.shuffled([by_length[at : at + size] for at in range(0, len(by_length), size)])
    return batches[: recipe.steps]


def _train(
    model: LlamaForCausalLM, examples: list[Example], recipe: StarterRecipe, pad_id: int
) -> tuple[float, int]:
    """Mean loss of the last 50 steps and the number of tokens seen."""
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=recipe.learning_rate, betas=(0.9, 0.98), weight_decay=recipe.weight_decay
    )
    losses: list[float] = []
    tokens = 0
    for step, chosen in enumerate(_batches(examples, recipe)):
        batch = to_batch(chosen, pad_id)
        tokens += int(batch.attention_mask.sum())
        with torch.autocast("cpu", dtype=torch.bfloat16):
            output = model(input_ids=batch.ids, attention_mask=batch.attention_mask, labels=batch.labels)
        output.loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), recipe.max_grad_norm)
        for group in optimizer.param_groups:
            group["lr"] = recipe.learning_rate_at(step)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(output.loss.item())
        if step % 100 == 0 or step == recipe.steps - 1:
            print(f"step {step + 1} of {recipe.steps}: loss {losses[-1]:.3f}", file=sys.stderr, flush=True)
    recent = losses[-50:]
    return sum(recent) / len(recent), tokens


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the starter language model.")
    parser.add_argument("--out", type=Path, required=True, help="directory to write the model to")
    parser.add_argument("--steps", type=int, default=StarterRecipe.steps)
    parser.add_argument("--seed", type=int, default=StarterRecipe.seed)
    arguments = parser.parse_args()
    hide_progress_bars()
    torch.set_num_threads(1)
    arguments.out.mkdir(parents=True, exist_ok=True)
    train_starter(arguments.out, StarterRecipe(steps=arguments.steps, seed=arguments.seed))


if __name__ == "__main__":
    main()
