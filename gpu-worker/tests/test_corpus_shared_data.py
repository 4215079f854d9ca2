"""Sixty real pairs of LEMUR and sixty networks that a 7B model really wrote, from file to curated corpus.

Skipped where the data folder beside the project is absent. Whether they build is for the tests of the jail.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from support_corpus import entries, read, rejected

from archloom.corpus.check import ValidationResult, check_import
from archloom.corpus.curation import CuratedCorpus, Network, curate

DATA = Path(__file__).parents[3] / "shared" / "data"

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the folder with real networks is not beside the project"
)


def curated(file: str) -> tuple[Counter[str], CuratedCorpus]:
    findings = list(check_import(read(DATA / file), lambda codes: [ValidationResult(True)] * len(codes)))
    networks = [
        Network(each.position, each.entry.code, each.entry.name, each.entry.accuracy)
        for each in findings
        if each.entry is not None
    ]
    return Counter(each.verdict for each in findings), curate(networks)


def test_all_sixty_pairs_are_read_and_thirteen_are_the_same_networks_twice() -> None:
    items = read(DATA / "lemur-pairs.jsonl")
    assert rejected(items) == []
    pairs = entries(items)
    assert len(pairs) == 60
    assert all(pair.messages and pair.messages.system and pair.answer for pair in pairs)
    assert [pair.accuracy for pair in pairs if pair.accuracy is not None] == [0.6984, 0.613515679791604]
    verdicts, corpus = curated("lemur-pairs.jsonl")
    assert verdicts == {"accepted": 47, "duplicate": 13}
    assert (corpus.report.kept, corpus.report.exact_duplicates, corpus.report.near_duplicates) == (47, 13, 0)


def test_all_sixty_networks_are_read_with_the_accuracy_on_record() -> None:
    items = read(DATA / "real-networks.jsonl")
    assert rejected(items) == []
    networks = entries(items)
    assert len(networks) == 60 and sum(network.accuracy is not None for network in networks) == 30
    verdicts, corpus = curated("real-networks.jsonl")
    assert verdicts == {"accepted": 54, "duplicate": 6}
    report = corpus.report
    assert (report.kept, report.exact_duplicates, report.near_duplicates) == (48, 6, 6)
    assert report.splits == {"train": 38, "validation": 5, "test": 5}
