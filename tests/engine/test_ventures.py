"""Joint ventures: what of their profit and of their outlays is the firm's."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from sim.axes import COUNTRY_INDEX
from sim.decisions import proposal as field
from sim.engine.simulation import Simulation
from sim.engine.steps.ledger import close_month, segment_books
from sim.engine.steps.orders import place_expansions
from sim.tables import SEGMENTS
from sim.world.world import World
from tests.engine.conftest import LOUD, QUIET, run, simulation
from tests.reference import tiny

CN, US = COUNTRY_INDEX["CN"], COUNTRY_INDEX["US"]


def shared(world: World, share: float, *places: str) -> World:
    """The world with the carmaker's business in these places a joint venture."""
    equity = world.equity_share.copy()
    equity[0, [COUNTRY_INDEX[code] for code in places]] = share
    return dataclasses.replace(world, equity_share=equity)


def month(world: World) -> Simulation:
    """The base month."""
    return run(simulation(world, tiny.duties(12), lanes=1, inputs=QUIET), 1)


@pytest.mark.parametrize(("place", "segment", "made"), [("CN", "china", 700e3), ("MX", "", 210e3)])
def test_the_partner_has_its_part_of_the_margin_on_what_the_venture_makes(
    place: str, segment: str, made: float
) -> None:
    """Cars that enter are bought at the transfer price, those that leave are sold at it."""
    world = tiny.world(12)
    whole, part = month(world), month(shared(world, 0.6, place))
    margin = made / 12.0 * 25e3 * world.parameters["base_margin"][0]
    lost = whole.closed_books.profit - part.closed_books.profit
    np.testing.assert_allclose(lost[:, 0], [0.4 * margin, 0.0], rtol=1e-9, atol=1e-3)
    before, after = segment_books(whole, 0), segment_books(part, 0)
    np.testing.assert_array_equal(before[:2], after[:2])
    np.testing.assert_allclose(after[2, :, 0], part.closed_books.profit[:, 0])
    if segment:
        column = SEGMENTS.index(segment)
        assert after[2, 0, column] == pytest.approx(0.6 * before[2, 0, column])


def test_the_partner_has_its_part_of_what_the_market_pays_above_base() -> None:
    """At prices a tenth higher an importer earns a tenth of what customers paid at base."""
    profit = []
    for world in (tiny.world(12), shared(tiny.world(12), 0.6, "CN")):
        s = month(world)
        s.state.month = 0
        s.state.consumer_price[:] = 1.1
        profit.append(close_month(s).profit[0, 0])
    paid = (700e3 + 1.04 * 20e3) / 12.0 * 25e3
    margin = 700e3 / 12.0 * 25e3 * tiny.world(12).parameters["base_margin"][0]
    assert profit[0] - profit[1] == pytest.approx(0.4 * (margin + 0.1 * paid))


def test_a_ventures_expansion_takes_the_firms_share_of_the_budget_and_is_told_whole() -> None:
    s = simulation(shared(tiny.world(), 0.6, "CN"), tiny.duties(60), lanes=1)
    s.state.budget[:] = 40e6
    rows = (s.layout.plant_line == 0) & np.isin(s.layout.plant_country, [CN, US])
    for p in np.flatnonzero(rows):
        order = s.month.capacity_proposals[p, 0]
        order[[field.SUNK, field.VOLUME, field.LEAD]] = 60e6, 120.0, 9.0
        order[[field.KIND, field.PLANT]] = field.EXPAND, float(p)
    place_expansions(s, np.ones((len(rows), 1), dtype=np.bool_))
    assert s.state.budget[0, 0] == 4e6
    assert [(one[field.SUNK] - one[field.GRANT]) for one in s.events.proposal] == [60e6]
    assert s.layout.plant_country[int(s.events.proposal[0][field.PLANT])] == CN


def test_cash_is_profit_less_the_firms_share_of_outlays() -> None:
    profit = np.zeros((2, 8))

    def watch(s: Simulation) -> None:
        nonlocal profit
        profit = profit + s.closed_books.profit

    world = shared(tiny.world(), 0.6, "CN", "US", "MX")
    s = simulation(world, tiny.duties(60), lanes=8, inputs=LOUD)
    s.demand_index[s.layout.outlet_market == US, 6:] *= 1.5
    run(s, 60, watch)
    spent, kinds = np.zeros_like(profit), set()
    for line, lane, one, ordered, operating in zip(
        s.events.line, s.events.lane, s.events.proposal, s.events.month, s.events.operating,
        strict=True,
    ):  # fmt: skip
        kind = int(one[field.KIND])
        at_once = kind in (field.CLOSE, field.EXIT, field.MOTHBALL, field.RESTART, field.PARTNER)
        part = 1.0 if at_once else min(1.0, (59 - ordered) / max(1, operating - ordered))
        if kind == field.EXPAND or (at_once and kind != field.PARTNER):
            p = int(one[field.PLANT])
            part *= world.equity_share[line, s.layout.plant_country[p]]
            kinds |= {kind} if line == 0 and s.layout.plant_country[p] in (CN, US) else set()
        spent[s.layout.line_firm[line], lane] += part * (one[field.SUNK] - one[field.GRANT])
    assert field.EXPAND in kinds
    assert kinds & {field.CLOSE, field.MOTHBALL}
    np.testing.assert_allclose(profit - s.state.cash, spent, rtol=1e-6, atol=1.0)
