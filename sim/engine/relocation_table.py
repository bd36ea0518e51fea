"""The log of decisions as the ``relocations`` table."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sim.axes import COUNTRIES, COUNTRY_INDEX, PRODUCTS
from sim.decisions import proposal as field
from sim.engine.simulation import Simulation
from sim.tables import DRIVERS, RELOCATION_KINDS, TABLES

_US = COUNTRY_INDEX["US"]
_IN_PLACE = (field.EXPAND, field.CLOSE, field.EXIT)


def relocations(
    s: Simulation, keys: Mapping[int, Mapping[str, object]], months: pd.DatetimeIndex
) -> pd.DataFrame:
    """Relocations of the lanes in ``keys`` (row number -> run keys), nominal USD of the decision."""
    rows = [
        {**keys[lane], **_row(s, month, line, proposal, months)}
        for month, lane, line, proposal in zip(
            s.events.month, s.events.lane, s.events.line, s.events.proposal, strict=True
        )
        if lane in keys
    ]
    return pd.DataFrame(rows, columns=list(TABLES["relocations"].names))


def _row(
    s: Simulation, month: int, line: int, proposal: np.ndarray, months: pd.DatetimeIndex
) -> dict[str, object]:
    nominal = float(s.world.price_level[_US, month]) if s.inputs["macro"] else 1.0
    kind = int(proposal[field.KIND])
    operating = months[0] + pd.DateOffset(months=month + int(proposal[field.LEAD]))
    drivers = proposal[field.FIRST_DRIVER :] * nominal
    causes = drivers[: DRIVERS.index("uncertainty")]
    return {
        **_places(s, kind, proposal),
        "month": operating,
        "firm": s.world.firms[s.world.firm_of_line[line]].id,
        "product": PRODUCTS[s.world.product_of_line[line]],
        "kind": RELOCATION_KINDS[kind],
        "units": proposal[field.VOLUME],
        "announced_month": months[month],
        "operating_month": operating,
        "sunk_cost_usd": proposal[field.SUNK] * nominal,
        "option_value_usd": proposal[field.NET] * nominal,
        "hurdle": proposal[field.HURDLE],
        "reason": DRIVERS[int(np.argmax(causes))],
        **{f"driver_{name}_usd": value for name, value in zip(DRIVERS, drivers, strict=True)},
    }


def _places(s: Simulation, kind: int, proposal: np.ndarray) -> dict[str, str]:
    place = COUNTRIES[int(proposal[field.COUNTRY])]
    if kind in _IN_PLACE:
        leaves = kind != field.EXPAND
        return {
            "from_country": place if leaves else "",
            "to_country": "" if leaves else place,
            "market": "",
        }
    route = s.layout.slice_route[int(proposal[field.SLICE])]
    home = COUNTRIES[s.layout.route_origin[route]]
    there, back = (home, place), (place, home)
    origin, destination = back if kind == field.RETURN else there
    return {
        "from_country": origin,
        "to_country": destination,
        "market": COUNTRIES[s.layout.route_market[route]],
    }
