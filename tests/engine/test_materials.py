"""China's export rules on materials make goods dear outside China, and draw work there."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.axes import COUNTRIES, COUNTRY_INDEX
from sim.decisions import proposal as field
from sim.engine.assembly import build_simulation
from sim.engine.block import Block, Lane, run_block
from sim.engine.materials.state import COST_SHARES, Materials
from sim.engine.phases import step
from sim.engine.random_streams import Streams
from sim.engine.simulation import Simulation
from sim.law.controls import load_reform, shipped_reforms
from sim.law.controls.codes import CHINA_CODES
from sim.law.controls.history import ControlHistory
from sim.law.law import load_law
from sim.law.rates.monthly import monthly
from sim.world.build import load_world
from sim.world.chip_tools.controls import controls_of
from sim.world.chip_tools.queries import DAY
from sim.world.material_rules import material_rules
from sim.world.narrowing import narrowed
from sim.world.parameters import lane_values
from sim.world.world import World
from tests.engine.conftest import LOUD as LOUD_INPUTS
from tests.engine.test_tools import block, ground, month

LOUD = {
    "magnet_cost_share": 0.2, "decision_probability": 1.0, "capital_budget_share": 10.0,
    "transfer_sunk": 0.02, "material_premium_licence": 1.0, "material_premium_strict": 1.0,
    "theta_slice": 40.0,
}  # fmt: skip
CN = COUNTRY_INDEX["CN"]


@cache
def world() -> World:
    """A maker of motors beside all makers of chip tools, without whom no export rule is asked."""
    whole = load_world(last=date(2026, 12, 1))
    tools = [one.id for one in whole.lines if one.product == "chip_tools"]
    return narrowed(whole, ["nidec_components", *tools])


def start(materials: bool = True, **terms: float) -> Simulation:
    """One lane under the law as enacted, without licences for tools."""
    layout, duty = ground(world())
    return build_simulation(
        world(), layout, [duty], np.zeros(1, dtype=np.int64), lane_values(world(), [terms]),
        Streams(1, np.zeros(1, dtype=np.int64)),
        {**LOUD_INPUTS, "licences": False, "materials": materials},
        controls_of(world(), [ControlHistory()]),
    )  # fmt: skip


@cache
def ran(months: int, materials: bool = True, **terms: float) -> Simulation:
    """The same after so many months."""
    s = start(materials, **terms)
    for _ in range(months):
        step(s)
    return s


def costs(s: Simulation, line: str) -> dict[str, Any]:
    """Full cost by place of a line's plants that have capacity."""
    n = [one.id for one in s.world.lines].index(line)
    rows = np.flatnonzero((s.layout.plant_line == n) & (s.state.capacity[:, 0] > 0.0))
    return {COUNTRIES[s.layout.plant_country[p]]: float(s.month.full_cost[p, 0]) for p in rows}


def test_magnets_under_licence_make_motors_dear_outside_china_alone() -> None:
    after = month(2025, 12)
    dear, plain = (costs(ran(after, on), "nidec_components") for on in (True, False))
    rise = {place: dear[place] / plain[place] - 1.0 for place in dear}
    p = {name: rows[0, 0] for name, rows in ran(after).parameters.items() if name in _USED}
    material = sum(p[name] for name in _USED if name.endswith("cost_share"))
    assert rise["CN"] == pytest.approx(0.0, abs=1e-12)
    assert rise["JP"] == pytest.approx(material * p["material_premium_licence"], rel=1e-9)
    graphite = p["graphite_cost_share"] * (
        p["material_premium_strict"] - p["material_premium_licence"]
    )
    assert rise.get("US", rise["JP"] + graphite) >= rise["JP"]


_USED = (*COST_SHARES.values(), "material_premium_licence", "material_premium_strict")


def test_stocks_at_the_old_price_put_the_premium_off() -> None:
    """Magnets are under licence from April 2025; half a year of stock at default."""
    gone = [ran(month(2025, m) + 1, **LOUD) for m in (4, 6, 9)]
    plain = [ran(month(2025, m) + 1, False, **LOUD) for m in (4, 6, 9)]
    rise = [
        costs(one, "nidec_components")["JP"] / costs(two, "nidec_components")["JP"] - 1.0
        for one, two in zip(gone, plain, strict=True)
    ]
    assert rise[0] < rise[1] < rise[2]
    assert rise[1] - rise[0] == pytest.approx(2.0 * (rise[2] - rise[1]) / 3.0, rel=0.05)


def test_before_any_rule_nothing_costs_more_and_no_decision_is_theirs() -> None:
    s = ran(month(2023, 7), **LOUD)
    assert costs(s, "nidec_components") == costs(
        ran(month(2023, 7), False, **LOUD), "nidec_components"
    )
    assert not any(
        order[field.CONTROLS]
        for k, order in enumerate(s.events.proposal)
        if s.world.lines[s.events.line[k]].product != "chip_tools"
    )


def test_work_goes_to_china_by_the_rule_on_magnets_which_is_named() -> None:
    s, plain = ran(month(2026, 12), **LOUD), ran(month(2026, 12), False, **LOUD)
    drawn = [
        k for k, order in enumerate(s.events.proposal)
        if s.world.lines[s.events.line[k]].product != "chip_tools"
        and order[field.CONTROLS] > 0.0 and order[field.COUNTRY] == CN
    ]  # fmt: skip
    assert drawn
    assert {s.events.rule[k] for k in drawn} <= {"cn_seven_rare_earths", "cn_graphite"}
    assert "cn_seven_rare_earths" in {s.events.rule[k] for k in drawn}
    lines = [n for n, line in enumerate(s.world.lines) if line.product != "chip_tools"]
    made = [
        one.state.ordered[np.isin(one.layout.slice_line, lines)][:, CN].sum() for one in (s, plain)
    ]
    assert made[0] > made[1]


@pytest.mark.parametrize("reform", shipped_reforms())
def test_a_reform_is_met_from_its_first_month_and_never_in_china(reform: str) -> None:
    """Every reform that is shipped can be asked, and leaves the months before it as enacted."""
    months, one = load_world(last=date(2028, 12, 1)).months, load_reform(reform)
    plain, rules = (
        material_rules(ControlHistory(made).law, tuple(COST_SHARES), months)
        for made in ((), (one,))
    )
    before = np.array([day.replace(day=DAY) < one.start for day in months])
    for name in ("code", "spell", "tightened", "since"):
        assert np.array_equal(getattr(plain, name)[before], getattr(rules, name)[before]), name
    assert not rules.code[:, :, CN].any()


def test_a_rule_is_seen_from_its_month_and_never_before() -> None:
    months = world().months
    rules = material_rules(ControlHistory().law, tuple(COST_SHARES), months)
    magnet, gallium = (list(COST_SHARES).index(name) for name in ("rare_earth_magnet", "gallium"))
    jp, us = COUNTRY_INDEX["JP"], COUNTRY_INDEX["US"]
    assert rules.code[: month(2023, 8), :, jp].max() == 0
    assert CHINA_CODES[rules.code[month(2025, 5), magnet, jp]] == "CN_LIC"
    assert CHINA_CODES[rules.code[month(2025, 1), gallium, us]] == "CN_BAN"
    assert not rules.code[:, :, CN].any()
    assert rules.tightened[month(2025, 1), gallium].max() == 2


def standing(s: Simulation, line: str) -> float:
    """Loss of a line that stands, over the value of what it makes outside China."""
    n = [one.id for one in s.world.lines].index(line)
    rows = (s.layout.plant_line == n) & (s.layout.plant_country != CN)
    made = s.month.output[rows, 0].sum() * s.base.price[n]
    return float(s.month.line_cost[n, 0] / made)


def test_a_late_licence_stands_lines_still_once_stocks_are_gone_and_then_less_and_less() -> None:
    """Magnets are asked for since April 2025, and a line goes on for two months."""
    lost = [standing(ran(month(2025, m) + 1, **LATE), "nidec_components") for m in (4, 5, 6, 9)]
    plain = [
        standing(ran(month(2025, m) + 1, False, **LATE), "nidec_components") for m in (4, 5, 6, 9)
    ]
    added = np.array(lost) - plain
    assert added[:2] == pytest.approx(0.0, abs=1e-9)
    assert added[2] > added[3] > 0.0
    assert added[2] / added[3] == pytest.approx(np.exp(3.0 / LATE["material_delay_months"]))
    p = {name: rows[0, 0] for name, rows in ran(month(2025, 6) + 1, **LATE).parameters.items()}
    earned = 1.0 - (1.0 - p["base_margin"]) * (p["parts_share"] + p["energy_share"])
    waits = p["material_late_licence"] * np.exp(-2.5 / p["material_delay_months"])
    assert added[2] == pytest.approx(p["material_lost_share"] * earned * waits)


LATE = {
    "magnet_needed_share": 1.0, "material_late_licence": 0.8, "material_delay_months": 4.0,
    "graphite_needed_share": 0.0, "decision_probability": 0.0,
}  # fmt: skip


def test_late_licences_alone_make_china_worth_more_to_makers() -> None:
    """Without any premium the driver `controls` is what standing lines are expected to lose."""
    quiet = {name: 0.0 for name in _USED if name.startswith("material_premium") or "cost" in name}
    quiet["material_premium_ban"] = 0.0
    s = ran(month(2025, 7) + 1, **LATE, **quiet)
    n = [one.id for one in s.world.lines].index("nidec_components")
    routes = np.flatnonzero(s.layout.route_line == n)
    cost = s.month.controls[routes, 0]
    here = s.layout.route_origin[routes] == CN
    assert not cost[here].any()
    assert (cost[~here] > 0.0).all()


def test_rules_on_materials_hold_in_a_world_without_makers_of_tools() -> None:
    """A narrowed world is under the same rules as the whole: its lines pay and stand alike."""
    alone = narrowed(load_world(last=date(2026, 12, 1)), ["nidec_components"])
    lanes = (Lane("p", "b", 0, 0),)
    duty = monthly(load_law(), alone.months)
    made = [
        run_block(alone, [duty], Block("try", 1, lanes, {"materials": on})) for on in (True, False)
    ]
    earned = [
        table["outcomes"].query("outcome == 'operating_profit_usd'").groupby("month")["value"].sum()
        for table in made
    ]
    before = earned[0].index < "2023-07"
    assert (earned[0][before] == earned[1][before]).all()
    assert (earned[0]["2025-06":] < earned[1]["2025-06":]).all()


@pytest.mark.parametrize(
    ("kind", "materials"),
    [("battery_cars", "magnet graphite"), ("ev_batteries", "graphite"),
     ("semiconductors", "gallium germanium graphite")],
)  # fmt: skip
def test_batteries_battery_cars_and_chips_need_what_is_in_them(kind: str, materials: str) -> None:
    whole = load_world(last=date(2017, 3, 1))
    rows = [n for n, line in enumerate(whole.lines) if line.line_class == kind]
    assert rows
    for name in materials.split():
        for what in ("cost", "needed"):
            assert (whole.parameters[f"{name}_{what}_share"][rows] > 0.0).all(), (name, what)


def test_a_world_without_such_lines_has_no_materials() -> None:
    tools_alone = narrowed(world(), [one.id for one in world().lines if "tools" in one.id])
    assert block(world=tools_alone, law=(0,)).of(Materials) is None


def test_full_countermeasures_make_answers_stricter_from_their_first_month() -> None:
    months = load_world(last=date(2028, 12, 1)).months
    plain, full = (
        material_rules(ControlHistory(made).law, tuple(COST_SHARES), months)
        for made in ((), (load_reform("china_full_countermeasures"),))
    )
    stricter = (full.code > plain.code).any(axis=(1, 2))
    assert stricter.any()
    assert not (full.code < plain.code).any()
    assert months[int(stricter.argmax())] >= date(2027, 1, 1)
