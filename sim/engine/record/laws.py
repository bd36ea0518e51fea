"""The law of a policy as tables: duties on the lanes in use, and the acts of governments.

The law does not vary over replications: it is kept once, under the replication it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.axes import COUNTRIES, LEGAL_BASES, PRODUCTS
from sim.engine.record.diplomacy import acts
from sim.tables import TABLES
from sim.world.layout import Layout
from sim.world.world import World

if TYPE_CHECKING:
    from sim.law.rates.monthly import MonthlyDuty

_CODES = np.array(COUNTRIES, dtype=object)


def duties(
    world: World, layout: Layout, duty: MonthlyDuty, keys: Mapping[str, object]
) -> pd.DataFrame:
    """Duty without preference of every lane that some line ships on, month by month."""
    product = world.product_of_line[layout.route_line]
    lanes = np.unique(np.stack([layout.route_market, layout.route_origin, product], axis=1), axis=0)
    lanes = lanes[lanes[:, 0] != lanes[:, 1]]
    j, i, k = lanes.T
    rates = duty.mfn[:, j, i, k] + duty.extra[:, j, i, k].sum(axis=-1)
    texts = [
        ";".join(duty.instruments_in_force(t, *(int(code) for code in lane)))
        for t in range(len(world.months))
        for lane in lanes
    ]
    frame = pd.DataFrame(
        {
            **keys,
            "month": np.repeat(pd.DatetimeIndex(world.months).to_numpy(), len(lanes)),
            "importer": np.tile(_CODES[j], len(world.months)),
            "exporter": np.tile(_CODES[i], len(world.months)),
            "product": np.tile(np.array(PRODUCTS, dtype=object)[k], len(world.months)),
            "rate_share": rates.reshape(-1),
            "instruments": texts,
        }
    )
    return frame[list(TABLES["duties"].names)]


def diplomacy(world: World, duty: MonthlyDuty, keys: Mapping[str, object]) -> pd.DataFrame:
    """Acts of governments: duties started, raised, cut or ended by basis, and announcements."""
    frames = [
        _changes(world, duty.extra.max(axis=3), keys, announced=False),
        _changes(world, duty.announced.max(axis=3), keys, announced=True),
    ]
    whole = pd.concat(frames, ignore_index=True)
    return whole.sort_values(["month", "actor", "act", "counterpart", "detail"], ignore_index=True)


def _changes(
    world: World, level: np.ndarray, keys: Mapping[str, object], *, announced: bool
) -> pd.DataFrame:
    """Changes of the greatest duty over products, ``level``: float64[T, J, I, B]."""
    kinds = acts(level[:-1], level[1:])
    if announced:
        kinds = np.where((kinds == "start") | (kinds == "raise"), "announce", "")
    t, j, i, b = np.nonzero(kinds != "")
    months = pd.DatetimeIndex(world.months)
    after = level[1:][t, j, i, b]
    return pd.DataFrame(
        {
            **keys,
            "month": months[t + 1],
            "actor": _CODES[j],
            "act": kinds[t, j, i, b],
            "counterpart": _CODES[i],
            "detail": [f"{LEGAL_BASES[x]} to {rate:.1%}" for x, rate in zip(b, after, strict=True)],
        },
        columns=list(TABLES["diplomacy"].names),
    )
