"""What the database holds is checked at the border."""

import pytest
from support_runs import run_config

from archloom.contract.generated import GenerateArgs, RunConfig
from archloom.contract.read import ContractViolation, read


def test_a_valid_configuration_is_read() -> None:
    assert read(RunConfig, run_config(seed=7), "the configuration of R1").seed == 7


def test_a_violation_names_the_thing_and_the_field() -> None:
    config = run_config()
    config["generation"]["temperature"] = 9
    with pytest.raises(ContractViolation, match=r"the configuration of R1 .*generation\.temperature"):
        read(RunConfig, config, "the configuration of R1")


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(ContractViolation, match="surplus"):
        read(GenerateArgs, {"batch": 0, "first_index": 0, "count": 1, "surplus": 1}, "a batch")
