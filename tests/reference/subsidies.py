"""Section 8 of docs/model.md, Subsidies: what acts pay for a move, act by act."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.reference.rows import Line

YEAR = 365.25


def known(acts: Any, line: Line, place: str, on: date) -> Iterator[tuple[Any, Any]]:
    """Acts and their sizes that a line could get in a place, as far as they are public."""
    for act in acts:
        if act.silent or place not in act.places or line.product not in act.products:
            continue
        if act.firms and line.firm not in act.firms:
            continue
        for grant in act.grants:
            if (grant.announced or grant.start) <= on and (grant.end is None or grant.end >= on):
                yield act, grant


def outlay_paid(acts: Any, line: Line, place: str, on: date) -> float:
    """Part of an outlay that acts pay."""
    borne = 1.0
    for act, grant in known(acts, line, place, on):
        if act.kind == "share_of_outlay" and grant.start <= on:
            borne *= 1 - act.chance * grant.size
    return 1 - borne


def yearly(acts: Any, line: Line, place: str, on: date, lead: float, *, stands: bool) -> float:
    """What acts give every year, over price, as a permanent benefit of work ready after the lead.

    Work that ``stands`` in a place has had what projects get in their first years.
    """
    par, ready, total = line.par, lead / 12, 0.0
    k = par.discount + par.depreciation
    for act, grant in known(acts, line, place, on):
        if act.kind == "share_of_outlay":
            continue
        size = act.chance * grant.size
        if act.kind == "usd_per_unit":
            size /= line.price
        if act.kind == "profit_tax":
            size *= par.taxed_margin
        h = par.subsidy_hazard
        if grant.years is not None:
            if stands or grant.start > on:
                continue
            first, last, h = ready + grant.years[0], ready + grant.years[1], 0.0
        else:
            first = max(0.0, (grant.start - on).days / YEAR, ready)
            last = math.inf if grant.end is None else ((grant.end - on).days + 1) / YEAR
        if last > first:
            part = math.exp(-k * (first - ready) - h * first)
            total += size * k / (k + h) * part * (1 - math.exp(-(k + h) * (last - first)))
    return total


def gain(
    acts: Any, line: Line, left: str, taken: str, lead: float, dates: tuple[date, date]
) -> tuple[float, float]:
    """Part of the outlay, and yearly gain over price, above the base year: now and then."""
    now, base = dates
    paid = outlay_paid(acts, line, taken, now) - outlay_paid(acts, line, taken, base)
    there = yearly(acts, line, taken, now, lead, stands=False)
    there -= yearly(acts, line, taken, base, lead, stands=False)
    here = yearly(acts, line, left, now, lead, stands=True)
    here -= yearly(acts, line, left, base, lead, stands=True)
    return paid, there - here


def paid_for_units(acts: Any, line: Line, place: str, on: date) -> float:
    """What acts pay in a month for a unit made in a place, USD."""
    rate = 0.0
    for act, grant in known(acts, line, place, on):
        if grant.years is None and grant.start <= on:
            if act.kind == "share_of_price":
                rate += act.chance * grant.size
            if act.kind == "usd_per_unit":
                rate += act.chance * grant.size / line.price
    return rate * line.price
