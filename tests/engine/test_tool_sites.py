"""Where tools are made follows from what may be sold from there."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from sim.axes import COUNTRIES, COUNTRY_INDEX
from sim.decisions import proposal as field
from sim.engine.record.relocations import places_of
from sim.engine.simulation import Simulation
from sim.law.controls import ControlReform
from tests.engine.test_tools import MONTHS, block, makers, month, months_of, tools_of

JP = COUNTRY_INDEX["JP"]


def closed_japan() -> ControlReform:
    """From 2024 Japan lists all tools; with ``approve_japan`` 0 none of them leaves for China."""
    rule = {
        "id": "jp_all_tools", "authority": "JP", "kind": "export_list", "title": "all tools",
        "citation": "scenario", "windows": [{"from": date(2024, 1, 1)}],
        "where": {"classes": ["3B001", "3B001_NS2", "3B991", "3B992", "3B993"]},
        "bulk_group": "JP_BULK", "code": "JP_LIC",
        "sources": [{"url": "declared", "confidence": "high", "evidence": "estimated"}],
    }  # fmt: skip
    return ControlReform.model_validate(
        {"name": "closed", "title": "closed", "source": "declared", "start": date(2024, 1, 1),
         "changes": [{"act": "add", "rule": rule}]}
    )  # fmt: skip


def costs(s: Simulation, line: int = 0) -> dict[tuple[str, str], np.ndarray]:
    """What rules are expected to cost, by place and market, of one line; float64[R] each."""
    layout = s.layout
    return {
        (COUNTRIES[layout.route_origin[e]], COUNTRIES[layout.route_market[e]]): s.month.controls[e]
        for e in np.flatnonzero(layout.route_line == line)
    }


def test_without_controls_no_place_costs_anything_and_no_decision_is_theirs() -> None:
    s = block([("no_controls",)], law=[0, 0])
    months_of(s, month(2027, 1), lambda s: s.month.controls)
    assert not s.month.controls.any()
    assert np.all(s.month.lawful == 1.0)
    assert not any(order[field.CONTROLS] for order in s.events.proposal)
    assert not any(s.events.rule)


def test_japan_is_worth_more_than_places_whose_exports_are_not_exempt() -> None:
    """Since December 2024 an advanced tool from Malaysia is denied, one from Japan licensed."""
    s = block(law=[0])
    seen = months_of(s, month(2025, 8), lambda s: s.month.controls)
    found = costs(s)
    assert found["MY", "CN"] > found["JP", "CN"] + 0.02
    assert found["US", "CN"] > found["JP", "CN"]
    assert found["JP", "TW"] < 0.002
    assert not seen[month(2018, 3)].any()


def test_a_plant_in_china_loses_less_to_chinas_own_rule_on_tools() -> None:
    """The rule alone: no American and no Japanese rule stands."""
    s = block([("no_controls",)], law=[0])
    law = tools_of(s).controls.laws[0]
    chinese = [one.market == "CN" for one in tools_of(s).market.customers]
    law.floor[month(2026, 1) :, chinese] = 0.5
    try:
        months_of(s, month(2026, 5), lambda s: s.month.controls)
        found = costs(s)
    finally:
        law.floor[:] = 0.0
    assert 0.0 < found["CN", "CN"] < found["JP", "CN"]
    assert found["CN", "CN"] / found["JP", "CN"] == pytest.approx(1.0 - 0.3)
    assert found["CN", "TW"] == found["JP", "TW"] == 0.0


def test_a_stricter_law_never_makes_a_place_cheaper() -> None:
    """The embargo against the law as enacted, on every route, before a year has taught anything."""
    s = block([(), ("chip_tool_embargo",)], law=[0, 1], replications=[0, 0])
    months_of(s, month(2027, 2), lambda s: s.month.controls)
    assert np.all(s.month.controls[:, 1] >= s.month.controls[:, 0] - 1e-12)
    found = costs(s)
    assert found["JP", "CN"][1] > found["JP", "CN"][0] + 0.2


@pytest.mark.slow
def test_lines_leave_a_japan_that_lets_nothing_go_and_the_rule_is_named() -> None:
    """Programmes for China go where its law binds less; those for other markets stay."""
    s = block([(closed_japan(),)], law=[0, 0], approve_japan=0.0, decision_probability=1.0)
    months_of(s, MONTHS, lambda s: s.month.lawful)
    proposals = np.array(s.events.proposal)
    rows = np.flatnonzero(np.isin(proposals[:, field.KIND], (field.TRANSFER, field.OPEN)))
    assert rows.size > 0
    places = places_of(s, proposals)
    assert set(places["from_country"][rows]) == {"JP"}
    assert set(places["market"][rows]) == {"CN"}
    assert {s.events.rule[k] for k in rows} == {"jp_all_tools"}
    assert proposals[rows, field.CONTROLS].min() > 0.0
    assert np.array(s.events.month)[rows].min() >= month(2024, 1)


@pytest.mark.slow
def test_under_an_embargo_tools_are_made_elsewhere_than_without_controls() -> None:
    """Capacity by place differs, and closures are told as what the embargo did."""
    s = block([("chip_tool_embargo",), ("no_controls",)], law=[0, 0, 1, 1],
              replications=[0, 1, 0, 1], world=makers(date(2030, 12, 1)))  # fmt: skip
    months_of(s, month(2031, 1), lambda s: s.month.lawful)
    by_place = np.zeros((len(COUNTRIES), 4))
    np.add.at(by_place, s.layout.plant_country, s.state.capacity)
    apart = by_place[:, :2].mean(axis=1) - by_place[:, 2:].mean(axis=1)
    assert apart[JP] < -0.03 * by_place[JP].mean()
    assert np.count_nonzero(np.abs(apart) > 1e6) >= 3
    proposals, lanes = np.array(s.events.proposal), np.array(s.events.lane)
    shut = np.isin(proposals[:, field.KIND], (field.CLOSE, field.EXIT, field.MOTHBALL))
    assert not (shut & (lanes >= 2)).any()
    assert proposals[shut & (lanes < 2), field.CONTROLS].sum() > 0.0
    assert {s.events.rule[k] for k in np.flatnonzero(shut)} == {"us_all_tools"}
