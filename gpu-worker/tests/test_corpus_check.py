"""A check tells of every item what would become of it, in order, in bounded memory, and can be stopped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from support_corpus import NET, PROGRAMS

from archloom.corpus.check import (
    BATCH,
    MOST_HELD,
    CheckProgress,
    KnownNetwork,
    ValidationResult,
    check_import,
)
from archloom.corpus.entry import Entry, Rejected, SourceItem
from archloom.corpus.errors import SourceRefused


def entry(position: str, code: str) -> Entry:
    return Entry(position, f"net {position}", code, "test")


def all_build(codes: Sequence[str]) -> list[ValidationResult]:
    return [ValidationResult(True, parameters=len(code), fingerprint="f") for code in codes]


def test_every_item_gets_one_finding_in_the_order_of_the_source() -> None:
    items: list[SourceItem] = [
        entry("1", PROGRAMS[0]),
        Rejected("2", "is not JSON", "name"),
        entry("3", "# copy\n" + PROGRAMS[0]),
        entry("4", PROGRAMS[1]),
        entry("5", "broken"),
        entry("6", "broken  # again"),
        entry("7", PROGRAMS[2]),
    ]
    asked: list[list[str]] = []

    def validate(codes: list[str]) -> list[ValidationResult]:
        asked.append(codes)
        return [
            ValidationResult(code != "broken", "no class Net" if code == "broken" else None) for code in codes
        ]

    progress: list[CheckProgress] = []
    known = [KnownNetwork("starter-1 #7", PROGRAMS[1] + "# known\n")]
    findings = list(check_import(items, validate, known, progress.append))
    assert [(each.position, each.verdict, each.reason) for each in findings] == [
        ("1", "accepted", None),
        ("2", "rejected", "is not JSON"),
        ("3", "duplicate", "is the same program as 1"),
        ("4", "duplicate", "is the same program as starter-1 #7"),
        ("5", "rejected", "no class Net"),
        ("6", "rejected", "no class Net"),
        ("7", "accepted", None),
    ]
    assert [each.duplicate_of for each in findings] == [None, None, "1", "starter-1 #7", None, None, None]
    assert [each.entry for each in findings] == [item if isinstance(item, Entry) else None for item in items]
    assert asked == [[PROGRAMS[0], "broken", PROGRAMS[2]]], "a program is validated once"
    assert progress == [CheckProgress(accepted=2, duplicates=2, rejected=3)]


def test_what_validation_found_out_is_part_of_the_finding() -> None:
    (finding,) = check_import([entry("1", NET)], all_build)
    assert (finding.parameters, finding.fingerprint) == (len(NET), "f")


def test_few_items_are_held_and_few_networks_validated_at_a_time() -> None:
    taken = 0

    def source() -> Iterator[SourceItem]:
        nonlocal taken
        for number in range(1000):
            taken += 1
            yield entry(str(number), f"x = {number % 300}") if number % 5 else Rejected(str(number), "bad")

    largest = 0

    def validate(codes: list[str]) -> list[ValidationResult]:
        nonlocal largest
        largest = max(largest, len(codes))
        return all_build(codes)

    for given_out, _ in enumerate(check_import(source(), validate)):
        assert taken - given_out <= MOST_HELD
    assert largest == BATCH


def test_a_check_that_is_stopped_ends_without_judging_what_it_holds() -> None:
    stop = False

    def validate(codes: list[str]) -> list[ValidationResult]:
        nonlocal stop
        stop = True
        return [ValidationResult(False, "cancelled") for _ in codes]

    findings = check_import(
        (entry(str(number), f"x = {number}") for number in range(10 * BATCH)),
        validate,
        should_stop=lambda: stop,
    )
    assert list(findings) == []


def test_what_makes_the_source_unreadable_reaches_the_caller() -> None:
    def source() -> Iterator[SourceItem]:
        yield entry("1", NET)
        raise SourceRefused("a bomb")

    with pytest.raises(SourceRefused, match="a bomb"):
        list(check_import(source(), all_build))


def test_a_validator_that_answers_for_fewer_networks_is_no_validator() -> None:
    with pytest.raises(ValueError, match="zip"):
        list(check_import([entry("1", NET)], lambda codes: all_build(codes)[1:]))
    assert list(check_import([], all_build)) == []
