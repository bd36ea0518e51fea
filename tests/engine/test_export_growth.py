"""Growth of a market behind a duty is served from there where that is cheaper than from home."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest

from sim.axes import COUNTRY_INDEX
from sim.decisions import proposal as field
from sim.decisions.capacity import expansions
from sim.engine.block import Block, Lane, run_block
from sim.engine.steps.costs import costs_view
from sim.engine.steps.outlook import outlook_view
from sim.engine.steps.reviews import orders_view, room_view
from sim.law.law import load_law
from sim.law.rates.monthly import monthly
from sim.law.reforms.edits import apply_reforms
from sim.law.reforms.schema import Repeal
from sim.tables import MOVES
from sim.world.build import load_world
from sim.world.narrowing import narrowed
from tests.engine.conftest import run, simulation
from tests.reference import tiny

WITHOUT = ("mazda", "mitsubishi_motors")
"""Makers that sell in the United States and have no plant there."""
DEALS = ["us_232_autos_jp", "us_232_autos_eu", "us_232_autos_kr"]
LANES = 32


@cache
def decisions() -> pd.DataFrame:
    """What carmakers decide where the American car tariff stays at 25 % for good."""
    world = load_world()
    world = narrowed(world, [line.id for line in world.lines if line.product == "cars"])
    law = apply_reforms(load_law(), [Repeal(op="repeal", instrument=DEALS, start=date(2025, 4, 3))])
    lanes = tuple(Lane("for_good", "base", number, 0) for number in range(LANES))
    made = run_block(world, [monthly(law, world.months)], Block("for good", 1, lanes))
    moves = made["relocations"]
    return moves.astype(dict.fromkeys(("firm", "kind", "to_country", "market"), str))


@pytest.mark.slow
def test_in_some_runs_a_maker_without_an_american_plant_comes_to_have_one() -> None:
    made = decisions()
    enters = made[
        made["firm"].isin(WITHOUT) & (made["to_country"] == "US") & made["kind"].isin(MOVES)
    ]
    assert set(enters["kind"]) <= {"shared", "open"}
    assert 0 < enters["replication"].nunique() < LANES


@pytest.mark.slow
@pytest.mark.parametrize("firm", WITHOUT)
def test_no_maker_adds_half_its_home_output_at_home(firm: str) -> None:
    made, world = decisions(), load_world()
    n = next(n for n, line in enumerate(world.lines) if line.firm == firm)
    output = world.base_flow[n, COUNTRY_INDEX["JP"]].sum()
    grown = made[(made["firm"] == firm) & (made["kind"] == "expand") & (made["to_country"] == "JP")]
    assert grown.groupby("replication")["units"].sum().max() < 0.5 * output


def test_room_for_a_market_is_worth_no_more_than_serving_it_from_elsewhere_costs() -> None:
    """A full plant whose exports could be made elsewhere for less than new room costs stays."""
    s = run(simulation(tiny.world(), tiny.duties(60), lanes=1), 27)
    s.month.room_worth[:] = 0.0
    p = int(np.flatnonzero(s.layout.plant_country == COUNTRY_INDEX["JP"])[0])
    s.month.room_worth[p] = 5000.0
    s.state.mothballed[p] = 0.0
    abroad = np.flatnonzero(s.layout.route_plant[s.layout.slice_route] == p)
    part = s.month.flow[s.layout.slice_route[abroad], 0].sum()
    part /= s.month.flow[s.layout.route_plant == p, 0].sum()
    net = {}
    for elsewhere in (-np.inf, -0.1, 0.0, 0.1):
        s.month.elsewhere[:] = elsewhere
        out = np.zeros_like(s.month.capacity_proposals)
        expansions(
            s.layout, costs=costs_view(s), outlook=outlook_view(s), terms=s.terms,
            orders=orders_view(s), room=room_view(s), out=out,
        )  # fmt: skip
        net[elsewhere] = out[p, 0, field.NET]
    lump, most = s.base.lump[p], 0.1 * 0.88 * s.base.price[0]
    assert net[-np.inf] - net[-0.1] == pytest.approx(part * (5000.0 - most) * lump)
    assert net[-np.inf] - net[0.0] == pytest.approx(part * 5000.0 * lump)
    assert net[0.1] == net[0.0] > 0.0
