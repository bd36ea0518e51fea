"""The best options that firms did not take, as the ``options`` table.

Told of every slice of which something goes in a review, and once a year, in its last review, of
those that stay. ``docs/model.md`` 8 has the terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.arrays import Flags, Floats, Ints
from sim.axes import COUNTRIES, COUNTRY_INDEX
from sim.decisions import proposal as field
from sim.decisions.destinations import ranked_destinations
from sim.decisions.views import Costs, Outlook, Places, Slices
from sim.engine.record.considered import is_last_of_year
from sim.engine.simulation import Simulation
from sim.tables import DRIVERS, RELOCATION_KINDS, TABLES

TOLD = 3
"""Options that are told of each slice."""
_US = COUNTRY_INDEX["US"]


@dataclass(slots=True)
class _Choice:
    """One slice of one lane in one review: what it could do, and what it did."""

    month: int
    lane: int
    slice: int
    ranked: Floats
    """float64[rows, fields], the best first."""
    before: float
    """Units a year ordered away before."""
    done: Floats | None = None
    """float64[fields]: what was ordered; None where it stayed."""


class OptionsRecorder:
    """Watches the lanes in ``lanes`` (row number -> run keys)."""

    def __init__(self, lanes: Mapping[int, Mapping[str, object]]) -> None:
        self._lanes, self._trial = lanes, np.zeros(field.FIELDS)
        self._kept: list[_Choice] = []
        self._now: list[_Choice] = []

    def before_orders(
        self, s: Simulation, outlook: Outlook, costs: Costs, places: Places, slices: Slices
    ) -> None:
        """Rank what could be done with every slice of which something may go now."""
        self._now = []
        best = np.zeros((TOLD + 1, field.FIELDS))
        for lane in self._lanes:
            for q in self._asked(s, lane):
                found = ranked_destinations(
                    s.layout, costs, outlook, s.terms, places, slices,
                    s=q, r=lane, trial=self._trial, best=best,
                )  # fmt: skip
                before = float(slices.ordered[q, :, lane].sum())
                self._now.append(_Choice(s.state.month, lane, q, best[:found].copy(), before))

    @staticmethod
    def _asked(s: Simulation, lane: int) -> list[int]:
        """Slices that the kernel would order of; in the last review of a year, all."""
        if is_last_of_year(s):
            return list(range(len(s.layout.slice_line)))
        chosen = s.month.proposals[:, lane]
        out = (chosen[:, field.NET] > 0.0) & (chosen[:, field.KIND] != field.RETURN)
        return sorted({int(q) for q in chosen[out, field.SLICE]})

    def after_orders(self, s: Simulation, decided: Flags) -> None:
        """Keep what went with what it could have done instead, and at a year's end what stayed."""
        del decided
        for one in self._now:
            gone = float(s.state.ordered[one.slice, :, one.lane].sum()) > one.before
            if gone:
                one.done = s.month.proposals[s.layout.slice_line[one.slice], one.lane].copy()
            if (gone or is_last_of_year(s)) and len(one.ranked):
                self._kept.append(one)

    def frame(self, s: Simulation) -> pd.DataFrame:
        """The table, columns as :data:`sim.tables.TABLES` orders them."""
        columns = list(TABLES["options"].names)
        rows = [row for one in self._kept for row in self._rows(s, one)]
        frame = pd.DataFrame(rows, columns=columns)
        frame["month"] = pd.to_datetime(frame["month"]).astype("datetime64[s]")
        return frame

    def _rows(self, s: Simulation, one: _Choice) -> list[dict[str, object]]:
        """What was not taken, the best first; the difference is to what was done."""
        line = s.world.lines[s.layout.slice_line[one.slice]]
        route = s.layout.slice_route[one.slice]
        level = s.world.price_level[_US, one.month] if s.inputs["macro"] else 1.0
        shared = {
            **self._lanes[one.lane], "month": s.world.months[one.month],
            "firm": line.firm, "line": line.id, "product": line.product,
            "from_country": COUNTRIES[s.layout.route_origin[route]],
            "market": COUNTRIES[s.layout.route_market[route]],
            "done": "stay" if one.done is None else _kind(one.done),
            "done_country": "" if one.done is None else _country(one.done),
        }  # fmt: skip
        done = 0.0 if one.done is None else float(one.done[field.NET])
        left = [other for other in one.ranked if not _same(other, one.done)][:TOLD]
        return [
            {**shared, "rank": rank, **_option(other, done, float(level))}
            for rank, other in enumerate(left, start=1)
        ]


def _option(option: Floats, done: float, level: float) -> dict[str, object]:
    """Columns of one option that was not taken; money is made nominal by ``level``."""
    value = float(option[field.NET])
    parts = option[field.FIRST_DRIVER : field.FIELDS] * level
    return {
        "to_country": _country(option), "way": _kind(option),
        "units": float(option[field.VOLUME]), "option_value_usd": value * level,
        "gap_usd": (done - value) * level, "sunk_cost_usd": float(option[field.SUNK]) * level,
        **{f"driver_{name}_usd": float(part) for name, part in zip(DRIVERS, parts, strict=True)},
    }  # fmt: skip


def _same(option: Floats, done: Floats | None) -> bool:
    what: Ints = np.array([field.KIND, field.COUNTRY, field.HOST])
    return done is not None and bool((option[what] == done[what]).all())


def _kind(option: Floats) -> str:
    return RELOCATION_KINDS[int(option[field.KIND])]


def _country(option: Floats) -> str:
    return COUNTRIES[int(option[field.COUNTRY])]
