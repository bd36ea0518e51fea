"""The page of validation tells every row, explains every miss and points at tests that exist."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest

from sim.data.dataset import packaged_folder
from sim.experiments.calibration.calibrated_set import Felt
from sim.experiments.calibration.scoreboard import Fact, read_facts
from sim.experiments.validation.page import bar, number, page
from sim.experiments.validation.report import Report
from sim.results.scoring.score import Verdict

ROOT = Path(__file__).resolve().parents[2]
TARGETS = packaged_folder().parent / "targets"
FACTS = read_facts(TARGETS / "calibration.csv")
PAGE = ROOT / "docs" / "validation.md"


def rows(name: str) -> list[dict[str, str]]:
    with (TARGETS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def verdict(fact: Fact, simulated: float | None) -> Verdict:
    low, high = fact.target.low, fact.target.high
    inside = simulated is not None and low <= simulated <= high
    return Verdict(fact.id, simulated, simulated, simulated, low, high, inside, "")


@pytest.fixture
def report() -> Report:
    told = {fact.id: verdict(fact, fact.value) for fact in FACTS if fact.value is not None}
    facts = [fact for fact in FACTS if fact.is_property or fact.id in told]
    other = {name: one.simulated + 1.0 for name, one in told.items() if one.simulated is not None}
    return Report(facts, told, {}, {"persistence": other}, [Felt("cars", "theta.cars", "P02", 0.5)])


def test_the_page_has_every_row_once_in_the_scoreboard_and_every_law(report: Report) -> None:
    text = page(report)
    board = text.split("## Scoreboard")[1].split("## Misses")[0]
    for fact in report.asked:
        assert len(re.findall(rf"^\| {fact.id} \|", board, re.MULTILINE)) == 1
    laws = text.split("## Laws")[1]
    assert all(f"| {fact.id} |" in laws for fact in FACTS if fact.is_property)


def test_a_duel_counts_only_rows_that_the_baseline_answers_and_ties_as_lost(
    report: Report,
) -> None:
    assert report.duel("persistence") == (len(report.counted), len(report.counted))
    one = report.counted[0]
    assert one.value is not None
    tie = replace(report, baselines={"persistence": {one.id: one.value}})
    assert tie.duel("persistence") == (0, 1)
    silent = replace(report, verdicts={**report.verdicts, one.id: verdict(one, None)})
    assert silent.duel("persistence") == (len(report.counted) - 1, len(report.counted))


def test_every_law_of_the_targets_is_held_by_tests_that_exist() -> None:
    tests = {row["id"]: row["tests"].split() for row in rows("properties.csv")}
    assert sorted(tests) == sorted(fact.id for fact in FACTS if fact.is_property)
    for named in tests.values():
        assert named
        for one in named:
            path, name = one.split("::")
            assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), one


def test_explanations_are_of_rows_that_exist_and_every_miss_of_the_page_has_one() -> None:
    told = {row["id"]: row["why"] for row in rows("explanations.csv")}
    assert set(told) <= {fact.id for fact in FACTS}
    assert all(len(why) > 40 for why in told.values())
    missed = re.findall(r"^\- \*\*(\w+)\*\* \(missed", PAGE.read_text("utf-8"), re.MULTILINE)
    assert set(missed) <= set(told)


def test_the_page_in_the_documents_tells_every_row_and_was_made_from_this_target_file() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for fact in FACTS:
        assert f"| {fact.id} |" in text
        if not fact.is_property:
            assert f"{fact.quantity}" in text


def test_a_bar_shows_the_fact_outside_its_band_and_the_median_on_top() -> None:
    shown = bar(Verdict("x", 5.0, 4.5, 5.5, 0.0, 1.0, False, ""), None)
    assert shown.index("[") < shown.index("]") < shown.index("o")
    assert len(shown) == 25
    assert number(-0.01234) == "-0.012"
