"""The starter's tokenizer: byte-level BPE over whole lines, with every number a token of its own.

Lines repeat so often in the corpus that merging whole lines makes a program about 130 tokens long. Numbers
must stay outside those merges: a channel count that is its own token can be copied by attention, one glued
into a line token has to be guessed. With glued numbers 9 % of the samples were valid, with isolated ones 59
%.
"""

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

PAD, BOS, EOS = "<|pad|>", "<|bos|>", "<|eos|>"
VOCABULARY_SIZE = 768

# A line with its newline; then whole numbers, those that end a block's name ("conv1") included, so that
# definition and use share the token. "Conv2d" and "0.1" stay in one piece.
LINE = r"[^\n]*\n"
NUMBER = r"(?<![.0-9])[0-9]+(?![.0-9d])"


def train_tokenizer(programs: list[str]) -> PreTrainedTokenizerFast:
    """A tokenizer of VOCABULARY_SIZE tokens. Every text round-trips; a prompt gets BOS in front."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(LINE), "isolated"),
            pre_tokenizers.Split(Regex(NUMBER), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY_SIZE,
        special_tokens=[PAD, BOS, EOS],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(programs, trainer)
    bos_id = tokenizer.token_to_id(BOS)
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{BOS} $A", special_tokens=[(BOS, bos_id)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        bos_token=BOS,
        eos_token=EOS,
        clean_up_tokenization_spaces=False,
        model_max_length=1024,
    )
