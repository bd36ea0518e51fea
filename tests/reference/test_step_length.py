"""The model's figures do not hang on the length of its step: months and quarters tell one story.

Only the reference can take longer steps; noise is off, and every firm decides when it should.
"""

from __future__ import annotations

from collections import defaultdict

import pytest

from tests.reference import tiny
from tests.reference.model import ReferenceModel

MONTHS = 120
CLOSE = 0.05
WEIGHTY = 0.01
"""Flows below this part of a line's yearly output are not compared."""

Yearly = dict[tuple[str, str, str, int], float]


def quiet_run(step_months: int, decides: float) -> ReferenceModel:
    """Ten years without noise."""
    world = tiny.world(
        MONTHS, demand_noise_sd=0, fx_noise_sd=0, lead_time_sd=0, decision_probability=decides
    )
    model = ReferenceModel(world, tiny.duties(MONTHS), seed=1, step_months=step_months)
    model.run()
    return model


def yearly(model: ReferenceModel) -> Yearly:
    """Units by line, origin, market and year."""
    total: Yearly = defaultdict(float)
    for n, record in enumerate(model.records):
        for key, flow in record.flows.items():
            total[*key, n * model.step_months // 12] += model.step_months * flow.units
    return total


def far_apart(months: Yearly, quarters: Yearly, keep: tuple[int, ...]) -> list[str]:
    """Sums over what is not kept that differ by more than a twentieth."""
    sums: tuple[Yearly, Yearly] = defaultdict(float), defaultdict(float)
    made: dict[tuple[str, int], float] = defaultdict(float)
    for key, units in months.items():
        made[key[0], key[3]] += units
        for total, flows in zip(sums, (months, quarters), strict=True):
            short = tuple(key[n] if n in keep else "" for n in range(4))
            total[short] += flows[key]
    return [
        f"{key}: {units:.0f} by month, {sums[1][key]:.0f} by quarter"
        for key, units in sums[0].items()
        if units > WEIGHTY * made[key[0], key[3]]
        if abs(sums[1][key] - units) > CLOSE * units
    ]


@pytest.mark.slow
def test_routes_agree_within_a_twentieth_where_nothing_is_decided() -> None:
    months, quarters = (yearly(quiet_run(step, 0.0)) for step in (1, 3))
    assert not far_apart(months, quarters, (0, 1, 2, 3))


@pytest.mark.slow
def test_plants_and_markets_agree_within_a_twentieth_where_lumps_move() -> None:
    """A lump moves up to two quarters sooner or later, so single routes may differ by more."""
    models = [quiet_run(step, 1.0) for step in (1, 3)]
    kinds = [sorted(event.kind for event in model.events) for model in models]
    assert kinds[0] == kinds[1]
    assert {"transfer", "mothball", "close"} <= set(kinds[0])
    months, quarters = (yearly(model) for model in models)
    assert not far_apart(months, quarters, (0, 1, 3))
    assert not far_apart(months, quarters, (0, 2, 3))
