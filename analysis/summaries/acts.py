"""Acts of the law behind a change: which instruments differ, when they came, whom they touch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.style import place
from sim.arrays import Floats
from sim.results.numbers import percent
from sim.results.run_folder.query import RunFolder

MOST = 6
"""Acts that a figure marks."""
_AFTER = pd.DateOffset(months=9)
"""How long after its day a change is put down to an act."""


@dataclass(frozen=True, slots=True)
class Act:
    """One dated value of an instrument under one law alone.

    ``day`` is its first day, or that of the announcement where it never came into force;
    ``until`` ends the time in which a change is put down to it.
    """

    day: pd.Timestamp
    until: pd.Timestamp
    text: str
    importer: str
    exporters: frozenset[str]

    def bears_on(self, country: str) -> bool:
        """Whether it is charged by a country or on goods from there."""
        abroad = country != self.importer and bool(self.exporters & {country, "ALL"})
        return country == self.importer or abroad


def acts(run: RunFolder, policy: str, against: str, product: str) -> list[Act]:
    """Acts on a product that one of two policies has and the other has not, by day."""
    laws = [run.law.get(name, {}) for name in (policy, against)]
    apart = [code for code in {**laws[0], **laws[1]} if laws[0].get(code) != laws[1].get(code)]
    found: dict[tuple[str, pd.Timestamp], Act] = {}
    for code in apart:
        texts = [law[code] for law in laws if code in law]
        values = [[v for v in text["values"] if _once(v, texts)] for text in texts]
        for text, own in zip(texts, values, strict=True):
            for act in _acts(text, own) if product in text["products"] else ():
                found[code, act.day] = act
    first, last = (pd.Timestamp(day) for day in (run.manifest.first_month, run.manifest.last_month))
    inside = [act for act in found.values() if first < act.day < last]
    return sorted(inside, key=lambda act: (act.day, act.text))


def _once(value: Mapping[str, Any], texts: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a dated value stands in one of the wordings alone."""
    return sum(value in text["values"] for text in texts) == 1


def _acts(text: Mapping[str, Any], values: Sequence[Mapping[str, Any]]) -> Iterator[Act]:
    for value in values:
        threat = value["status"] != "enacted"
        day = value["announced"] if threat and value["announced"] else value["start"]
        rate = "" if value["rate"] is None else f", {percent(float(value['rate']), 1)}"
        rate = rate.replace(".0 %", " %")
        told = f"{text['title']}{rate}" + (f", {value['status']}" if threat else "")
        start, begins = pd.Timestamp(day), pd.Timestamp(value["start"])
        yield Act(
            day=start,
            until=max(start, begins) + _AFTER,
            text=f"{start.day} {start:%b %Y}, {place(text['importer'])}: {told}",
            importer=text["importer"],
            exporters=frozenset(text["exporters"]),
        )


def behind(found: Sequence[Act], difference: pd.DataFrame, countries: Sequence[str]) -> list[Act]:
    """The acts after which the difference of two policies changes most, one a month, by day.

    ``difference`` has ``country, period, median``.
    """
    steps = {country: _steps(difference[difference["country"] == country]) for country in countries}
    whole = sum(float(own.sizes.sum()) for own in steps.values()) or 1.0
    scored = [(sum(_after(act, c, own) for c, own in steps.items()) / whole, act) for act in found]
    months: dict[pd.Period, list[tuple[float, Act]]] = {}
    for score, act in scored:
        if score > 0.01:
            months.setdefault(act.day.to_period("M"), []).append((score, act))
    best = sorted(
        (max(own, key=lambda one: one[0]) for own in months.values()), key=lambda o: -o[0]
    )
    chosen = [_with_others(act, months[act.day.to_period("M")]) for _, act in best[:MOST]]
    return sorted(chosen, key=lambda act: act.day)


@dataclass(frozen=True, slots=True, eq=False)
class _Steps:
    """How far a difference moves from period to period."""

    periods: NDArray[np.datetime64]
    sizes: Floats

    def within(self, first: pd.Timestamp, last: pd.Timestamp) -> float:
        """Sum of the steps from one day to another."""
        inside = (self.periods >= first.to_numpy()) & (self.periods <= last.to_numpy())
        return float(self.sizes[inside].sum())


def _steps(rows: pd.DataFrame) -> _Steps:
    median = rows["median"].to_numpy(np.float64)
    return _Steps(rows["period"].to_numpy(), np.abs(np.diff(median, prepend=median[:1])))


def _after(act: Act, country: str, steps: _Steps) -> float:
    """How far the difference of a country moves in the time of an act."""
    if not act.bears_on(country):
        return 0.0
    return steps.within(act.day.to_period("Q").start_time, act.until)


def _with_others(act: Act, same_month: Sequence[tuple[float, Act]]) -> Act:
    more = len(same_month) - 1
    return replace(act, text=f"{act.text}, and {more} more that month") if more else act
