"""Section 8 of docs/model.md: what it costs to make at a place what is made at another."""

from __future__ import annotations

import math

from tests.reference.industry import Industry
from tests.reference.rows import Line, Plant


def gap_of_plant(line: Line, origin: int, plant: Plant, volume: float, industry: Industry) -> float:
    """A plant of the line stands there; the more it grows at once, the dearer."""
    par = line.par
    dearer = pay(line, origin, plant.i, industry) - pull(
        line, industry.crowd(line, plant.i, now=True)
    )
    dearer += pull(line, industry.crowd(line, plant.i, now=False))
    dearer += industry.unseen(line, plant.i)
    growth = par.growth_penalty / par.theta * math.log(1 + volume / (12 * plant.capacity))
    return float(par.existing_gap_factor + max(0.0, dearer) + growth)


def gap_of_new_plant(line: Line, origin: int, plant: Plant, industry: Industry) -> float:
    """Nothing of the line stands there, perhaps another line of its group."""
    par = line.par
    known = industry.group_stands(line, plant.i)
    strange = 0.0 if known else par.own_affiliate_odds / par.theta_slice
    return float(max(par.existing_gap_factor, away(line, origin, plant.i, industry) + strange))


def gap_of_contract(line: Line, origin: int, plant: Plant, industry: Industry) -> float:
    """A contract maker makes it there, who knows the place; without the fee."""
    return float(max(line.par.existing_gap_factor, away(line, origin, plant.i, industry)))


def away(line: Line, origin: int, i: int, industry: Industry) -> float:
    """Pay, distance and sister lines of a place without a plant of the line."""
    days = industry.days[i] - industry.days[origin]
    usual = math.log(2)
    crowd = pull(line, industry.crowd(line, i, now=True) - usual) - industry.unseen(line, i)
    return float(
        line.par.entry_gap + pay(line, origin, i, industry) + line.par.distance_gap * days - crowd
    )


def pay(line: Line, origin: int, i: int, industry: Industry) -> float:
    """What higher pay in 2017 costs, damped as in planning."""
    par = line.par
    weight = (1 - par.base_margin) * par.wage_exponent * par.labour_share
    return float(weight * math.log(industry.wage[i] / industry.wage[origin]))


def pull(line: Line, crowd: float) -> float:
    """Odds as a share of price."""
    return float(line.par.agglomeration / line.par.theta_slice * crowd)
