"""The log of decisions as the ``relocations`` table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.arrays import Floats, Ints
from sim.axes import COUNTRIES, COUNTRY_INDEX, PRODUCTS
from sim.decisions import proposal as field
from sim.engine.record.behind.naming import named
from sim.engine.simulation import Simulation
from sim.tables import DRIVERS, RELOCATION_KINDS, TABLES

Names = NDArray[np.object_]

_US = COUNTRY_INDEX["US"]
_CAUSES = DRIVERS.index("entry")
"""Drivers before this one can be the reason; it is what acting costs."""


def relocations(s: Simulation, keys: Mapping[int, Mapping[str, object]]) -> pd.DataFrame:
    """Relocations of the lanes in ``keys`` (row -> run keys), nominal USD of the decision."""
    columns = list(TABLES["relocations"].names)
    kept = [k for k, lane in enumerate(s.events.lane) if lane in keys]
    if not kept:
        return pd.DataFrame(columns=columns)
    log = (s.events.month, s.events.line, s.events.lane, s.events.operating)
    month, line, lane, operating = (np.array(values)[kept] for values in log)
    proposal = np.stack([s.events.proposal[k] for k in kept])
    firms = np.array([one.id for one in s.world.firms], dtype=object)
    run = pd.DataFrame([keys[r] for r in sorted(keys)], index=sorted(keys)).loc[lane]
    table = pd.DataFrame({
        **{str(name): run[name].to_numpy() for name in run.columns},
        **places_of(s, proposal),
        "month": _dates(s, operating),
        "firm": firms[s.world.firm_of_line[line]],
        "product": np.array(PRODUCTS, dtype=object)[s.world.product_of_line[line]],
        "kind": np.array(RELOCATION_KINDS, dtype=object)[proposal[:, field.KIND].astype(np.int64)],
        "partner": s.counterparties(proposal),
        "units": proposal[:, field.VOLUME],
        "announced_month": _dates(s, month),
        "operating_month": _dates(s, operating),
        "rule": np.array(named(s, kept), dtype=object),
        **_worth(s, month, proposal),
    })  # fmt: skip
    return table[columns]


def _worth(s: Simulation, month: Ints, proposal: Floats) -> dict[str, NDArray[Any]]:
    """What a decision costs and is worth, by driver, in nominal USD; the greatest cause."""
    level = s.world.price_level[_US, month] if s.inputs["macro"] else np.ones(len(month))
    drivers = proposal[:, field.FIRST_DRIVER :] * level[:, None]
    return {
        "sunk_cost_usd": proposal[:, field.SUNK] * level,
        "grant_usd": proposal[:, field.GRANT] * level,
        "option_value_usd": proposal[:, field.NET] * level,
        "hurdle": proposal[:, field.HURDLE],
        "reason": np.array(DRIVERS, dtype=object)[np.argmax(drivers[:, :_CAUSES], axis=1)],
        **{f"driver_{name}_usd": drivers[:, d] for d, name in enumerate(DRIVERS)},
    }


def _dates(s: Simulation, month: Ints) -> NDArray[np.datetime64]:
    """First day of the months counted from the first month of the world."""
    first = np.datetime64(s.world.months[0], "M")
    return (first + month.astype("timedelta64[M]")).astype("datetime64[s]")


def places_of(s: Simulation, proposal: Floats) -> dict[str, Names]:
    """Where work leaves, where it goes and which market a programme serves; empty where none."""
    codes = np.array(["", *COUNTRIES], dtype=object)
    kind = proposal[:, field.KIND].astype(np.int64)
    place = proposal[:, field.COUNTRY].astype(np.int64)
    in_place = np.isin(kind, field.IN_PLACE)
    slices = np.where(in_place, -1, proposal[:, field.SLICE].astype(np.int64))
    route = np.append(s.layout.slice_route, 0)[slices]
    home, back = s.layout.route_origin[route], kind == field.RETURN
    leaves = np.isin(kind, field.SHRINKS)
    origin = np.where(back, place, home)
    destination = np.where(back, home, place)
    origin = np.where(in_place, np.where(leaves, place, -1), origin)
    destination = np.where(in_place, np.where(leaves, -1, place), destination)
    market = np.where(in_place, -1, s.layout.route_market[route])
    return {
        "from_country": codes[origin + 1],
        "to_country": codes[destination + 1],
        "market": codes[market + 1],
    }
