"""Ways of a car model to another place: room is found, built or shared, and no room twice."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

import numpy as np
import pytest

from sim.axes import COUNTRY_INDEX
from sim.decisions import proposal as field
from sim.decisions.ways import HOST, OWN, PARTNER, outward
from sim.engine.simulation import Simulation
from sim.engine.steps import orders, room
from sim.engine.steps.costs import costs_view
from sim.engine.steps.outlook import outlook_view
from sim.engine.steps.places import places_view
from sim.engine.steps.reviews import slices_view
from sim.law.law import load_law
from sim.law.rates.monthly import monthly
from sim.law.reforms.edits import apply_reforms
from sim.law.reforms.schema import Add
from sim.tables import RELOCATION_KINDS
from sim.world.build import load_world
from sim.world.narrowing import narrowed
from sim.world.parameters import lane_values
from sim.world.world import World
from tests.engine.conftest import run, simulation

CARS = ("toyota_cars", "nissan_cars", "mazda_cars", "subaru_cars", "mitsubishi_motors_cars")
LOOSE = {"entry_gap.cars": 0.0, "existing_gap_factor": 0.0, "fixed_project_usd.cars": 0.0,
         "transfer_sunk.cars": 0.0, "expand_sunk.cars": 0.03, "open_sunk.cars": 0.03,
         "shared_sunk.cars": 0.02, "shared_fee.cars": 0.0, "untied_fee.cars": 0.005,
         "capital_budget_share": 0.5, "model_life_months.cars": 12.0}  # fmt: skip
"""Moves that cost little: every way is gone."""


def cars(until: date = date(2023, 12, 1)) -> World:
    """The makers of cars with loose terms; two of them have room in the United States."""
    world = narrowed(load_world(last=until), CARS)
    values = {name: held[:, 0] for name, held in lane_values(world, [LOOSE]).items()}
    capacity = world.base_capacity.copy()
    capacity[:2, COUNTRY_INDEX["US"]] *= 1.3
    return dataclasses.replace(world, parameters=values, base_capacity=capacity)


def duties(world: World) -> Any:
    """The law as enacted with 25 % on all cars from April 2018 on."""
    more = Add(op="add", id="cars", importer="US", rate=0.25, products="cars",
               start=date(2018, 4, 1), basis="section_232")  # fmt: skip
    return monthly(apply_reforms(load_law(), [more]), world.months)


@pytest.fixture(scope="module")
def start() -> Simulation:
    """The first review of the makers of cars."""
    world = cars(date(2018, 12, 1))
    return run(simulation(world, monthly(load_law(), world.months), lanes=1), 4)


def way(s: Simulation, line: str, place: str, kind: int, **spare: float) -> np.ndarray | None:
    """What the first programme of a line's slice to the US is at a place by one way.

    ``spare`` is the room of the plants of other lines there; all else has none.
    """
    names, layout = [one.id for one in s.world.lines], s.layout
    n, i = names.index(line), COUNTRY_INDEX[place]
    s.month.spare = np.zeros_like(s.state.capacity)
    for other, units in spare.items():
        s.month.spare[plant(s, other, place)] = units
    slices = slices_view(s)
    q = next(
        q
        for q in range(layout.line_slices[n], layout.line_slices[n + 1])
        if layout.route_origin[layout.slice_route[q]] == COUNTRY_INDEX["JP"]
        and layout.route_market[layout.slice_route[q]] == COUNTRY_INDEX["US"]
    )
    trial = np.zeros(field.FIELDS)
    there = outward(
        s.layout, costs_view(s), outlook_view(s), s.terms, places_view(s), slices,
        s=q, i=i, way=kind, volume=80e3, r=0, trial=trial,
    )  # fmt: skip
    return trial if there else None


def plant(s: Simulation, line: str, place: str) -> int:
    """Row of a line's plant in a place."""
    n = [one.id for one in s.world.lines].index(line)
    rows = np.flatnonzero(s.layout.plant_line == n)
    return int(rows[s.layout.plant_country[rows] == COUNTRY_INDEX[place]][0])


def kind_of(trial: np.ndarray | None) -> str:
    """Name of its kind."""
    return "" if trial is None else RELOCATION_KINDS[int(trial[field.KIND])]


def test_a_model_goes_to_spare_room_before_room_is_built_for_it(start: Simulation) -> None:
    found = way(start, "subaru_cars", "US", OWN, subaru_cars=100e3)
    built = way(start, "subaru_cars", "US", OWN, subaru_cars=80e3)
    assert (kind_of(found), kind_of(built)) == ("transfer", "brownfield")
    assert found is not None
    assert built is not None
    assert found[field.ROOM] == pytest.approx(80e3 / 0.88)
    assert built[field.ROOM] == 0.0
    assert found[field.LEAD] < built[field.LEAD]
    assert found[field.SUNK] < built[field.SUNK]


def test_where_a_firm_has_no_site_it_opens_one(start: Simulation) -> None:
    assert kind_of(way(start, "mazda_cars", "US", OWN)) == "open"


def test_a_maker_with_ties_shares_its_room_and_builds_with_its_partner_where_it_has_none(
    start: Simulation,
) -> None:
    """Toyota and Mazda are tied from August 2017 on."""
    month, start.state.month = start.state.month, 8
    hosted = way(start, "mazda_cars", "US", PARTNER, toyota_cars=100e3)
    joint = way(start, "mazda_cars", "US", PARTNER)
    start.state.month = month
    early = way(start, "mazda_cars", "US", PARTNER, toyota_cars=100e3)
    assert (kind_of(hosted), kind_of(joint), kind_of(early)) == ("shared", "shared", "")
    assert hosted is not None
    assert joint is not None
    assert hosted[field.ROOM] > joint[field.ROOM] == 0.0
    assert hosted[field.LEAD] < joint[field.LEAD]
    assert start.counterparties(np.stack([hosted, joint])).tolist() == ["Toyota", "Toyota"]


def test_a_maker_without_ties_shares_only_room_that_it_has_and_asks_for_more(
    start: Simulation,
) -> None:
    none = way(start, "mazda_cars", "US", HOST)
    hosted = way(start, "mazda_cars", "US", HOST, nissan_cars=100e3, subaru_cars=95e3)
    assert (kind_of(none), kind_of(hosted)) == ("", "shared")
    assert hosted is not None
    assert hosted[field.HOST] == plant(start, "nissan_cars", "US")
    start.state.month = 8
    tied = way(start, "mazda_cars", "US", PARTNER, toyota_cars=100e3)
    start.state.month = 4
    assert tied is not None
    assert hosted[field.EXTRA] > tied[field.EXTRA] + 0.004


def test_no_room_is_used_twice_and_capacity_is_neither_made_nor_lost_by_moving(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Capacity of all makers is that of 2017, what was built, less what was closed."""
    world = cars()
    s = simulation(world, duties(world), lanes=8)
    taken = np.zeros_like(s.state.capacity)

    def take(s: Simulation, order: np.ndarray, r: int) -> None:
        assert s.month.spare[int(order[field.HOST]), r] >= order[field.ROOM]
        if order[field.KIND] == field.SHARED:
            taken[int(order[field.HOST]), r] += order[field.ROOM]
        room.take_room(s, order, r)

    monkeypatch.setattr(orders, "take_room", take)

    def watch(s: Simulation) -> None:
        for name in ("capacity", "capacity_base", "mothballed", "output_average", "volume"):
            assert getattr(s.state, name).min() >= 0.0, name
        assert s.month.spare.min() >= 0.0

    run(s, len(world.months), watch)
    assert taken.any()
    assert seen(s) >= {"transfer", "brownfield", "shared"}
    now, due = s.state.capacity.sum(axis=0), balance(s, taken)
    np.testing.assert_allclose(now, due, rtol=1e-9)


def seen(s: Simulation) -> set[str]:
    """Kinds of what was decided."""
    return {RELOCATION_KINDS[int(one[field.KIND])] for one in s.events.proposal}


def balance(s: Simulation, taken: np.ndarray) -> np.ndarray:
    """Capacity that there should be in each lane, units a year."""
    left = s.base.capacity.sum() - taken.sum(axis=0)
    for lane, one, operating in zip(
        s.events.lane, s.events.proposal, s.events.operating, strict=True
    ):
        units = one[field.VOLUME]
        if one[field.KIND] in (field.CLOSE, field.EXIT):
            left[lane] -= units
        elif operating < s.state.month and one[field.KIND] == field.EXPAND:
            left[lane] += units
        elif operating < s.state.month and one[field.KIND] in (
            field.BROWNFIELD, field.OPEN, field.SHARED,
        ):  # fmt: skip
            left[lane] += units / 0.88
    return left
