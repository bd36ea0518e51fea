"""Policies under which the same is in force throughout a run are told before it starts."""

from __future__ import annotations

from datetime import date
from typing import Any

from sim.experiments.spec.alike import Alike, alike, told
from sim.experiments.spec.config import ExperimentConfig

STOPS_AT_25 = [
    {"op": "cap", "importer": "US", "exporters": "CN", "basis": "section_301", "rate": 0.25}
]
METALS = [{"op": "add", "id": "x", "importer": "US", "products": "metals", "rate": 0.1}]


def found(end: str, **policies: Any) -> list[Alike]:
    """What is alike among as enacted, no tariffs (the baseline) and ``policies``."""
    every = {"as_enacted": {}, "none": {"use": ["no_tariffs_since_2018"]}, **policies}
    return alike(ExperimentConfig(experiment="x", end=end, baseline="none", policies=every))


def test_a_reform_that_bites_after_the_end_is_told_with_its_first_day() -> None:
    (one,) = found("2021-12", late={"reforms": STOPS_AT_25})
    assert one == Alike("late", "as_enacted", date(2024, 9, 27), date(2019, 9, 1))
    said = told(one, date(2021, 12, 1))
    assert "from 2019-09 something else is announced" in said
    assert "they differ from 2024-09 on, after `end` (2021-12); set `end` later" in said


def test_it_is_not_told_once_the_run_reaches_its_first_day() -> None:
    assert found("2024-08", late={"reforms": STOPS_AT_25})
    assert found("2024-09", late={"reforms": STOPS_AT_25}) == []


def test_what_touches_goods_that_nobody_makes_is_told_as_that() -> None:
    (one,) = found("2021-12", metals={"reforms": [METALS[0] | {"start": "2019-01-01"}]})
    assert (one.other, one.in_force) == ("as_enacted", None)
    assert "alters no duty, subsidy or control on goods that are simulated" in told(
        one, date(2021, 12, 1)
    )


def test_a_reform_of_export_control_counts_from_its_first_day() -> None:
    (one,) = found("2026-12", match={"use": ["match_act"]})
    assert one == Alike("match", "as_enacted", date(2027, 1, 1), None)
    assert found("2027-01", match={"use": ["match_act"]}) == []


def test_two_late_policies_are_told_beside_the_first_policy_of_their_kind() -> None:
    late = {"reforms": STOPS_AT_25}
    two = found("2018-12", late=late, later={"use": ["us_back_in_cptpp"]}, twin={"extends": "late"})
    assert [(one.policy, one.other) for one in two] == [
        ("late", "as_enacted"), ("later", "as_enacted"), ("twin", "as_enacted")
    ]  # fmt: skip


def test_a_behaviour_of_its_own_makes_a_policy_another() -> None:
    assert found("2018-12", own={"behaviours": {"toyota": "Cautious"}}) == []
