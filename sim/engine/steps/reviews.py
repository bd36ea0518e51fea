"""The quarterly review of a firm's plants, and the averages of every month that it looks at."""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats
from sim.decisions import capacity, idleness, investment
from sim.decisions.destinations import served_elsewhere
from sim.decisions.room import room_worth
from sim.decisions.views import Costs, Orders, Outlook, Room, Slices
from sim.engine.simulation import Simulation
from sim.engine.steps import growth, orders, shutdowns
from sim.engine.steps.draws import drawn
from sim.engine.steps.places import places_view
from sim.engine.steps.room import own_sites, possible_hosts, spare_room


def average_use(s: Simulation) -> None:
    """Rent of full plants and idleness of the others, averaged."""
    _average_rent(s)
    _average_idleness(s)


def _average_rent(s: Simulation) -> None:
    """What a full plant's room earns, its average over the months that firms look at."""
    state, month, p = s.state, s.month, s.parameters
    rent = np.empty_like(state.rent_average)
    capacity.rents(
        s.layout,
        orders=month.orders,
        share=state.share,
        capacity=state.capacity,
        usable=month.usable,
        lump=s.base.lump,
        shadow=state.shadow,
        eta=p["eta"],
        theta=p["theta"],
        column=month.column,
        out=rent,
    )
    line = s.layout.plant_line
    rise = (rent * s.base_cost[line] - state.rent_average) / p["rent_average_months"][line]
    state.rent_average = state.rent_average + rise


def _average_idleness(s: Simulation) -> None:
    """Average output, and for how long a plant has stood idle."""
    state = s.state
    _average_markets(s)
    average, idle = np.empty_like(state.output_average), np.empty_like(state.idle_months)
    idleness.idleness(
        s.layout,
        terms=s.terms,
        memory=s.parameters["use_average_months"],
        output=s.month.output,
        output_average=state.output_average,
        capacity=state.capacity,
        lump=s.base.lump,
        flow=s.month.flow,
        recovery=_recovery(s),
        idle_months=state.idle_months,
        average=average,
        months=idle,
    )
    state.output_average, state.idle_months = average, idle


def _average_markets(s: Simulation) -> None:
    """The size that each outlet's market has had of late, which firms take for its usual one."""
    memory = s.parameters["slump_memory_months"][s.layout.outlet_line]
    s.state.market_average = s.state.market_average + (_market(s) - s.state.market_average) / memory


def _market(s: Simulation) -> Floats:
    """Log of the size of each outlet's market over 2017, float64[M, R]."""
    return s.market_path[:, s.state.month, None] + s.state.demand_noise


def _recovery(s: Simulation) -> Floats:
    """What a market in a slump is expected to come back to, over its present size."""
    share = s.parameters["slump_recovery"][s.layout.outlet_line]
    return np.asarray(np.exp(share * np.maximum(0.0, s.state.market_average - _market(s))))


def review_programmes(s: Simulation, outlook: Outlook, costs: Costs) -> None:
    """Order programmes and returns under the budget; firms with a mind of their own are asked."""
    orders.pay_in_budget(s)
    s.month.spare = spare_room(s, _recovery(s))
    growth.begin_review(s)
    _value_room(s, outlook, costs)
    if s.agents is not None:
        s.agents.decide(s, outlook, costs)
    places, slices, decided = places_view(s), slices_view(s), drawn(s, "decision")
    investment.programmes(
        s.layout,
        costs=costs,
        outlook=outlook,
        terms=s.terms,
        places=places,
        slices=slices,
        out=s.month.proposals,
    )
    for watch in s.watches:
        watch.before_orders(s, outlook, costs, places, slices)
    orders.place_programmes(s, decided)
    for watch in s.watches:
        watch.after_orders(s, decided)


def _value_room(s: Simulation, outlook: Outlook, costs: Costs) -> None:
    """What more room is worth at full plants, and what serving their markets from elsewhere is."""
    month, state = s.month, s.state
    room_worth(
        s.layout,
        costs=costs,
        outlook=outlook,
        terms=s.terms,
        rent=state.rent_average,
        flow=month.flow,
        out=month.room_worth,
    )
    served_elsewhere(
        s.layout,
        costs=costs,
        outlook=outlook,
        terms=s.terms,
        places=places_view(s),
        slices=slices_view(s),
        worth=month.room_worth,
        lump=s.base.lump,
        mothballed=state.mothballed,
        out=month.elsewhere,
    )


def review_plants(s: Simulation, outlook: Outlook, costs: Costs) -> None:
    """Expand full plants; lay up, restart or close idle ones."""
    view, room, out = orders_view(s), room_view(s), s.month.capacity_proposals
    capacity.expansions(
        s.layout, costs=costs, outlook=outlook, terms=s.terms, orders=view, room=room, out=out
    )
    orders.place_expansions(s, drawn(s, "expansion"))
    idleness.idle_steps(s.layout, costs, s.terms, view, room, out)
    shutdowns.place_idle_steps(s, drawn(s, "closure"))


def orders_view(s: Simulation) -> Orders:
    """Orders of the month as the kernels take them."""
    month = s.month
    cheaper = np.divide(
        month.base_demand, month.demand, out=np.zeros_like(month.demand), where=month.demand > 0.0
    )
    return Orders(
        placed=month.orders,
        at_base_prices=month.orders * cheaper,
        base_demand=s.base.demand,
        lawful=month.lawful,
        share=s.state.share,
        licensed=month.share,
        kernel_base=s.state.kernel_base,
        base_delivered=s.base_delivered,
        base_landed=s.base_landed,
    )


def slice_volumes(s: Simulation) -> Floats:
    """Slices of the base year, grown where they follow assemblers, float64[Q, R], units a year."""
    outlet = s.layout.route_outlet[s.layout.slice_route]
    return np.asarray(s.base.slice_volume[:, None] * s.month.followed[outlet])


def slices_view(s: Simulation) -> Slices:
    """Programmes so far as the kernels take them."""
    state, base = s.state, s.base
    partner, host = possible_hosts(s, s.month.spare)
    return Slices(
        contract_maker=s.world.contract_maker,
        lump=base.slice_lump,
        volume=slice_volumes(s),
        capacity=state.capacity,
        spare=s.month.spare.copy(),
        own_site=own_sites(s),
        partner=partner,
        host=host,
        ordered=state.ordered,
        moved=state.moved,
        returned=state.returned,
        room=growth.room_to_grow(s, base.programme_lump[s.layout.plant_line]),
        gap_paid=state.gap_paid,
    )


def room_view(s: Simulation) -> Room:
    """Capacity and its use as the kernels take them."""
    state = s.state
    return Room(
        lump=s.base.lump,
        straight=s.straight,
        capacity=state.capacity,
        capacity_base=state.capacity_base,
        mothballed=state.mothballed,
        growth=growth.room_to_grow(s, s.base.lump),
        worth=s.month.room_worth,
        elsewhere=s.month.elsewhere,
        output_average=state.output_average,
        idle_months=state.idle_months,
        flow=s.month.flow,
    )
