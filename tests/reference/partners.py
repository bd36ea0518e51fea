"""Technology partners of car lines in China (section 8 of docs/model.md, Partners)."""

from __future__ import annotations

from sim.axes import COUNTRY_INDEX
from sim.tables import DRIVERS
from sim.world.world import World
from tests.reference.beliefs import CARS, diffusion_hurdle
from tests.reference.rows import Line, Partner
from tests.reference.scene import Scene
from tests.reference.why import Event, finish

CHINA = COUNTRY_INDEX["CN"]


def partner_factor(line: Line, j: int, world: World, month: int) -> float:
    """partner_m: what the partners of a line add to its demand by now."""
    if j != CHINA or not line.partners or world.bev_share is None:
        return 1.0
    added = sum(
        line.par.partner_gain * min(1.0, (month - partner.since) / line.par.partner_months)
        for partner in line.partners
    )
    return 1 + float(world.bev_share[CHINA, month]) * min(line.par.partner_cap, added)


def on_offer(line: Line, world: World, month: int) -> list[tuple[str, str]]:
    """Partners and fields that a line may take now, in fields where it has none."""
    taken = {partner.field for partner in line.partners}
    return [
        (offer.partner, offer.field)
        for offer in world.partnerships
        if offer.line == line.id and offer.offered <= world.months[month]
        if offer.field not in taken
    ]


def added_units(line: Line, scene: Scene) -> float:
    """Yearly units that one partner more would bring at full range."""
    par, world, outlet = line.par, scene.law.world, line.outlets[CHINA]
    gain = max(0.0, min(par.partner_gain, par.partner_cap - len(line.partners) * par.partner_gain))
    usual = outlet.full_demand / partner_factor(line, CHINA, world, scene.law.month)
    bev = 0.0 if world.bev_share is None else float(world.bev_share[CHINA, scene.law.month])
    return 12 * gain * bev * usual


def outlay(line: Line) -> float:
    """K: what the line pays for a range on a partner's technology, USD."""
    par = line.par
    sales = 12 * line.outlets[CHINA].base_demand * line.price
    return float(par.partner_sunk * (1 - par.partner_cost_share) * sales)


def wants_partner(line: Line, scene: Scene) -> bool:
    """Whether one more is on offer and pays."""
    if line.product not in CARS or CHINA not in line.outlets:
        return False
    if not on_offer(line, scene.law.world, scene.month):
        return False
    par = line.par
    benefit = added_units(line, scene) * line.price * par.partner_margin
    cost = (par.discount + par.depreciation) * diffusion_hurdle(par) * outlay(line)
    return benefit > 0 and benefit >= cost


def take_partner(line: Line, scene: Scene) -> Event:
    """The first on offer; the row that is written about it."""
    par, hurdle = line.par, diffusion_hurdle(line.par)
    units, sunk = added_units(line, scene), outlay(line)
    benefit, rate = units * line.price * par.partner_margin, par.discount + par.depreciation
    credit = dict.fromkeys(DRIVERS, 0.0)
    credit["demand"] = benefit
    credit["entry"] = -rate * sunk
    credit["uncertainty"] = -rate * sunk * (hurdle - 1)
    event = Event(
        line.id, line.firm, line.product, "partner", "", "CN", "", units, scene.month,
        scene.month + round(par.partner_months), sunk, benefit - rate * sunk * hurdle, hurdle,
    )  # fmt: skip
    name, field = on_offer(line, scene.law.world, scene.month)[0]
    line.partners.append(Partner(name, field, scene.month))
    return finish(event, credit, scene.macro)
