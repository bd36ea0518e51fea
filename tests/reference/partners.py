"""Technology partners of car lines in China (section 8 of docs/model.md, Partners)."""

from __future__ import annotations

import math

from sim.axes import COUNTRY_INDEX
from sim.data.demand_tables import KINDS
from sim.tables import DRIVERS
from sim.world.lines import Partnership
from sim.world.world import World
from tests.reference.beliefs import CARS, diffusion_hurdle
from tests.reference.rows import Line, Outlet, Partner
from tests.reference.scene import Scene
from tests.reference.why import Event, finish

CHINA = COUNTRY_INDEX["CN"]


def reach(offer: Partnership, world: World, month: int) -> float:
    """Part of China's car market that a product with this partner competes for."""
    if world.car_kinds is None:
        return 0.0
    at = KINDS.index(offer.kind), CHINA, month
    rivals = float(world.car_kinds.rivals[at])
    return float(world.car_kinds.share[at]) * (1 - rivals + offer.appeal * rivals)


def product_sales(line: Line, partner: Partner, world: World, month: int) -> float:
    """What a product sells by now, over the line's sales of 2017 in the market's size."""
    since = month - partner.since - partner.offer.lead_months
    if since <= 0:
        return 0.0
    strength = line.par.product_strength * min(1.0, since / line.par.product_ramp_months)
    strength *= math.exp(-line.par.rival_launch_pace * since / 12)
    return float(strength) * reach(partner.offer, world, month)


def rivals_leave(line: Line, world: World, month: int) -> float:
    """rival_factor of the line in China."""
    return float(world.rival_factor[line.n, CHINA, month])


def partner_factor(line: Line, j: int, world: World, month: int) -> float:
    """partner_m: what the products of a line's partners add to its demand by now."""
    if j != CHINA or not line.partners:
        return 1.0
    added = sum(product_sales(line, partner, world, month) for partner in line.partners)
    return 1 + added / rivals_leave(line, world, month)


def partners_share(line: Line, outlet: Outlet, world: World, month: int) -> float:
    """What partners get of a month's sales of the outlet in China, the firm's part of it, USD."""
    if outlet.j != CHINA or not line.partners:
        return 0.0
    sales = [product_sales(line, one, world, month) for one in line.partners]
    theirs = sum(
        one.offer.content * sold for one, sold in zip(line.partners, sales, strict=True)
    )  # one partner may be in several fields
    part = theirs / (rivals_leave(line, world, month) + sum(sales))
    return outlet.equity * part * line.par.partner_margin * line.price * outlet.sales


def on_offer(line: Line, world: World, month: int) -> list[Partnership]:
    """Partners that a line may take now, in fields where it has none."""
    taken = {partner.field for partner in line.partners}
    return [
        offer
        for offer in world.partnerships
        if offer.line == line.id and offer.offered <= world.months[month]
        if offer.field not in taken
    ]


def added_units(line: Line, offer: Partnership, scene: Scene) -> float:
    """Yearly units that the product of a partner would sell new and at full range."""
    world, month, outlet = scene.law.world, scene.law.month, line.outlets[CHINA]
    usual = outlet.full_demand / partner_factor(line, CHINA, world, month)
    size = usual / rivals_leave(line, world, month)
    return float(12 * line.par.product_strength * reach(offer, world, month) * size)


def outlay(line: Line) -> float:
    """K: what the line pays for a product on a partner's technology, USD."""
    par = line.par
    sales = 12 * line.outlets[CHINA].base_demand * line.price
    return float(par.partner_sunk * (1 - par.partner_cost_share) * par.product_strength * sales)


def earned(line: Line, offer: Partnership, scene: Scene) -> float:
    """Yearly benefit of a partner, USD."""
    units = added_units(line, offer, scene)
    return float(units * line.price * line.par.partner_margin * (1 - offer.content))


def cost(line: Line) -> float:
    """What the outlay costs a year before the hurdle: products age as rivals launch."""
    par = line.par
    return float((par.discount + par.depreciation + par.rival_launch_pace) * outlay(line))


def best_partner(line: Line, scene: Scene) -> Partnership | None:
    """The partner on offer of greatest value, the first of equal ones; None where none pays."""
    if line.product not in CARS or CHINA not in line.outlets:
        return None
    hurdle = diffusion_hurdle(line.par) * cost(line)
    best, value = None, 0.0
    for offer in on_offer(line, scene.law.world, scene.month):
        net = earned(line, offer, scene) - hurdle
        if net > value:
            best, value = offer, net
    return best


def take_partner(line: Line, offer: Partnership, scene: Scene) -> Event:
    """Agree with a partner; the row that is written about it."""
    hurdle, benefit, yearly = diffusion_hurdle(line.par), earned(line, offer, scene), cost(line)
    credit = dict.fromkeys(DRIVERS, 0.0)
    credit["demand"] = benefit
    credit["entry"] = -yearly
    credit["uncertainty"] = -yearly * (hurdle - 1)
    event = Event(
        line.id, line.firm, line.product, "partner", "", "CN", "",
        added_units(line, offer, scene), scene.month, scene.month + offer.lead_months,
        outlay(line), benefit - yearly * hurdle, hurdle,
    )  # fmt: skip
    line.partners.append(Partner(offer.partner, offer.field, scene.month, offer))
    return finish(event, credit, scene.macro)
