"""Flows under capacity with overtime: room grows with what the market pays for it."""

from __future__ import annotations

import math

import numpy as np

from sim.decisions import sourcing
from sim.engine.state import Base
from sim.world.layout import Layout

THETA, ETA, PREMIUM, STRAIGHT = 7.7, 3.87, 0.08, 0.95
DEAREST = THETA * math.log(1.0 + PREMIUM)


def transport(
    layout: Layout, base: Base, demand: float, straight: float = STRAIGHT,
    premium: float = PREMIUM, closed: int = -1,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Output and rent by plant when every outlet orders ``demand`` times the base; capacity."""
    plants, outlets = (len(layout.plant_line), 1), (len(layout.outlet_line), 1)
    flow, shadow, row = np.empty((len(layout.route_line), 1)), np.empty(plants), np.empty(plants)
    usable = base.capacity[:, None] / 12.0
    if closed >= 0:
        usable[closed] = 0.0
    one = np.ones((2, 1))
    sourcing.transport(
        layout,
        orders=demand * base.demand[:, None],
        share=base.share[:, None].copy(),
        capacity=usable,
        straight=np.full(plants, straight),
        premium=premium * one,
        eta=ETA * one,
        theta=THETA * one,
        flow=flow,
        shadow=shadow,
        row=row,
        column=np.empty(outlets),
        kept=np.empty(plants),
    )
    return row[:, 0], shadow[:, 0], usable[:, 0]


def test_within_straight_time_nothing_is_dearer(layout: Layout, base: Base) -> None:
    made, rent, _ = transport(layout, base, 1.07)
    np.testing.assert_allclose(made, 1.07 * base.output)
    assert not rent.any()


def test_between_straight_time_and_capacity_room_is_what_the_rent_pays_for(
    layout: Layout, base: Base
) -> None:
    made, rent, usable = transport(layout, base, 1.11)
    busy = rent > 0.0
    assert busy.any()
    assert np.all(rent[busy] < DEAREST)
    room = usable * (STRAIGHT + (1.0 - STRAIGHT) * rent / DEAREST)
    np.testing.assert_allclose(made[busy], room[busy], rtol=1e-7)


def test_beyond_capacity_a_plant_makes_all_it_can(layout: Layout, base: Base) -> None:
    made, rent, usable = transport(layout, base, 1.8)
    full = usable > 0.0
    np.testing.assert_allclose(made[full], usable[full], rtol=1e-6)
    assert np.all(rent[full] >= DEAREST * (1.0 - 1e-6))


def test_more_orders_never_lower_output_or_rent(layout: Layout, base: Base) -> None:
    runs = [transport(layout, base, demand)[:2] for demand in np.linspace(1.0, 1.3, 13)]
    for column in range(2):
        steps = np.diff(np.stack([one[column] for one in runs]), axis=0)
        assert steps.min() >= -1e-6 * base.capacity.max()


def test_dearer_overtime_is_worked_less(layout: Layout, base: Base) -> None:
    cheap, dear = (transport(layout, base, 1.11, premium=x)[0].sum() for x in (0.03, 0.15))
    assert dear < cheap


def test_free_overtime_is_all_of_capacity_at_no_rent(layout: Layout, base: Base) -> None:
    made, rent, _ = transport(layout, base, 1.11, straight=1.0, premium=0.0)
    np.testing.assert_allclose(made, 1.11 * base.output)
    assert not rent.any()


def test_a_plant_that_may_use_nothing_leaves_its_part_to_the_others(
    layout: Layout, base: Base
) -> None:
    closed = int(np.flatnonzero(base.output > 0.0)[0])
    made, rent, _ = transport(layout, base, 0.7, closed=closed)
    assert made[closed] == 0.0
    assert rent[closed] == 0.0
    served = layout.route_outlet[layout.route_plant == closed]
    shared = layout.route_plant[np.isin(layout.route_outlet, served) & (base.share > 0.0)]
    helpers = np.setdiff1d(shared, [closed])
    assert np.all(made[helpers] > 0.7 * base.output[helpers])
