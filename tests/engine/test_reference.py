"""The engine and the reference, written apart from one specification, tell the same story.

Tables of 168 months must agree to 1e-6; the floor is a billionth of the largest figure of the same
firm and product, as both add and subtract flows of that size. Chip tools ship unlicensed here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd
import pytest

from sim.engine.block import Block, Lane, run_block
from sim.law.law import load_law
from sim.law.rates.monthly import monthly
from sim.tables import MOVES
from sim.world.build import load_world
from sim.world.narrowing import narrowed
from tests.reference import tables
from tests.reference.drawn import drawn
from tests.reference.model import ReferenceModel

LINES = (
    "suzuki_cars", "ricoh_printers", "nintendo_consoles_cameras", "tokyo_electron_chip_tools",
)  # fmt: skip
OTHERS = (
    "mazda_cars", "suzuki_cars", "mitsubishi_motors_cars", "ricoh_printers", "kyocera_printers",
    "nintendo_consoles_cameras", "denso_auto_parts", "bridgestone_auto_parts",
)  # fmt: skip
"""Lines that share markets and classes, and parts makers with their assemblers."""
CARMAKERS = ("toyota_cars", "nissan_cars", "mazda_cars", "subaru_cars")
"""Makers who share plants, with ties and without."""
GROUP = ("toyota_cars", "denso_auto_parts", "aisin_auto_parts", "jtekt_auto_parts")
"""An assembler and makers of parts of its group."""
ALL = ("all",)
MADE_OF = ("nidec_components", "tdk_components", "nissan_cars_bev", "panasonic_ev_batteries")
"""Makers whose goods need what China's export rules reach."""
RULED = {
    "magnet_cost_share": 0.1, "graphite_cost_share": 0.15, "magnet_needed_share": 0.8,
    "material_late_licence": 0.9, "material_delay_months": 5.0, "material_lost_share": 0.7,
    "decision_probability": 1.0, "capital_budget_share": 10.0, "theta_slice": 40.0,
    "transfer_sunk": 0.02,
}  # fmt: skip
"""Parameters under which these rules move work."""
RELATIVE, FLOOR, NOTHING = 1e-6, 1e-9, 1e-6
"""``NOTHING``: a millionth of a unit or a dollar, below which figures are residues of rounding."""


@dataclass(frozen=True)
class Pair:
    """Tables of the engine and the reference's model of the same lane."""

    engine: dict[str, pd.DataFrame]
    reference: ReferenceModel


@lru_cache(maxsize=10)  # as many as there are runs: tests go through all of them in turn
def pair(lines: tuple[str, ...], seed: int, draw: int = 0) -> Pair:
    """One lane of the engine, and the same by the reference; parameters drawn where said."""
    world = load_world()
    world = dataclasses.replace(world if lines == ALL else narrowed(world, lines), tools=None)
    world = drawn(world, draw) if draw else world
    if lines == MADE_OF:
        ruled = {name: np.full(len(world.lines), value) for name, value in RULED.items()}
        world = dataclasses.replace(world, parameters={**world.parameters, **ruled})
    duty = monthly(load_law(), world.months)
    lane = Lane("enacted", "base", 0, 0, detail=True)
    engine = run_block(world, [duty], Block("reference", seed, (lane,)))
    reference = ReferenceModel(world, duty, seed=seed)
    reference.run()
    return Pair(engine, reference)


def keyed(table: pd.DataFrame, key: list[str], values: list[str]) -> pd.DataFrame:
    """A table of the engine by key: dates for months, lines of one product added."""
    table = table[[*key, *values]].copy()
    for name in key:
        months = name.endswith("month")
        table[name] = table[name].dt.date if months else table[name].astype(str)
    return table.groupby(key, observed=True)[values].sum()


def refuse_difference(
    ours: pd.DataFrame, theirs: pd.DataFrame, owner: Sequence[str] = ("firm", "product")
) -> None:
    """Fail with the first rows that differ; a row that one side lacks is zero."""
    index = ours.index.union(theirs.index)
    ours, theirs = ours.reindex(index).fillna(0.0), theirs.reindex(index).fillna(0.0)
    size = np.maximum(ours.abs(), theirs.abs())
    floor = FLOOR * size.groupby(list(owner)).transform("max") + NOTHING
    wrong = (ours - theirs).abs() > np.maximum(RELATIVE * size, floor)
    if wrong.to_numpy().any():
        rows, columns = wrong.any(axis=1), wrong.columns[wrong.any()]
        sides = (ours.loc[rows, columns], theirs.loc[rows, columns])
        first = sides[0].join(sides[1], suffixes=("_reference", "_engine")).head(5)
        pytest.fail(f"{rows.sum()} of {len(rows)} rows differ, first\n{first.T.to_string()}")


Run = tuple[tuple[str, ...], int, int]
FAST: tuple[Run, ...] = ((LINES, 5, 0), (LINES, 1, 0), (MADE_OF, 3, 0))
"""Between them: a contract maker, transfers, a return, expansions, closures and an exit."""
SLOW = [
    pytest.param(run, marks=pytest.mark.slow)
    for run in (
        (ALL, 1, 0), (OTHERS, 1, 1), (OTHERS, 2, 2), (OTHERS, 6, 6), (CARMAKERS, 0, 0),
        (CARMAKERS, 2, 2), (GROUP, 7, 7),
    )
]  # fmt: skip
runs = pytest.mark.parametrize(
    "run",
    [*FAST, *SLOW],
    ids=[
        "seed 5", "seed 1", "materials", "all lines", "draw 1", "draw 2", "draw 6", "carmakers",
        "carmakers of draw 2", "a group",
    ],
)  # fmt: skip


@runs
def test_flows_agree(run: Run) -> None:
    both = pair(*run)
    engine = keyed(both.engine["flows"], tables.FLOW_KEY, tables.FLOW_VALUES)
    refuse_difference(tables.flows(both.reference), engine)


@runs
def test_plants_agree(run: Run) -> None:
    both = pair(*run)
    engine = keyed(both.engine["plants"], tables.PLANT_KEY, tables.PLANT_VALUES)
    refuse_difference(tables.plants(both.reference), engine)


@runs
def test_books_agree(run: Run) -> None:
    both = pair(*run)
    table = both.engine["firms"]
    total = table[table["segment"].astype(str) == "total"]
    engine = keyed(total, tables.FIRM_KEY, tables.FIRM_VALUES)
    refuse_difference(tables.firms(both.reference), engine, ["firm"])


@runs
def test_relocations_agree_with_every_driver(run: Run) -> None:
    both = pair(*run)
    ours = tables.relocations(both.reference)[tables.MOVE_VALUES]
    engine = keyed(both.engine["relocations"], tables.MOVE_KEY, tables.MOVE_VALUES)
    assert list(ours.index) == list(engine.index)
    refuse_difference(ours, engine)


@runs
def test_where_every_slice_could_have_gone_agrees(run: Run) -> None:
    """The table of what was considered holds the best destination, and what stood against it.

    Two places may be equally good to the last digits: then either may be told.
    """
    both = pair(*run)
    ours, table = tables.considered(both.reference), both.engine["considered"]
    engine = keyed(table, tables.LOOK_KEY, tables.LOOK_VALUES)
    places = table.assign(month=table["month"].dt.date).set_index(tables.LOOK_KEY)
    assert len(engine) > 50
    assert list(ours.index) == list(engine.index)
    told, wanted = (one[tables.LOOK_PLACE] for one in (places.loc[engine.index], ours))
    same = (told.to_numpy() == wanted.to_numpy()).all(axis=1)
    assert same.mean() > 0.95
    refuse_difference(ours.loc[same, tables.LOOK_VALUES], engine[same])
    np.testing.assert_allclose(net(ours[~same]), net(engine[~same]), atol=1e-12)


@runs
def test_the_options_that_were_not_taken_agree(run: Run) -> None:
    """The three best of every slice that moved, or at a year's end stayed, and what they lack."""
    both = pair(*run)
    key = [*tables.LOOK_KEY, "rank"]
    ours = tables.options(both.reference)
    table = both.engine["options"].astype({"rank": str})
    engine = keyed(table, key, ["option_value_usd", "gap_usd"])
    assert len(engine) > 150
    assert list(ours.index) == list(engine.index)
    refuse_difference(ours, engine)
    stayed = both.engine["options"]["done"] == "stay"
    assert (stayed.any(), (~stayed).any()) == (True, True)


def net(rows: pd.DataFrame) -> pd.Series:
    """Saving less all that stands against it, over price."""
    against = ["gap_share", "moving_share", "caution_share"]
    return rows["saving_share"] - rows[against].sum(axis=1)


@runs
def test_relocations_agree_on_reason_and_date(run: Run) -> None:
    both = pair(*run)
    ours, theirs = tables.relocations(both.reference), both.engine["relocations"]
    months = both.reference.world.months
    for _, row in theirs.iterrows():
        key = [
            row[name].date() if name.endswith("month") else row[name] for name in tables.MOVE_KEY
        ]
        event = ours.loc[tuple(key)]
        assert row["reason"] == event["reason"]
        if row["kind"] == "shared":
            assert row["partner"] == event["partner"]
        if event["operating"] < len(months):
            assert row["operating_month"].date() == months[event["operating"]]


def test_the_run_of_materials_weighs_the_rules_on_them() -> None:
    """Rules have a part in what is decided, cost what goods are made of, and stand lines still."""
    both = pair(MADE_OF, 3, 0)
    assert any(event.drivers["controls"] for event in both.reference.events)
    rules = both.reference.scene.materials
    line = next(one for one in both.reference.industry.lines if one.id == MADE_OF[0])
    japan = next(plant for plant in line.plants.values() if plant.country == "JP")
    month = both.reference.world.months.index(date(2025, 7, 1))
    assert rules.loss(line, japan, month) > 0.0
    assert rules.dearer(line, japan, month) > 1.0


def test_the_fast_runs_move_programmes_and_capacity() -> None:
    kinds = {event.kind for run in FAST for event in pair(*run).reference.events}
    assert kinds >= {"expand", "close"}
    assert kinds & set(MOVES)
