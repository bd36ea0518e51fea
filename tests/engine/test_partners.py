"""Technology partners in China, on the hand-made world."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from sim.axes import COUNTRY_INDEX
from sim.data.demand_tables import KINDS
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
CHEAP = {"product_strength": 0.4, "partner_sunk": 0.02, "rival_launch_pace": 0.0}
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


def test_nothing_happens_where_a_product_sells_nothing() -> None:
    """Without strength a run with partners is bit for bit the run without them."""
    duties = tiny.duties(MONTHS)
    off = run(simulation(world(), duties, inputs={**LOUD, "partners": False}), MONTHS)
    none = run(simulation(world(product_strength=0.0), duties), MONTHS)
    assert off.of(Partners) is None
    assert np.all(block(none).agreed == NEVER)
    np.testing.assert_array_equal(off.month.flow, none.month.flow)
    np.testing.assert_array_equal(off.state.cash, none.state.cash)


def test_a_line_takes_one_partner_a_review_and_a_field_the_best_first() -> None:
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


def test_of_two_on_offer_the_one_that_earns_more_is_taken() -> None:
    """Sora goes before Kumo where its product sells more or the partner has less of it."""
    given = world(capital_budget_share=10.0, decision_probability=1.0)
    rows = [one for one in given.partnerships if one.field == "cockpit"]
    kumo, sora = (replace(one, offered=date(2018, 1, 1)) for one in rows)
    for appeal, content, taken in ((0.5, 0.1, "Kumo"), (0.6, 0.1, "Sora"), (0.5, 0.05, "Sora")):
        offers = (kumo, replace(sora, appeal=appeal, content=content))
        s = simulation(replace(given, partnerships=offers), tiny.duties(MONTHS), lanes=2)
        made = block(run(s, 24)).agreed[:, 0] != NEVER
        assert [one.partner for one, yes in zip(block(s).rows, made, strict=True) if yes] == [taken]


def test_a_product_is_launched_ramps_up_and_follows_its_kind_and_its_rivals() -> None:
    """Nothing before the launch; then strength times what the kind and rivals leave to it."""
    s, outlet = sure(product_ramp_months=4.0, local_appeal=0.0), -1
    kinds, at = s.world.car_kinds, COUNTRY_INDEX["CN"]
    assert kinds is not None
    while s.state.month < MONTHS:
        t = s.state.month
        made = block(s).agreed[:, 0].copy()
        step(s)
        added = 0.0
        for one, month in zip(block(s).rows, made, strict=True):
            if month != NEVER:
                ready = np.clip((t - month - one.lead_months) / 4.0, 0.0, 1.0)
                g = KINDS.index(one.kind)
                theirs = kinds.rivals[g, at, t]
                reach = kinds.share[g, at, t] * (1.0 - theirs + one.appeal * theirs)
                added += 0.4 * ready * reach
        expected = 1.0 + added / s.world.rival_factor[0, at, t]
        assert block(s).factor[0, 0] == pytest.approx(expected, rel=1e-12)
        outlet = int(block(s).offers.outlet[0])
        noise, index = s.state.demand_noise[outlet, 0], s.demand_index[outlet, t]
        plain = s.base.demand[outlet] * index * np.exp(noise)
        assert s.month.base_demand[outlet, 0] == pytest.approx(plain * expected, rel=1e-9)
    assert block(s).factor[0, 0] > 1.1
    assert np.all(block(s).factor[1] == 1.0), "printers have none"


def test_a_product_ages_as_rivals_launch_newer_ones() -> None:
    """Once it has ramped up, what it sells of its kind falls at the rivals' pace."""
    sold = []
    for pace in (0.0, 0.3):
        given = {"product_ramp_months": 1.0, "partner_sunk": 1e-6, "rival_launch_pace": pace}
        s = sure(local_appeal=0.0, **given)
        run(s, 40)
        sold.append((block(s).factor[0, 0] - 1.0, block(s).agreed[:, 0].copy()))
    (new, made), (aged, made_then) = sold
    assert made[0] == made_then[0], "the first agreement is the same"
    oldest = (39 - made[0] - 12) / 12.0
    assert 0.0 < aged < new
    assert aged / new >= np.exp(-0.3 * oldest) - 1e-9


def test_partners_have_their_share_of_what_their_cars_earn() -> None:
    """Two runs that differ only in content before anybody decides on it again."""
    s = sure(partner_margin=0.2)
    run(s, 36)
    own, n = block(s), 0
    outlet = int(own.offers.outlet[n])
    assert own.given_up[n, 0] > 0.0
    before = s.state.cash[n, 0]
    step(s)
    paid = own.given_up[n, 0] * 0.2 * s.base.price[n] * s.month.sold[outlet, 0]
    assert s.month.line_cost[n, 0] == pytest.approx(paid)
    assert s.closed_books.programme[n, 0] >= paid
    assert s.state.cash[n, 0] != before


def test_a_partner_is_taken_only_when_its_cars_earn_the_outlay() -> None:
    """At the review before the first agreement the benefit is below the hurdle, then above it."""
    s = sure(partner_sunk=0.08, rival_launch_pace=0.1)
    p = {name: float(s.parameters[name][0, 0]) for name in s.parameters}
    outlet = int(block(s).offers.outlet[0])
    price, base = s.base.price[0], 12.0 * s.base.demand[outlet]
    sunk = p["partner_sunk"] * (1.0 - p["partner_cost_share"]) * 0.4 * base * price
    cost = (p["discount"] + p["depreciation"] + 0.1) * s.terms.diffusion[0, 0] * sunk
    paid = {}

    def watch(s: Simulation) -> None:
        t = s.state.month - 1
        if t % 3 == 0 and t > 0 and not paid.get("taken"):
            reach, kumo = block(s).reach(t, True), block(s).rows[0]
            size = 12.0 * s.month.base_demand[outlet, 0] / reach.line[0]
            earns = 0.4 * reach.product[0] * size * price * p["partner_margin"]
            paid[t] = earns * (1.0 - kumo.content) > cost
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
    assert [gap.n for gap in lead] == [12, 15, 24]


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
