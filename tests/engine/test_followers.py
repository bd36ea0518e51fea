"""Parts makers go where the assemblers of their group go, in demand and in place."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest

from sim.axes import COUNTRY_INDEX
from sim.engine.block import Block, Lane, run_block
from sim.engine.steps.places import places_view
from sim.engine.steps.reviews import slice_volumes
from sim.law.law import load_law
from sim.law.rates.monthly import MonthlyDuty, monthly
from sim.law.reforms.edits import apply_reforms
from sim.law.reforms.schema import Add
from sim.tables import MOVES
from sim.world.build import load_world
from sim.world.narrowing import narrowed
from sim.world.world import World
from tests.engine.conftest import run, simulation

LINES = ("toyota_cars", "denso_auto_parts", "aisin_auto_parts", "jtekt_auto_parts",
         "toyota_boshoku_auto_parts", "yazaki_auto_parts")  # fmt: skip
CHEAP = {"open_sunk.cars": 0.05, "expand_sunk.cars": 0.05, "transfer_sunk.cars": 0.0,
         "capital_budget_share": 0.3, "model_life_months.cars": 12.0,
         "brownfield_months.cars": 12.0}  # fmt: skip
"""Assembly moves at once; what parts makers pay is as declared."""
US, VN = COUNTRY_INDEX["US"], COUNTRY_INDEX["VN"]


@cache
def setting() -> tuple[World, MonthlyDuty]:
    """Toyota and makers of parts; an American duty on cars, and a smaller one on parts."""
    world = narrowed(load_world(last=date(2026, 12, 1)), LINES)
    duties = [
        Add(op="add", id=f"on_{product}", importer="US", rate=rate, products=product,
            start=date(2018, 4, 1), basis="section_232")
        for product, rate in (("cars", 0.25), ("auto_parts", 0.14))
    ]  # fmt: skip
    return world, monthly(apply_reforms(load_law(), duties), world.months)


def parts_to_america(**changes: float) -> pd.DataFrame:
    """Programmes of parts that go to the United States in eight runs."""
    world, duty = setting()
    lanes = tuple(Lane("duty", "base", n, 0, {**CHEAP, **changes}) for n in range(8))
    moves = run_block(world, [duty], Block("parts", 1, lanes))["relocations"]
    moves = moves.astype(dict.fromkeys(("kind", "product", "to_country", "firm"), str))
    wanted = (moves["product"] == "auto_parts") & (moves["to_country"] == "US")
    return moves[wanted & moves["kind"].isin(MOVES)]


@pytest.mark.slow
def test_assembly_that_comes_draws_parts_plants_in_some_runs() -> None:
    """The same duties draw fewer makers of parts where Toyota cannot move models."""
    comes, stays = parts_to_america(), parts_to_america(**{"programmes.cars": 0.0})
    drawn = set(zip(comes["firm"], comes["replication"], strict=True))
    anyway = set(zip(stays["firm"], stays["replication"], strict=True))
    assert drawn > anyway
    assert comes["units"].sum() > 1.2 * stays["units"].sum()


def test_car_plants_of_the_group_ease_the_gap_and_make_slices_larger() -> None:
    world, duty = setting()
    s = run(simulation(world, duty, lanes=1), 4)
    names = [line.id for line in world.lines]
    before, volumes = places_view(s).assembler, slice_volumes(s)
    plants = (s.layout.plant_line == 0) & np.isin(s.layout.plant_country, [US, VN])
    s.state.capacity[plants] += 400e3
    s.state.output_average[plants] += 30e3
    run(s, 1)
    after = places_view(s).assembler
    eased = after[:, VN, 0] - before[:, VN, 0]
    denso, yazaki = names.index("denso_auto_parts"), names.index("yazaki_auto_parts")
    assert eased[denso] > eased[names.index("toyota_cars")] == eased[yazaki] == 0.0
    grown = slice_volumes(s)[:, 0] / volumes[:, 0]
    to_us = s.layout.route_market[s.layout.slice_route] == US
    parts = s.layout.slice_line > 0
    assert grown[to_us & parts].min() > 1.1
    np.testing.assert_array_equal(grown[~parts], 1.0)
