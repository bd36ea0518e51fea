"""Preferences are taken where they are earned."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.axes import COUNTRY_INDEX
from sim.engine.preference_claims import claims
from sim.law.law import load_law
from sim.law.origin.declared import declared
from sim.world.build import load_world
from sim.world.layout import Layout, build_layout
from sim.world.world import World

JP, MX, US, EU, CN = (COUNTRY_INDEX[code] for code in ("JP", "MX", "US", "EU", "CN"))


@pytest.fixture(scope="module")
def world() -> World:
    """The real world."""
    return load_world()


def route(layout: Layout, line: int, origin: int, market: int) -> int:
    """Row of one route."""
    found = (layout.route_line == line) & (layout.route_origin == origin)
    return int(np.flatnonzero(found & (layout.route_market == market))[0])


def test_mexican_cars_claim_under_nafta_and_usmca_all_along(world: World) -> None:
    """Nissan's Mexican cars meet 62.5 % and later 75 % and the wage rule on their own parts."""
    layout = build_layout(world)
    nissan = next(n for n, line in enumerate(world.lines) if line.id == "nissan_cars")
    e = route(layout, nissan, MX, US)
    found = claims(world, layout, load_law().agreements, declared())[:, e]
    assert found.min() == pytest.approx(world.preference_share[nissan, MX, US])


def test_a_line_that_buys_its_parts_in_china_loses_the_preference(world: World) -> None:
    """With nine tenths of its parts from China a Mexican car earns nothing."""
    layout = build_layout(world)
    nissan = next(n for n, line in enumerate(world.lines) if line.id == "nissan_cars")
    source = world.parts_source.copy()
    source[nissan, MX] = [0.95, 0.05, 0.0]
    found = claims(replace(world, parts_source=source), layout, load_law().agreements, declared())
    assert found[48:, route(layout, nissan, MX, US)].max() == 0.0


def test_a_claim_begins_with_the_agreement(world: World) -> None:
    """Japanese cars claim in Europe from February 2019 on, when the EPA enters into force."""
    layout = build_layout(world)
    toyota = next(n for n, line in enumerate(world.lines) if line.id == "toyota_cars")
    e = route(layout, toyota, JP, EU)
    found = claims(world, layout, load_law().agreements, declared())[:, e]
    assert found[24] == 0.0
    assert found[25] > 0.0


def test_nothing_is_claimed_without_an_agreement(world: World) -> None:
    """With no agreement in the law nobody claims."""
    assert claims(world, build_layout(world), (), declared()).max() == 0.0
