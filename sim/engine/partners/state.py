"""Who offers technology to whom in China, and the agreements of every lane."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats, Ints
from sim.axes import COUNTRY_INDEX, months_between
from sim.decisions.expectations import diffusion_hurdle
from sim.decisions.partnership import NEVER, Offers, Terms
from sim.decisions.proposal import FIELDS
from sim.engine.mechanism import Setup
from sim.world.lines import Partnership
from sim.world.world import World

_CHINA = COUNTRY_INDEX["CN"]


@dataclass(slots=True, eq=False)
class Partners:
    """Offers (U) in rows by line, and what each lane made of them."""

    rows: tuple[Partnership, ...]
    offers: Offers
    terms: Terms
    bev: Floats
    """float64[T]: battery-electric share of the Chinese car market."""
    agreed: Ints
    """int64[offers, R]: month of the agreement, :data:`sim.decisions.partnership.NEVER` before."""
    factor: Floats
    """float64[N, R]: what partners add to the line's demand in China this month."""
    proposals: Floats
    """float64[N, R, fields]."""


def build_partners(setup: Setup) -> Partners | None:
    """Offers to lines that sell in China, no agreement yet; None where there are none."""
    world, layout, lanes = setup.world, setup.layout, setup.lanes
    outlets = np.full(len(world.lines), -1, dtype=np.int64)
    there = np.flatnonzero(layout.outlet_market == _CHINA)
    outlets[layout.outlet_line[there]] = there
    sellers = [line.id for n, line in enumerate(world.lines) if outlets[n] >= 0]
    rows = tuple(one for name in sellers for one in world.partnerships if one.line == name)
    if not rows or world.bev_share is None:
        return None
    return Partners(
        rows=rows,
        offers=_offers(world, rows, outlets),
        terms=_terms(setup.parameters),
        bev=world.bev_share[_CHINA],
        agreed=np.full((len(rows), lanes), NEVER, dtype=np.int64),
        factor=np.ones((len(world.lines), lanes)),
        proposals=np.zeros((len(world.lines), lanes, FIELDS)),
    )


def _offers(world: World, rows: tuple[Partnership, ...], outlets: Ints) -> Offers:
    """Who is on offer to whom from when; ``outlets``: int64[N], each line's outlet in China."""
    fields = sorted({one.field for one in rows})
    count = [sum(one.line == line.id for one in rows) for line in world.lines]
    first = world.months[0]
    months = [months_between(first, one.offered) for one in rows]
    return Offers(
        line_offers=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        field=np.array([fields.index(one.field) for one in rows], dtype=np.int64),
        month=np.array(months, dtype=np.int64),
        outlet=outlets,
    )


def _terms(parameters: Mapping[str, Floats]) -> Terms:
    return Terms(
        gain=parameters["partner_gain"],
        cap=parameters["partner_cap"],
        months=parameters["partner_months"],
        margin=parameters["partner_margin"],
        outlay=parameters["partner_sunk"] * (1.0 - parameters["partner_cost_share"]),
        discount=parameters["discount"],
        depreciation=parameters["depreciation"],
        diffusion=np.ascontiguousarray(
            diffusion_hurdle(parameters["discount"], parameters["diffusion_sigma"])
        ),
    )
