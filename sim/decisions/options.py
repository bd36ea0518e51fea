"""What a programme would be worth at another place: saving, gap, hurdle, and why.

``docs/model.md`` 8 and 9. A saving is split over the drivers that make it; they sum to it.
"""

from __future__ import annotations

import math

from numba import njit

from sim.arrays import Floats, Out
from sim.decisions import proposal as field
from sim.decisions.expectations import expected_duty, policy_hurdle
from sim.decisions.subsidy import most_subsidy, yearly_subsidy
from sim.decisions.views import Costs, Outlook, Places, Terms
from sim.world.layout import Layout


@njit(cache=True, error_model="numpy")
def saving(
    layout: Layout,
    costs: Costs,
    outlook: Outlook,
    terms: Terms,
    places: Places,
    source: int,
    target: int,
    lead: int,
    lean: float,
    r: int,
    out: Out[Floats],
) -> float:
    """Yearly saving of serving a market over ``target`` instead of ``source``, share of price.

    Fills the drivers of ``out`` (share of price); they sum to the saving. Learning and scale stand
    under demand, the hedge under uncertainty. ``lean`` is the number of deviations by which beliefs
    in announced duties lean against ``target``.
    """
    n = layout.route_line[source]
    po, pi = layout.route_plant[source], layout.route_plant[target]
    price, base = costs.price[n], costs.base_cost[n, r]
    w, h = outlook.law[r], outlook.hazard_set[n, r]
    weights = outlook.weights[h]
    eo = expected_duty(
        outlook.permanent[w, source],
        extra=outlook.extra[w, source],
        announced=outlook.announced[w, source],
        announced_in=outlook.announced_in[w, source],
        stage=outlook.announced_stage[w, source],
        enforced=outlook.enforced[w, :, :, r],
        deviation=outlook.deviation[w, :, :, r],
        lean=-lean,
        age=outlook.age[w, source],
        weights=weights,
        lead=lead,
        act_within=outlook.act_within[r],
    )
    ei = expected_duty(
        outlook.permanent[w, target],
        extra=outlook.extra[w, target],
        announced=outlook.announced[w, target],
        announced_in=outlook.announced_in[w, target],
        stage=outlook.announced_stage[w, target],
        enforced=outlook.enforced[w, :, :, r],
        deviation=outlook.deviation[w, :, :, r],
        lean=lean,
        age=outlook.age[w, target],
        weights=weights,
        lead=lead,
        act_within=outlook.act_within[r],
    )
    taxed_o = base * (1.0 + terms.parts_share[n, r] * costs.parts_duty[po, r])
    taxed_i = base * (1.0 + terms.parts_share[n, r] * costs.parts_duty[pi, r])
    plan_o, plan_i = costs.plan[po, r], costs.plan[pi, r]
    at_base_fx_o, at_base_fx_i = costs.plan_at_base_fx[po, r], costs.plan_at_base_fx[pi, r]
    out[field.DUTY] = (
        (taxed_o - taxed_i)
        + eo * costs.transfer_price[source, r]
        - ei * costs.transfer_price[target, r]
    ) / price - (costs.base_duty[source, r] - costs.base_duty[target, r])
    out[field.WAGE] = ((at_base_fx_o - taxed_o) - (at_base_fx_i - taxed_i)) / price
    out[field.FX] = ((plan_o - at_base_fx_o) - (plan_i - at_base_fx_i)) / price
    out[field.FREIGHT] = (costs.freight[source] - costs.freight[target]) * (
        costs.freight_plan[r] - 1.0
    )
    out[field.DEMAND] = (
        plan_o * (costs.factor[po, r] - 1.0) - plan_i * (costs.factor[pi, r] - 1.0)
    ) / price
    out[field.UNCERTAINTY] = places.fear[po, r] - places.fear[pi, r]
    out[field.CONTROLS] = costs.controls[source, r] - costs.controls[target, r]
    return (
        out[field.DUTY]
        + out[field.CONTROLS]
        + out[field.WAGE]
        + out[field.FX]
        + out[field.FREIGHT]
        + out[field.DEMAND]
        + out[field.UNCERTAINTY]
    )


@njit(cache=True, error_model="numpy")
def entry_gap(
    terms: Terms, places: Places, n: int, o: int, i: int, volume: float, capacity: float, r: int
) -> float:
    """Cost disadvantage of making at place i a programme that is made at o, share of price.

    ``volume`` and ``capacity`` of the line there are units a year. At base nobody wants to move, so
    no gap is less than that of a place where the line has a plant and pay is the same.
    """
    if capacity <= 0.0:
        unknown = _away(terms, places=places, n=n, o=o, i=i, r=r) + places.strange[n, i, r]
        return max(terms.existing_gap[n, r], unknown)
    dearer = terms.wage_gap[n, r] * (places.wage[i] - places.wage[o]) - places.gathered[n, i, r]
    penalty = terms.growth_penalty[n, r] / terms.theta[n, r]
    grown = penalty * math.log(1.0 + volume / capacity)
    return terms.existing_gap[n, r] + max(0.0, dearer) + grown


@njit(cache=True, error_model="numpy")
def contract_gap(terms: Terms, places: Places, n: int, o: int, i: int, r: int) -> float:
    """The same where a contract maker is at home for the firm: as where its group stands."""
    return max(terms.existing_gap[n, r], _away(terms, places=places, n=n, o=o, i=i, r=r))


@njit(cache=True, error_model="numpy")
def _away(terms: Terms, places: Places, n: int, o: int, i: int, r: int) -> float:
    """Gap of a place without a plant of the line: pay, distance, what sister lines have made."""
    dearer = terms.wage_gap[n, r] * (places.wage[i] - places.wage[o])
    farther = terms.distance_gap[n, r] * (places.distance[i] - places.distance[o])
    return terms.entry_gap[n, r] + dearer + farther - places.ease[n, i, r]


@njit(cache=True, error_model="numpy")
def offer(
    layout: Layout,
    costs: Costs,
    outlook: Outlook,
    terms: Terms,
    places: Places,
    source: int,
    target: int,
    volume: float,
    gap: float,
    sunk: float,
    lead: int,
    turned: bool,
    r: int,
    out: Out[Floats],
) -> None:
    """Fill one proposal: drivers, net value and outlay, in USD a year for ``volume``."""
    n = layout.route_line[source]
    w, h = outlook.law[r], outlook.hazard_set[n, r]
    sign = -1.0 if turned else 1.0
    lean = sign * terms.ambiguity[n, r]
    saved = saving(
        layout,
        costs=costs,
        outlook=outlook,
        terms=terms,
        places=places,
        source=source,
        target=target,
        lead=lead,
        lean=lean,
        r=r,
        out=out,
    )
    freed = places.freed[layout.route_plant[target if turned else source], r]
    out[field.DEMAND] += sign * freed
    saved += sign * freed
    capital = terms.discount[n, r] + terms.depreciation[n, r]
    fixed = terms.fixed_project[n, r] / (volume * costs.price[n])
    a, b = (target, source) if turned else (source, target)
    hurdle = terms.diffusion[n, r] * policy_hurdle(
        outlook.extra[w, a],
        outlook.extra[w, b],
        outlook.age[w, a],
        outlook.weights[h],
        outlook.hurdles[h],
        lead,
    )
    value = volume * costs.price[n]
    left, taken = layout.route_origin[a], layout.route_origin[b]
    paid = outlook.subsidies.outlay[w, n, taken]
    given = terms.subsidy_weight[n, r] * paid * capital * (hurdle * sunk + fixed)
    given += yearly_subsidy(outlook, terms=terms, w=w, n=n, left=left, taken=taken, lead=lead, r=r)
    for driver in (field.DUTY, field.CONTROLS, field.WAGE, field.FX, field.FREIGHT, field.DEMAND):
        out[driver] *= sign * value
    out[field.SUBSIDY] = given * value
    out[field.UNCERTAINTY] = (
        sign * out[field.UNCERTAINTY] - capital * (hurdle - 1.0) * sunk
    ) * value
    out[field.ENTRY] = (-sign * gap - capital * (sunk + fixed)) * value
    out[field.NET] = (sign * (saved - gap) - capital * (hurdle * sunk + fixed) + given) * value
    out[field.VOLUME] = volume
    out[field.SUNK] = sunk * value + terms.fixed_project[n, r]
    out[field.GRANT] = max(0.0, paid) * out[field.SUNK]
    out[field.LEAD] = lead
    out[field.EXTRA] = gap
    out[field.HURDLE] = hurdle


@njit(cache=True, error_model="numpy")
def may_save(
    layout: Layout,
    costs: Costs,
    outlook: Outlook,
    terms: Terms,
    places: Places,
    contract: bool,
    shared: bool,
    s: int,
    i: int,
    target: int,
    volume: float,
    least: float,
    capacity: Floats,
    r: int,
) -> bool:
    """Whether the move could net ``least`` (share of price) if every duty were permanent.

    An exact bound, as fees and duties are never negative and hurdles never below 1: it only saves
    time.
    """
    source = layout.slice_route[s]
    n, o = layout.slice_line[s], layout.route_origin[source]
    po, pi = layout.route_plant[source], layout.route_plant[target]
    price, w = costs.price[n], outlook.law[r]
    gap = entry_gap(terms, places=places, n=n, o=o, i=i, volume=0.0, capacity=capacity[pi, r], r=r)
    if shared:
        theirs = entry_gap(terms, places=places, n=n, o=o, i=i, volume=0.0, capacity=1.0, r=r)
        gap = min(gap, theirs)
    if contract:
        gap = min(gap, contract_gap(terms, places=places, n=n, o=o, i=i, r=r))
    gap -= places.assembler[n, i, r]
    made = costs.plan[po, r] * costs.factor[po, r] - costs.plan[pi, r] * costs.factor[pi, r]
    duty = (
        outlook.most[w, source] * costs.transfer_price[source, r]
        - outlook.permanent[w, target] * costs.transfer_price[target, r]
    )
    carried = (costs.freight[source] - costs.freight[target]) * (costs.freight_plan[r] - 1.0)
    base = costs.base_duty[source, r] - costs.base_duty[target, r]
    hedge = places.fear[po, r] - places.fear[pi, r] + places.freed[po, r]
    hedge += costs.controls[source, r] - costs.controls[target, r]
    sunk = min(terms.transfer_sunk[n, r], terms.open_sunk[n, r] * places.land[i, r])
    if contract:
        sunk = min(sunk, terms.ems_sunk[n, r])
    if shared:
        sunk = min(sunk, terms.shared_sunk[n, r])
    fixed = terms.fixed_project[n, r] / (volume * price)
    given = terms.subsidy_weight[n, r] * outlook.subsidies.outlay[w, n, i]
    outlay = (terms.discount[n, r] + terms.depreciation[n, r]) * (sunk + fixed) * (1.0 - given)
    hedge += most_subsidy(outlook, terms=terms, w=w, n=n, left=o, taken=i, r=r)
    return (made + duty) / price + carried - base + hedge - gap - outlay > least - 1e-9
