"""Technology partners in China, on the hand-made world."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.decisions import proposal as field
from sim.decisions.partnership import NEVER
from sim.engine.agents import Firm, Option
from sim.engine.model import RelocationModel
from sim.engine.partners.state import Partners
from sim.engine.phases import step
from sim.engine.record.relocations import relocations
from sim.engine.simulation import Simulation
from tests.engine.conftest import LOUD, QUIET, measured, run, simulation
from tests.reference import tiny

MONTHS = 48
CHEAP = {"partner_gain": 0.15, "partner_cap": 0.4, "partner_sunk": 0.01}
KEYS = {"experiment": "x", "policy": "p", "scenario": "s", "replication": 0}


def block(s: Simulation) -> Partners:
    found = s.of(Partners)
    assert found is not None
    return found


def world(**changes: float) -> Any:
    """The hand-made world with partners that cost little."""
    return tiny.world(MONTHS, **{**CHEAP, **changes})


def sure(**changes: float) -> Simulation:
    """A run in which every review decides and no budget binds."""
    given = {"decision_probability": 1.0, "capital_budget_share": 10.0, **changes}
    return simulation(world(**given), tiny.duties(MONTHS, tariffs=False), lanes=2)


def test_nothing_happens_where_a_partner_adds_nothing() -> None:
    """Without gain a run with partners is bit for bit the run without them."""
    duties = tiny.duties(MONTHS)
    off = run(simulation(world(), duties, inputs={**LOUD, "partners": False}), MONTHS)
    none = run(simulation(world(partner_gain=0.0), duties), MONTHS)
    assert off.of(Partners) is None
    assert np.all(block(none).agreed == NEVER)
    np.testing.assert_array_equal(off.month.flow, none.month.flow)
    np.testing.assert_array_equal(off.state.cash, none.state.cash)


def test_a_line_takes_one_partner_a_review_and_a_field_in_the_order_of_the_table() -> None:
    """Kumo comes first; Sora offers the same field later and is never taken."""
    s = run(sure(), MONTHS)
    names = [one.partner for one in block(s).rows]
    agreed = dict(zip(names, block(s).agreed[:, 0], strict=True))
    assert names == ["Kumo", "Michi", "Sora", "Denchi"]
    assert 0 < agreed["Kumo"] < agreed["Michi"] < agreed["Denchi"]
    assert agreed["Sora"] == NEVER
    assert agreed["Michi"] >= (2019 - 2017) * 12 + 2, "not before it is on offer"
    assert agreed["Denchi"] == 36, "the first review from January 2020 on"
    assert all(month % 3 == 0 for month in agreed.values() if month != NEVER)


def test_demand_widens_in_a_straight_line_up_to_the_cap() -> None:
    """Three partners of 0.15 add 0.40 of the battery-electric share, no more."""
    s, outlet = sure(partner_months=4.0, local_appeal=0.0), -1
    while s.state.month < MONTHS:
        t = s.state.month
        made = block(s).agreed[:, 0]
        step(s)
        ready = np.clip((t - made[made != NEVER]) / 4.0, 0.0, 1.0).sum() * 0.15
        expected = 1.0 + block(s).bev[t] * min(0.4, float(ready))
        assert block(s).factor[0, 0] == pytest.approx(expected, rel=1e-12)
        outlet = int(block(s).offers.outlet[0])
        noise, index = s.state.demand_noise[outlet, 0], s.demand_index[outlet, t]
        plain = s.base.demand[outlet] * index * np.exp(noise)
        assert s.month.base_demand[outlet, 0] == pytest.approx(plain * expected, rel=1e-9)
    assert block(s).factor[0, 0] == pytest.approx(1.0 + 0.4 * block(s).bev[MONTHS - 1])
    assert np.all(block(s).factor[1] == 1.0), "printers have none"


def test_a_partner_is_taken_only_when_its_cars_earn_the_outlay() -> None:
    """At the review before the first agreement the benefit is below the hurdle, then above it."""
    s = sure(partner_sunk=0.05)
    p = {name: float(s.parameters[name][0, 0]) for name in s.parameters}
    outlet = int(block(s).offers.outlet[0])
    price, base = s.base.price[0], 12.0 * s.base.demand[outlet]
    sunk = p["partner_sunk"] * (1.0 - p["partner_cost_share"]) * base * price
    cost = (p["discount"] + p["depreciation"]) * s.terms.diffusion[0, 0] * sunk
    paid = {}

    def watch(s: Simulation) -> None:
        t = s.state.month - 1
        if t % 3 == 0 and t > 0 and not paid.get("taken"):
            units = 0.15 * block(s).bev[t] * 12.0 * s.month.base_demand[outlet, 0]
            paid[t] = units * price * p["partner_margin"] > cost
            paid["taken"] = bool(np.any(block(s).agreed[:, 0] == t))
            assert paid["taken"] == paid[t]

    run(s, MONTHS, watch)
    assert paid["taken"]
    assert not paid[3]


def test_the_budget_pays_and_the_cash_is_gone_at_once() -> None:
    s = sure()
    spent = []
    for _ in range(MONTHS):
        before = s.state.cash[0, 0]
        step(s)
        if np.any(block(s).agreed[:, 0] == s.state.month - 1):
            sunk = block(s).proposals[0, 0, field.SUNK]
            spent.append(sunk)
            change = s.state.cash[0, 0] - before
            assert change == pytest.approx(s.closed_books.profit[0, 0] - sunk, rel=1e-9)
    assert len(spent) == 3
    poor = run(sure(capital_budget_share=0.0), MONTHS)
    assert np.all(block(poor).agreed == NEVER)


def test_the_log_names_the_partner_and_its_drivers_make_the_value() -> None:
    s = run(sure(), MONTHS)
    log = relocations(s, {0: KEYS})
    taken = log[log["kind"] == "partner"]
    assert list(taken["partner"]) == ["Kumo", "Michi", "Denchi"]
    assert set(taken["from_country"]) == {""}
    assert set(taken["to_country"]) == {"CN"}
    assert set(taken["market"]) == {""}
    drivers = taken.filter(like="driver_")
    np.testing.assert_allclose(drivers.sum(axis=1), taken["option_value_usd"], rtol=1e-12)
    assert set(log.loc[log["kind"] != "partner", "partner"]) <= {""}
    assert set(taken["reason"]) == {"demand"}
    lead = taken["operating_month"].dt.to_period("M") - taken["announced_month"].dt.to_period("M")
    assert {gap.n for gap in lead} == {24}


def test_the_third_partner_only_fills_the_cap() -> None:
    s = run(sure(), MONTHS)
    log = relocations(s, {0: KEYS})
    units = log.loc[log["kind"] == "partner", "units"].to_numpy()
    bev = block(s).bev[block(s).agreed[[0, 1, 3], 0]]
    ratio = units / bev
    assert ratio[2] / ratio[1] == pytest.approx(0.10 / 0.15, rel=0.35)


def test_the_outcome_counts_partners_by_firm() -> None:
    s = run(sure(), MONTHS)
    group, counted = measured(s, "china_partners")
    assert group.codes["firm"].tolist() == ["aoi"]
    np.testing.assert_array_equal(counted, np.full((1, 2), 3.0))


def test_quiet_inputs_have_no_partners() -> None:
    s = run(simulation(world(), tiny.duties(MONTHS, tariffs=False), inputs=QUIET), 12)
    assert s.of(Partners) is None
    assert measured(s, "china_partners") == (None, None)


def test_a_firm_that_decides_for_itself_sees_the_partner_by_name() -> None:
    """Agents get the offer as an option and take what they choose."""
    seen: list[Option] = []

    class Choosy(Firm):
        def decide(self, options: list[Option]) -> list[Option]:
            seen.extend(one for one in options if one.kind == "partner")
            return [one for one in options if one.partner == "Kumo"]

    given = world(capital_budget_share=10.0)
    model = RelocationModel(world=given, seed=1, last="2020-12", firms={"aoi": Choosy})
    model.run_until("2020-12")
    assert {"Kumo", "Michi"} <= {one.partner for one in seen}
    assert all(one.to_country == "CN" for one in seen)
    made = block(model.simulation).agreed[:, 0]
    assert [one.partner for one, month in zip(block(model.simulation).rows, made, strict=True)
            if month != NEVER] == ["Kumo"]  # fmt: skip
