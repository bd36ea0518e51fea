"""Who offers technology to whom in China, and the agreements of every lane."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats, Ints
from sim.axes import COUNTRY_INDEX, months_between
from sim.data.demand_tables import KINDS
from sim.decisions.expectations import diffusion_hurdle
from sim.decisions.partnership import NEVER, Offers, Reach, Terms
from sim.decisions.proposal import FIELDS
from sim.engine.mechanism import Setup
from sim.world.car_kinds import CarKinds
from sim.world.lines import Partnership
from sim.world.world import World

_CHINA = COUNTRY_INDEX["CN"]


@dataclass(slots=True, eq=False)
class Partners:
    """Offers (U) in rows by line, and what each lane made of them."""

    rows: tuple[Partnership, ...]
    offers: Offers
    terms: Terms
    product_reach: Floats
    """float64[T, offers]: part of the Chinese car market that a product competes for."""
    line_reach: Floats
    """float64[T, N]: what rivals leave of the line's sales in China of 2017."""
    agreed: Ints
    """int64[offers, R]: month of the agreement, :data:`sim.decisions.partnership.NEVER` before."""
    factor: Floats
    """float64[N, R]: what products add to the line's demand in China this month."""
    given_up: Floats
    """float64[N, R]: the partners' part of what the line's sales there earn this month."""
    proposals: Floats
    """float64[N, R, fields]."""

    def reach(self, month: int, rivals: bool) -> Reach:
        """What a month's market leaves; a line keeps all of 2017 where rivals are switched off."""
        line = self.line_reach[month]
        return Reach(self.product_reach[month], line if rivals else np.ones_like(line))


def build_partners(setup: Setup) -> Partners | None:
    """Offers to lines that sell in China, no agreement yet; None where there are none."""
    world, layout, lanes = setup.world, setup.layout, setup.lanes
    outlets = np.full(len(world.lines), -1, dtype=np.int64)
    there = np.flatnonzero(layout.outlet_market == _CHINA)
    outlets[layout.outlet_line[there]] = there
    sellers = [line.id for n, line in enumerate(world.lines) if outlets[n] >= 0]
    rows = tuple(one for name in sellers for one in world.partnerships if one.line == name)
    if not rows or world.car_kinds is None:
        return None
    return Partners(
        rows=rows,
        offers=_offers(world, rows, outlets),
        terms=_terms(setup.parameters),
        product_reach=_product_reach(world.car_kinds, rows),
        line_reach=np.ascontiguousarray(world.rival_factor[:, _CHINA].T),
        agreed=np.full((len(rows), lanes), NEVER, dtype=np.int64),
        factor=np.ones((len(world.lines), lanes)),
        given_up=np.zeros((len(world.lines), lanes)),
        proposals=np.zeros((len(world.lines), lanes, FIELDS)),
    )


def _offers(world: World, rows: tuple[Partnership, ...], outlets: Ints) -> Offers:
    """Who is on offer to whom from when; ``outlets``: int64[N], each line's outlet in China."""
    fields = sorted({one.field for one in rows})
    count = [sum(one.line == line.id for one in rows) for line in world.lines]
    first = world.months[0]
    return Offers(
        line_offers=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        field=np.array([fields.index(one.field) for one in rows], dtype=np.int64),
        month=np.array([months_between(first, one.offered) for one in rows], dtype=np.int64),
        lead=np.array([one.lead_months for one in rows], dtype=np.int64),
        content=np.array([one.content for one in rows]),
        outlet=outlets,
    )


def _product_reach(kinds: CarKinds, rows: tuple[Partnership, ...]) -> Floats:
    """float64[T, offers]: the kind's share of the market, of what rivals have the appealing part.

    ``m (1 - R + appeal R)``: a product without a partner's appeal would sell only among the buyers
    that rivals leave, one with all of it among all.
    """
    kind = [KINDS.index(one.kind) for one in rows]
    share, rivals = kinds.share[kind, _CHINA], kinds.rivals[kind, _CHINA]
    appeal = np.array([one.appeal for one in rows])[:, None]
    return np.ascontiguousarray((share * (1.0 - rivals + appeal * rivals)).T)


def _terms(parameters: Mapping[str, Floats]) -> Terms:
    strength = parameters["product_strength"]
    borne = parameters["partner_sunk"] * (1.0 - parameters["partner_cost_share"])
    return Terms(
        strength=strength,
        ramp=parameters["product_ramp_months"],
        pace=parameters["rival_launch_pace"],
        margin=parameters["partner_margin"],
        outlay=borne * strength,
        discount=parameters["discount"],
        depreciation=parameters["depreciation"],
        diffusion=np.ascontiguousarray(
            diffusion_hurdle(parameters["discount"], parameters["diffusion_sigma"])
        ),
    )
