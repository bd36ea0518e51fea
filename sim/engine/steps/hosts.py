"""Countries fill up: work that comes to a place makes its labour and its land dearer.

``docs/model.md`` 4, Hosts.
"""

from __future__ import annotations

import numpy as np

from sim.arrays import Floats
from sim.axes import COUNTRIES, MONTHS_PER_YEAR
from sim.engine.row_sums import sum_rows
from sim.engine.simulation import Simulation


def fill_hosts(s: Simulation) -> None:
    """Jobs that have come since base, over the workforce of the regions that take such plants.

    They raise the pay of the month there: in full, at base exchange rates too, and hence in plans.
    """
    month = s.month
    month.crowding = _new_jobs(s) / (
        s.parameters["host_region_share"][0] * s.world.host_workforce[:, s.state.month, None]
    )
    month.crowding[np.isnan(month.crowding)] = 0.0
    month.host_wage = (1.0 + month.crowding) ** _dearer_by_crowding(s)
    month.wage *= month.host_wage
    month.wage_at_base_fx *= month.host_wage


def _new_jobs(s: Simulation) -> Floats:
    """Jobs in new capacity, with those of other firms that come for the same reason, [I, R].

    ``float64[I, R]``; 0 where capacity has left.
    """
    layout, p = s.layout, s.parameters
    bill = (1.0 - p["base_margin"]) * p["labour_share"] * p["base_use_share"]
    worth = s.base.price[:, None] * bill / MONTHS_PER_YEAR
    added = (s.state.capacity - s.base.capacity[:, None]) * worth[layout.plant_line]
    wages = np.maximum(0.0, sum_rows(layout.plant_country, added, len(COUNTRIES)))
    return np.asarray(p["host_followers"][0] * wages / s.world.host_wage[:, None])


def _dearer_by_crowding(s: Simulation) -> Floats:
    """Rise of pay for a rise of jobs, both in logs, float64[I, R]."""
    supply = s.parameters["labour_supply_scale"][0] * s.world.labour_supply[:, None]
    return np.where(np.isnan(supply), 0.0, 1.0 / supply)


def land_cost(s: Simulation) -> Floats:
    """What a new plant costs to build over base, float64[I, R], as land fills up."""
    return np.asarray((1.0 + s.month.crowding) ** s.parameters["land_response"][0])
