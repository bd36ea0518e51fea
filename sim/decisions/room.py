"""What more room at a plant is worth, as far as what fills it lasts (``docs/model.md`` 8)."""

from __future__ import annotations

from numba import njit

from sim.arrays import Floats, Out
from sim.decisions.expectations import expected_duty
from sim.decisions.views import Costs, Outlook, Terms
from sim.world.layout import Layout


@njit(cache=True, error_model="numpy")
def room_worth(
    layout: Layout,
    costs: Costs,
    outlook: Outlook,
    terms: Terms,
    rent: Floats,
    flow: Floats,
    out: Out[Floats],
) -> None:
    """Fill what more room at a plant earns a year, float64[P, R], USD a unit, as far as it lasts.

    ``rent``: float64[P, R], its average so far; ``flow``: float64[E, R].
    """
    for p in range(layout.plant_line.size):
        n = layout.plant_line[p]
        for r in range(rent.shape[1]):
            out[p, r] = 0.0
            if rent[p, r] > 0.0:
                lasting = _duty_lasting(
                    layout,
                    costs=costs,
                    outlook=outlook,
                    flow=flow,
                    p=p,
                    lead=int(terms.expand_months[n, r]),
                    r=r,
                )
                out[p, r] = rent[p, r] * lasting


@njit(cache=True, error_model="numpy")
def _duty_lasting(
    layout: Layout, costs: Costs, outlook: Outlook, flow: Floats, p: int, lead: int, r: int
) -> float:
    """Expected over present duty above base in the plant's markets, 0..1; 1 where there is none.

    Routes count by what flows over them.
    """
    n = layout.plant_line[p]
    w, h = outlook.law[r], outlook.hazard_set[n, r]
    total, lasting = 0.0, 0.0
    for e in range(layout.line_routes[n], layout.line_routes[n + 1]):
        if layout.route_plant[e] != p or flow[e, r] <= 0.0:
            continue
        supplied, now, later = 0.0, 0.0, 0.0
        for o in range(layout.line_routes[n], layout.line_routes[n + 1]):
            if layout.route_outlet[o] == layout.route_outlet[e]:
                supplied += flow[o, r]
                now += flow[o, r] * max(0.0, costs.duty[o, r] - costs.base_duty[o, r])
                expected = expected_duty(
                    outlook.permanent[w, o],
                    extra=outlook.extra[w, o],
                    announced=outlook.announced[w, o],
                    announced_in=outlook.announced_in[w, o],
                    stage=outlook.announced_stage[w, o],
                    enforced=outlook.enforced[w, :, :, r],
                    deviation=outlook.deviation[w, :, :, r],
                    lean=0.0,
                    age=outlook.age[w, o],
                    weights=outlook.weights[h],
                    lead=lead,
                    act_within=outlook.act_within[r],
                )
                later += flow[o, r] * max(0.0, expected - costs.base_duty[o, r])
        ratio = min(1.0, later / now) if now > 1e-9 * supplied else 1.0
        total += flow[e, r]
        lasting += flow[e, r] * ratio
    return lasting / total if total > 0.0 else 1.0
