"""The formulas against sizes that are known from elsewhere."""

import dataclasses

from archloom.language.estimate import (
    Sizes,
    held_bytes,
    in_words,
    training_bytes,
    weights_bytes,
    writing_bytes,
)

# deepseek-coder-7b-instruct-v1.5: 30 layers, no grouped queries.
SEVEN_BILLION = Sizes(
    parameters=6_910_365_696,
    linear_parameters=30 * (4 * 4096**2 + 3 * 4096 * 11_008),
    stored_bytes=13_820_731_392,
    layers=30,
    hidden=4096,
    heads=32,
    key_value_heads=32,
    head_size=128,
    vocabulary=102_400,
    is_small=False,
)


def test_a_7b_model_takes_two_bytes_a_weight_in_16_bits_and_little_more_than_half_of_one_in_4() -> None:
    assert weights_bytes(SEVEN_BILLION, "bf16") == 2 * SEVEN_BILLION.parameters
    assert 4.5e9 < weights_bytes(SEVEN_BILLION, "nf4") < 5.0e9
    assert weights_bytes(SEVEN_BILLION, "stored") == SEVEN_BILLION.stored_bytes


def test_only_a_small_model_that_is_not_quantised_is_copied() -> None:
    small = dataclasses.replace(SEVEN_BILLION, is_small=True)
    assert held_bytes(small, "fp32") == 3 * weights_bytes(small, "fp32")
    for kind in ("nf4", "stored"):
        assert held_bytes(small, kind) == weights_bytes(small, kind)
    assert held_bytes(SEVEN_BILLION, "bf16") == weights_bytes(SEVEN_BILLION, "bf16")


def test_the_cache_grows_with_every_program_and_token() -> None:
    # 2 x 30 layers x 32 heads x 128 numbers of two bytes: 491,520 bytes a token.
    each = writing_bytes(SEVEN_BILLION, "bf16", 1, 2) - writing_bytes(SEVEN_BILLION, "bf16", 1, 1)
    assert each == 491_520
    grouped = dataclasses.replace(SEVEN_BILLION, key_value_heads=8)
    assert writing_bytes(grouped, "bf16", 8, 4096) < writing_bytes(SEVEN_BILLION, "bf16", 8, 4096) / 2


def test_fine_tuning_a_7b_model_at_the_papers_settings_fits_a_24_gb_card() -> None:
    # Rank 32 on the seven linear layers of each block, one sequence of 2,048 tokens at a time, 4-bit weights.
    adapter = 30 * 32 * (4 * 2 * 4096 + 3 * (4096 + 11_008))
    needed = weights_bytes(SEVEN_BILLION, "nf4") + training_bytes(SEVEN_BILLION, "nf4", adapter, 1, 2048)
    assert 8e9 < needed < 20e9


def test_sizes_in_words() -> None:
    assert [in_words(size) for size in (0, 900_000, 74_624_000, 4_123_000_000, 2_000_000_000_000)] == [
        "1 MB",
        "1 MB",
        "75 MB",
        "4.1 GB",
        "2.0 TB",
    ]
