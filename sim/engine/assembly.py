"""A simulation at month 0: the base year, the state of every mechanism and where it joins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.arrays import Floats, Ints
from sim.axes import COUNTRIES, COUNTRY_INDEX, PRODUCT_TABLE
from sim.engine.mechanism import Hook, Mechanism, Setup
from sim.engine.mechanisms import SHIPPED
from sim.engine.month import allocate_month
from sim.engine.parameters import build_beliefs, build_terms
from sim.engine.phases import PHASES
from sim.engine.random_streams import Streams, entity_ids
from sim.engine.route_duty import RouteDuty, duty_of_month
from sim.engine.simulation import Simulation
from sim.engine.state import Base, allocate_state, build_base
from sim.errors import Fault, InputError, nearest
from sim.world.chip_tools.controls import Controls
from sim.world.layout import Layout
from sim.world.lines import Firm
from sim.world.markets import supplied_parts
from sim.world.world import World

Hooks = dict[tuple[str, str], tuple[tuple[str, Hook], ...]]


def build_simulation(
    world: World,
    layout: Layout,
    laws: Sequence[RouteDuty],
    law: Ints,
    parameters: dict[str, Floats],
    streams: Streams,
    inputs: Mapping[str, bool],
    controls: Controls | None = None,
    mechanisms: Sequence[Mechanism] = SHIPPED,
) -> Simulation:
    """Simulation at month 0, in the fitted base year.

    ``inputs`` switches exogenous paths and mechanisms by name; a mechanism that it does not name
    takes part. Without ``controls`` nothing is under export control.

    Raises
    ------
    InputError
        A mechanism joins a phase that there is not, or names two of a kind (all at once).
    """
    check_mechanisms(mechanisms)
    base = build_base(world, layout)
    setup = Setup(world, layout, base, law, parameters, controls)
    own = _own_states(mechanisms, inputs, setup)
    delivered, landed, wholesale, base_duty = _base_prices(setup, laws)
    return Simulation(
        world=world, layout=layout, base=base, laws=laws, law=law, parameters=parameters,
        terms=build_terms(parameters), beliefs=build_beliefs(parameters, len(world.months)),
        streams=streams, inputs=inputs, state=allocate_state(
            world, layout, base, len(law), int(parameters["retooling_lag_months"].max())
        ),
        month=allocate_month(layout, len(world.lines), len(law)),
        base_cost=_base_cost(setup), base_duty=base_duty,
        base_delivered=delivered, base_landed=landed, wholesale=wholesale,
        demand_index=_demand_index(world, layout, inputs),
        market_path=_market_path(world, layout, inputs),
        rival_path=_rival_path(world, layout, inputs), ids=_ids(world, layout),
        class_of_line=_numbers([line.line_class for line in world.lines]),
        sector_of_line=_numbers([PRODUCT_TABLE[k].sector for k in world.product_of_line]),
        group_of_line=_numbers([_group(world.firms[f]) for f in world.firm_of_line]),
        market_part=supplied_parts(base.market_part, base.product_part,
                                   parameters["supply_share"][layout.outlet_line]),
        market_row=_market_rows(world, layout), straight=_straight_time(layout, base, parameters),
        mechanisms=tuple(mechanisms), own=own, hooks=_hooks(mechanisms, own),
    )  # fmt: skip


def check_mechanisms(mechanisms: Sequence[Mechanism]) -> None:
    """Tell every mechanism that cannot join: its name is taken, or a phase is not there.

    Raises
    ------
    InputError
        Every mistake of every mechanism.
    """
    phases = [phase.name for phase in PHASES]
    faults, taken = [], set()
    for one in mechanisms:
        if one.name in taken:
            faults.append(Fault("", one.name, "two mechanisms of this name", "rename one"))
        taken.add(one.name)
        faults += [
            Fault("", f"{one.name}.{hook.phase}", "no such phase", nearest(hook.phase, phases))
            for hook in one.hooks()
            if hook.phase not in phases
        ]
    if faults:
        raise InputError(faults)


def _own_states(
    mechanisms: Sequence[Mechanism], inputs: Mapping[str, bool], setup: Setup
) -> dict[str, Any]:
    """State of every mechanism that is on and finds something of its kind in the world."""
    made = {one.name: one.build(setup) for one in mechanisms if inputs.get(one.name, True)}
    return {name: own for name, own in made.items() if own is not None}


def _hooks(mechanisms: Sequence[Mechanism], own: Mapping[str, Any]) -> Hooks:
    """Hooks by phase and moment, in the order of the mechanisms and of each one's own list."""
    found: Hooks = {}
    for one in mechanisms:
        for hook in one.hooks() if one.name in own else ():
            at = hook.phase, hook.when
            found[at] = (*found.get(at, ()), (one.name, hook))
    return found


def _base_cost(setup: Setup) -> Floats:
    """Unit cost of the base year, float64[N, R], USD."""
    return np.asarray(setup.base.price[:, None] * (1.0 - setup.parameters["base_margin"]))


def _base_prices(setup: Setup, laws: Sequence[RouteDuty]) -> tuple[Floats, Floats, Floats, Floats]:
    """Base year by route and outlet: delivered cost, landed cost, wholesale price, duty."""
    layout, base = setup.layout, setup.base
    duty = duty_of_month(layout, laws, setup.law, setup.parameters, 0)
    route, price = layout.route_line, base.price[layout.route_line, None]
    carriage = base.freight[:, None] * price
    delivered = _base_cost(setup)[route] + carriage + duty * price
    landed, wholesale = (np.zeros((len(layout.outlet_line), setup.lanes)) for _ in range(2))
    np.add.at(landed, layout.route_outlet, base.share[:, None] * delivered)
    sold = price + carriage + duty * price
    np.add.at(wholesale, layout.route_outlet, base.share[:, None] * sold)
    return delivered, landed, wholesale, duty


def _straight_time(layout: Layout, base: Base, parameters: Mapping[str, Floats]) -> Floats:
    """Part of a plant's use that needs no overtime, float64[P, R]; all where that costs nothing."""
    share = parameters["straight_time_share"][layout.plant_line]
    free = parameters["overtime_premium"][layout.plant_line] <= 0.0
    return np.where(free, 1.0, np.maximum(share, base.straight_share[:, None]))


def _group(firm: Firm) -> str:
    """Group of a firm; a firm without one is its own."""
    return firm.group or firm.id


def _numbers(names: Sequence[str]) -> Ints:
    """Number of each line's class, sector or group, int64[N]."""
    return np.unique(names, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _market_rows(world: World, layout: Layout) -> Ints:
    """Number of the market of a product that each outlet belongs to, int64[M]."""
    product = world.product_of_line[layout.outlet_line]
    pairs = product * len(COUNTRIES) + layout.outlet_market
    return np.unique(pairs, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _demand_index(world: World, layout: Layout, inputs: Mapping[str, bool]) -> Floats:
    index = np.ones((len(layout.outlet_line), len(world.months)))
    paths = {
        "market_size": world.market_index,
        "rivals": world.rival_factor,
        "brand_trends": world.brand_trend,
    }
    for name, path in paths.items():
        if inputs[name]:
            index *= path[layout.outlet_line, layout.outlet_market]
    return index


def _market_path(world: World, layout: Layout, inputs: Mapping[str, bool]) -> Floats:
    """Log of the size of each outlet's market over 2017, float64[M, T]; without noise."""
    if not inputs["market_size"]:
        return np.zeros((len(layout.outlet_line), len(world.months)))
    size = world.market_index[layout.outlet_line, layout.outlet_market]
    return np.asarray(np.log(np.maximum(size, np.finfo(np.float64).tiny)))


def _rival_path(world: World, layout: Layout, inputs: Mapping[str, bool]) -> Floats:
    """Log of what other makers charge, float64[M, T]; 0 where rivals are switched off."""
    path = world.rival_price[layout.outlet_line, layout.outlet_market]
    return np.log(path) if inputs["rivals"] else np.zeros_like(path)


def _ids(world: World, layout: Layout) -> dict[str, NDArray[np.uint32]]:
    lines = [line.id for line in world.lines]

    def pairs(line: Ints, country: Ints) -> list[str]:
        return [f"{lines[n]}:{COUNTRIES[i]}" for n, i in zip(line, country, strict=True)]

    return {
        "line": entity_ids(lines),
        "country": entity_ids(list(COUNTRY_INDEX)),
        "plant": entity_ids(pairs(layout.plant_line, layout.plant_country)),
        "outlet": entity_ids(pairs(layout.outlet_line, layout.outlet_market)),
    }
