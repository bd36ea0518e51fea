"""What every slice could have done in the last review of a year, as the ``considered`` table.

Moves tell why work moved; this tells why it stayed. ``docs/model.md`` 8 has the terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.arrays import Flags, Floats, Ints
from sim.axes import COUNTRIES, COUNTRY_INDEX
from sim.decisions import proposal as field
from sim.decisions.destinations import best_destinations
from sim.decisions.views import Costs, Outlook, Places, Slices
from sim.engine.simulation import Simulation
from sim.tables import BARRIERS, RELOCATION_KINDS, TABLES

_US = COUNTRY_INDEX["US"]
_NONE, _VALUE, _OTHER, _REVIEW, _BUDGET, _OWN, _ROOM = range(len(BARRIERS))


@dataclass(slots=True)
class _Look:
    """One lane in one review: what slices could do, and what stood in their way."""

    month: int
    lane: int
    best: Floats
    """float64[Q, fields]."""
    ordered: Floats
    """float64[Q], units a year."""
    whole: Floats
    """float64[Q], units a year."""
    budget: Floats
    """float64[F], real USD, before the firm orders."""
    barrier: Ints
    """int64[Q]: place in :data:`sim.tables.BARRIERS`."""


class ConsideredRecorder:
    """Watches the lanes in ``lanes`` (row number -> run keys) in the last review of each year."""

    def __init__(self, lanes: Mapping[int, Mapping[str, object]]) -> None:
        self._lanes, self._trial = lanes, np.zeros(field.FIELDS)
        self._looks: list[_Look] = []
        self._now: list[_Look] = []

    def before_orders(
        self, s: Simulation, outlook: Outlook, costs: Costs, places: Places, slices: Slices
    ) -> None:
        """Look at what every slice could do, as its firm sees it when it decides."""
        self._now = []
        for lane in self._lanes if is_last_of_year(s) else ():
            best = np.zeros((len(slices.volume), field.FIELDS))
            best_destinations(
                s.layout, costs, outlook, s.terms, places, slices,
                r=lane, trial=self._trial, best=best,
            )  # fmt: skip
            self._now.append(_Look(
                s.state.month, lane, best, slices.ordered[:, :, lane].sum(axis=1),
                slices.volume[:, lane].copy(),
                s.state.budget[:, lane].copy(), np.zeros(len(best), dtype=np.int64),
            ))  # fmt: skip

    def after_orders(self, s: Simulation, decided: Flags) -> None:
        """Tell from what was ordered what stood in the way; ``decided``: bool[N, R], as drawn."""
        for look in self._now:
            look.barrier = _barriers(s, look, decided[:, look.lane])
        self._looks += self._now

    def frame(self, s: Simulation) -> pd.DataFrame:
        """The table, columns as :data:`sim.tables.TABLES` orders them."""
        columns = list(TABLES["considered"].names)
        if not self._looks:
            return pd.DataFrame(columns=columns)
        made = [_rows(s, look) | self._keys(look) for look in self._looks]
        lengths = [len(rows["units"]) for rows in made]
        whole = {
            name: np.concatenate([
                np.broadcast_to(rows[name], count)
                for rows, count in zip(made, lengths, strict=True)
            ])
            for name in columns
        }  # fmt: skip
        return pd.DataFrame(whole, copy=False)

    def _keys(self, look: _Look) -> dict[str, NDArray[Any]]:
        """Keys of the run of a look, each a single value."""
        keys = self._lanes[look.lane]
        return {
            name: np.array(value, dtype=object if isinstance(value, str) else np.int32)
            for name, value in keys.items()
        }


def is_last_of_year(s: Simulation) -> bool:
    """Whether the next review comes in another year, or not at all."""
    months, now = s.world.months, s.state.month
    after = now + s.review_months
    return after >= len(months) or months[after].year > months[now].year


def _net_share(s: Simulation, look: _Look) -> Floats:
    """Net value over a year of the units at base prices, float64[Q]; of no units 0."""
    value = look.best[:, field.VOLUME] * s.base.price[s.layout.slice_line]
    return np.divide(look.best[:, field.NET], value, out=np.zeros_like(value), where=value > 0.0)


def _needed_net(s: Simulation, look: _Look) -> Floats:
    """Net value over price from which the units go: half of them must want to, float64[Q]."""
    reached = (look.ordered + 0.5 * look.best[:, field.VOLUME]) / look.whole
    stays = np.maximum(1e-12, 1.0 - reached)  # 0 only where nothing is left, which has no row
    return np.asarray(-np.log(stays) / s.terms.theta_slice[s.layout.slice_line, look.lane])


def _barriers(s: Simulation, look: _Look, decided: Flags) -> Ints:
    """What stood in the way of every slice, int64[Q]: of several the first in this order."""
    line, lane, best = s.layout.slice_line, look.lane, look.best
    firm = s.layout.line_firm[line]
    chosen = s.month.proposals[line, lane]
    own = chosen[:, field.SLICE] == np.arange(len(best))
    outward = own & (chosen[:, field.KIND] != field.RETURN) & (chosen[:, field.NET] > 0.0)
    gone = s.state.ordered[:, :, lane].sum(axis=1) > look.ordered
    short = s.state.budget[firm, lane] < best[:, field.SUNK] - best[:, field.GRANT]
    host, room = best[:, field.HOST].astype(np.int64), best[:, field.ROOM]
    full = (room > 0.0) & (s.month.spare[host, lane] < room)
    return np.select(
        [gone, _net_share(s, look) < _needed_net(s, look), ~outward, ~decided[line], short, full],
        [_NONE, _VALUE, _OTHER, _REVIEW, _BUDGET, _ROOM],
        _OWN,
    )


def _rows(s: Simulation, look: _Look) -> dict[str, NDArray[Any]]:
    """Columns of a look, without the keys of the run; what holds for all rows is one value."""
    kept = np.flatnonzero(look.best[:, field.VOLUME] > 0.0)
    best, line, route = look.best[kept], s.layout.slice_line[kept], s.layout.slice_route[kept]
    codes = np.array(COUNTRIES, dtype=object)
    ids = np.array([(one.firm, one.id, one.product) for one in s.world.lines], dtype=object)[line]
    numbers = {name: values[kept] for name, values in _numbers(s, look).items()}
    return {
        "month": np.array(np.datetime64(s.world.months[look.month], "s")),
        "firm": ids[:, 0], "line": ids[:, 1], "product": ids[:, 2],
        "from_country": codes[s.layout.route_origin[route]],
        "market": codes[s.layout.route_market[route]],
        "to_country": codes[best[:, field.COUNTRY].astype(np.int64)],
        "way": np.array(RELOCATION_KINDS, dtype=object)[best[:, field.KIND].astype(np.int64)],
        "barrier": np.array(BARRIERS, dtype=object)[look.barrier[kept]],
        **numbers,
    }  # fmt: skip


def _numbers(s: Simulation, look: _Look) -> dict[str, NDArray[Any]]:
    """Columns of numbers for every slice, float64[Q]; those without units are not told."""
    line, best, terms, lane = s.layout.slice_line, look.best, s.terms, look.lane
    value = best[:, field.VOLUME] * s.base.price[line]
    over = np.divide(1.0, value, out=np.zeros_like(value), where=value > 0.0)
    capital = (terms.discount + terms.depreciation)[line, lane]
    moving = capital * best[:, field.SUNK] * over
    sunk = best[:, field.SUNK] * over - terms.fixed_project[line, lane] * over
    caution = capital * (best[:, field.HURDLE] - 1.0) * sunk
    against = best[:, field.EXTRA] + moving + caution
    net, theta = _net_share(s, look), terms.theta_slice[line, lane]
    level = s.world.price_level[_US, look.month] if s.inputs["macro"] else 1.0
    return {
        "units": best[:, field.VOLUME], "slice_units": look.whole,
        "ordered_units": look.ordered, "value_usd": value * level,
        "saving_share": net + against, "duty_share": best[:, field.DUTY] * over,
        "gap_share": best[:, field.EXTRA], "moving_share": moving, "caution_share": caution,
        "needed_share": _needed_net(s, look) + against,
        "wanted_share": 1.0 - np.exp(-theta * np.maximum(0.0, net)),
        "outlay_usd": best[:, field.SUNK] * level,
        "budget_usd": look.budget[s.layout.line_firm[line]] * level,
    }  # fmt: skip
