"""Seeds are the same on every machine, for ever: stored runs depend on them."""

from archloom.stages.seeds import SEED_LIMIT, batch_seed, derived_seed, finetune_seed


def test_seeds_never_change() -> None:
    assert batch_seed(0, 0, 0) == 1_551_316_989
    assert finetune_seed(7, 3) == 693_915_400


def test_every_batch_and_fine_tuning_has_a_seed_of_its_own() -> None:
    seeds = [batch_seed(run, cycle, batch) for run in range(5) for cycle in range(20) for batch in range(10)]
    seeds += [finetune_seed(run, cycle) for run in range(5) for cycle in range(20)]
    assert len(set(seeds)) == len(seeds)
    assert all(0 <= seed < SEED_LIMIT for seed in seeds)


def test_parts_do_not_run_into_each_other() -> None:
    assert derived_seed("a", 1, 11) != derived_seed("a", 11, 1)
