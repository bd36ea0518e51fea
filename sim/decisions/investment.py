"""Programmes: slices made in one country for one market, and whether they should move.

``docs/model.md`` 8. The share of a slice that wants to go is ``1 - exp(-theta max(0, net))``:
programmes
differ in what moving costs them, and at base nobody wants to move. The same option with its sign
turned brings programmes back.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from sim.axes import COUNTRY_INDEX
from sim.decisions import proposal as field
from sim.decisions.expectations import expected_duty, policy_hurdle
from sim.decisions.views import Costs, Outlook, Terms
from sim.world.layout import Layout

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_RICH = np.array(
    [code in ("JP", "US", "CA", "EU", "KR", "TW") for code in COUNTRY_INDEX], dtype=np.bool_
)
_MEXICO = COUNTRY_INDEX["MX"]


@njit(cache=True, error_model="numpy")
def _saving(
    layout: Layout, costs: Costs, outlook: Outlook, terms: Terms,
    source: int, target: int, lead: int, r: int, out: Floats,
) -> float:  # fmt: skip
    """Yearly saving of serving a market over ``target`` instead of ``source``, share of price.

    Fills the drivers of ``out`` (share of price); they sum to the saving.
    """
    n = layout.route_line[source]
    po, pi = layout.route_plant[source], layout.route_plant[target]
    price, base = costs.price[n], costs.base_cost[n, r]
    w, h = outlook.law[r], outlook.hazard_set[r]
    weights = outlook.weights[h]
    eo = expected_duty(
        outlook.permanent[w, source], outlook.extra[w, source], outlook.announced[w, source],
        outlook.announced_in[w, source], outlook.enforced[w, :, r], outlook.age[w, source],
        weights, lead,
    )  # fmt: skip
    ei = expected_duty(
        outlook.permanent[w, target], outlook.extra[w, target], outlook.announced[w, target],
        outlook.announced_in[w, target], outlook.enforced[w, :, r], outlook.age[w, target],
        weights, lead,
    )  # fmt: skip
    taxed_o = base * (1.0 + terms.parts_share[n, r] * costs.parts_duty[po, r])
    taxed_i = base * (1.0 + terms.parts_share[n, r] * costs.parts_duty[pi, r])
    out[field.DUTY] = (
        (taxed_o - taxed_i)
        + eo * costs.transfer_price[source, r]
        - ei * costs.transfer_price[target, r]
    ) / price - (costs.base_duty[source, r] - costs.base_duty[target, r])
    out[field.WAGE] = (
        (costs.plan_at_base_fx[po, r] - taxed_o) - (costs.plan_at_base_fx[pi, r] - taxed_i)
    ) / price
    out[field.FX] = (
        (costs.plan[po, r] - costs.plan_at_base_fx[po, r])
        - (costs.plan[pi, r] - costs.plan_at_base_fx[pi, r])
    ) / price
    out[field.FREIGHT] = (costs.freight[source] - costs.freight[target]) * (
        costs.freight_plan[r] - 1.0
    )
    return out[field.DUTY] + out[field.WAGE] + out[field.FX] + out[field.FREIGHT]


@njit(cache=True, error_model="numpy")
def _gap(terms: Terms, n: int, i: int, volume: float, capacity: float, r: int) -> float:
    """Cost disadvantage of making a programme at place i, share of price."""
    place = 1.0
    if i == _MEXICO:
        place = terms.gap_mexico[n, r]
    elif _RICH[i]:
        place = terms.gap_rich[n, r]
    if capacity <= 0.0:
        return terms.entry_gap[n, r] * place
    penalty = terms.growth_penalty[n, r] / terms.theta[n, r]
    return terms.existing_gap[n, r] * place + penalty * math.log(1.0 + volume / capacity)


@njit(cache=True, error_model="numpy")
def _offer(
    layout: Layout, costs: Costs, outlook: Outlook, terms: Terms,
    source: int, target: int, volume: float, gap: float, sunk: float, lead: int, turned: bool,
    r: int, out: Floats,
) -> None:  # fmt: skip
    """Fill one proposal: drivers, net value and outlay, in USD a year for ``volume``."""
    n = layout.route_line[source]
    w, h = outlook.law[r], outlook.hazard_set[r]
    saving = _saving(layout, costs, outlook, terms, source, target, lead, r, out)
    capital = terms.discount[n, r] + terms.depreciation[n, r]
    fixed = terms.fixed_project[n, r] / (volume * costs.price[n])
    a, b = (target, source) if turned else (source, target)
    hurdle = terms.diffusion[n, r] * policy_hurdle(
        outlook.extra[w, a], outlook.extra[w, b], outlook.age[w, a],
        outlook.weights[h], outlook.hurdles[h], lead,
    )  # fmt: skip
    sign = -1.0 if turned else 1.0
    value = volume * costs.price[n]
    for driver in (field.DUTY, field.WAGE, field.FX, field.FREIGHT):
        out[driver] *= sign * value
    out[field.CONTROLS] = 0.0
    out[field.DEMAND] = 0.0
    out[field.SUBSIDY] = 0.0
    out[field.UNCERTAINTY] = -capital * (hurdle - 1.0) * sunk * value
    out[field.ENTRY] = (-sign * gap - capital * (sunk + fixed)) * value
    out[field.NET] = (sign * (saving - gap) - capital * (hurdle * sunk + fixed)) * value
    out[field.VOLUME] = volume
    out[field.SUNK] = sunk * value + terms.fixed_project[n, r]
    out[field.LEAD] = lead
    out[field.EXTRA] = gap
    out[field.HURDLE] = hurdle


@njit(cache=True, error_model="numpy")
def programmes(
    layout: Layout,
    costs: Costs,
    outlook: Outlook,
    terms: Terms,
    contract_maker: Flags,
    slice_volume: Floats,
    programme_lump: Floats,
    capacity: Floats,
    ordered: Floats,
    moved: Floats,
    returned: Floats,
    gap_paid: Floats,
    out: Floats,
) -> None:
    """Fill each line's best programme proposal, float64[N, R, FIELDS]; ``NET`` is 0 where none.

    ``capacity``: float64[P, R], units a month; ``ordered, moved, returned``: float64[Q, I, R],
    units a
    year; ``contract_maker``: bool[N, I]. Only proposals whose wanted share of the slice has reached
    half of the next lump count. Returns are looked at where no outward move is wanted.
    """
    lanes, countries = capacity.shape[1], ordered.shape[1]
    trial = np.zeros(out.shape[2])
    for n in range(layout.line_slices.size - 1):
        for r in range(lanes):
            best = out[n, r]
            best[:] = 0.0
            for s in range(layout.line_slices[n], layout.line_slices[n + 1]):
                total = 0.0
                for i in range(countries):
                    total += ordered[s, i, r]
                volume = min(programme_lump[n], slice_volume[s] - total)
                if volume <= 1e-6 * slice_volume[s]:
                    continue
                for i in range(countries):
                    target = layout.slice_destination[s, i]
                    if target >= 0 and _may_save(
                        layout, costs, outlook, terms, s, i, target, capacity, r
                    ):
                        _outward(layout, costs, outlook, terms, contract_maker[n, i], s, i, volume,
                                 slice_volume[s], total, capacity, r, trial, best)  # fmt: skip
            if best[field.NET] > 0.0:
                continue
            for s in range(layout.line_slices[n], layout.line_slices[n + 1]):
                for i in range(countries):
                    if moved[s, i, r] - returned[s, i, r] > 1e-6 * slice_volume[s]:
                        _homeward(layout, costs, outlook, terms, s, i, programme_lump[n],
                                  moved[s, i, r], returned[s, i, r], gap_paid[s, i, r],
                                  capacity, r, trial, best)  # fmt: skip


@njit(cache=True, error_model="numpy")
def _may_save(
    layout: Layout, costs: Costs, outlook: Outlook, terms: Terms,
    s: int, i: int, target: int, capacity: Floats, r: int,
) -> bool:  # fmt: skip
    """Whether the move could pay its gap if every duty on the slice were permanent.

    An exact bound, as hurdles, fees and duties are never negative: it only saves time.
    """
    source = layout.slice_route[s]
    n = layout.slice_line[s]
    price, w = costs.price[n], outlook.law[r]
    room = capacity[layout.route_plant[target], r]
    gap = min(_gap(terms, n, i, 0.0, room, r), _gap(terms, n, i, 0.0, 0.0, r))
    made = costs.plan[layout.route_plant[source], r] - costs.plan[layout.route_plant[target], r]
    duty = (
        outlook.most[w, source] * costs.transfer_price[source, r]
        - outlook.permanent[w, target] * costs.transfer_price[target, r]
    )
    carried = (costs.freight[source] - costs.freight[target]) * (costs.freight_plan[r] - 1.0)
    base = costs.base_duty[source, r] - costs.base_duty[target, r]
    return (made + duty) / price + carried - base > gap


@njit(cache=True, error_model="numpy")
def _outward(
    layout: Layout, costs: Costs, outlook: Outlook, terms: Terms, contract: bool,
    s: int, i: int, volume: float, slice0: float, total: float, capacity: Floats, r: int,
    trial: Floats, best: Floats,
) -> None:  # fmt: skip
    """Try the ways to place i for slice s and keep the better of them and ``best``."""
    source, target = layout.slice_route[s], layout.slice_destination[s, i]
    n, p = layout.route_line[source], layout.route_plant[target]
    stands = capacity[p, r] > 0.0
    for way in range(2):
        if way == 0 and stands:
            kind, sunk, months = (
                field.TRANSFER,
                terms.transfer_sunk[n, r],
                terms.transfer_months[n, r],
            )
            gap = _gap(terms, n, i, volume, 12.0 * capacity[p, r], r)
        elif way == 0:
            kind, sunk, months = field.OPEN, terms.open_sunk[n, r], terms.open_months[n, r]
            gap = _gap(terms, n, i, volume, 0.0, r)
        elif contract:
            kind, sunk, months = field.EMS, terms.ems_sunk[n, r], terms.ems_months[n, r]
            gap = _gap(terms, n, i, volume, 0.0, r) + terms.ems_fee[n, r]
        else:
            continue
        _offer(layout, costs, outlook, terms, source, target, volume, gap, sunk, int(months),
               False, r, trial)  # fmt: skip
        net = trial[field.NET] / (volume * costs.price[n])
        wanted = 1.0 - math.exp(-terms.theta_slice[n, r] * max(0.0, net))
        if wanted * slice0 >= total + 0.5 * volume and trial[field.NET] > best[field.NET]:
            best[:] = trial
            best[field.KIND] = kind
            best[field.SLICE] = s
            best[field.COUNTRY] = i
            best[field.PLANT] = p


@njit(cache=True, error_model="numpy")
def _homeward(
    layout: Layout, costs: Costs, outlook: Outlook, terms: Terms,
    s: int, i: int, lump: float, there: float, back: float, gap_paid: float, capacity: Floats,
    r: int, trial: Floats, best: Floats,
) -> None:  # fmt: skip
    """Try the return of what slice s moved to place i and keep the better of it and ``best``."""
    source, target = layout.slice_route[s], layout.slice_destination[s, i]
    n, home = layout.route_line[source], layout.route_plant[source]
    if capacity[home, r] <= 0.0:
        return
    volume = min(lump, there - back)
    _offer(layout, costs, outlook, terms, source, target, volume, gap_paid,
           terms.transfer_sunk[n, r], int(terms.transfer_months[n, r]), True, r, trial)  # fmt: skip
    net = trial[field.NET] / (volume * costs.price[n])
    wanted = 1.0 - math.exp(-terms.theta_slice[n, r] * max(0.0, net))
    if wanted * there >= back + 0.5 * volume and trial[field.NET] > best[field.NET]:
        best[:] = trial
        best[field.KIND] = field.RETURN
        best[field.SLICE] = s
        best[field.COUNTRY] = i
        best[field.PLANT] = home
