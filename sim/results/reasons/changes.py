"""Every kind of move of a firm under two policies, and what the one changes against the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import pandas as pd

from sim.results.comparing.moves import EVENT
from sim.results.comparing.pairs import common_pairs
from sim.results.names import firm_names
from sim.results.reasons.instruments import Rule, rules_behind
from sim.results.reasons.move import CHANGES, Change, Move
from sim.results.run_folder.query import RunFolder
from sim.tables import DRIVERS

LEAST_FUTURES = 0.05
"""Part of the futures by which the frequency of a move must differ to be told as a change."""
LEAST_SIZE = 0.05
"""Part of its size by which the size of a move must differ."""
LEAST_DUTY = 0.1
"""Part of all drivers, by size, from which a move is driven by duty: rules are named then."""

_ROWS = """
SELECT * FROM relocations WHERE policy IN ($policy, $against) AND ($firm = '' OR firm = $firm)
"""
_LANE = ["scenario", "replication"]
_WORTH = ("units", "sunk_cost_usd", "option_value_usd", *(f"driver_{d}_usd" for d in DRIVERS))


def moves(run: RunFolder, policy: str, against: str, firm: str = "") -> list[Move]:
    """Every kind of move of a firm, or of all, in the paired futures of two policies.

    Changes come first, by how much production they shift over what the firm made in the base year;
    what is the same follows, the most frequent first. A policy against itself changes nothing.

    Raises
    ------
    QueryError
        No such policy, or no run that both have finished.
    """
    pairs = common_pairs(run, run.require_policy(policy), run.require_policy(against))
    rows = run.sql(_ROWS, {"policy": policy, "against": against, "firm": firm})
    shared = pd.MultiIndex.from_tuples(pairs)
    rows = rows[pd.MultiIndex.from_frame(rows[_LANE]).isin(shared)]
    rows["announced_month"] = rows["announced_month"].astype("datetime64[s]")
    rows["operating_month"] = rows["operating_month"].astype("datetime64[s]")
    names, made = firm_names(run), _made(run)
    found: list[tuple[float, Move]] = []
    for event, own in rows.groupby(list(EVENT), sort=True):
        key: dict[str, Any] = dict(zip(EVENT, map(str, cast("tuple[str]", event)), strict=True))
        move = _move(own, key, (policy, against), len(pairs), names[key["firm"]])
        share = abs(move.units_change) / max(made.get((key["firm"], key["product"]), 0.0), 1.0)
        found.append((share, move))
    found.sort(key=lambda one: (one[1].change == "same", -one[0], -one[1].futures))
    return [move for _, move in found]


def with_rules(run: RunFolder, move: Move) -> tuple[Rule, ...]:
    """The duties behind a move, where duty is a driver that counts."""
    whole = sum(abs(value) for value in move.drivers.values())
    if abs(move.drivers["duty"]) < LEAST_DUTY * whole or not whole:
        return ()
    key = {name: getattr(move, name) for name in EVENT}
    return rules_behind(run, (move.policy, move.against), key, move.announced)


def _made(run: RunFolder) -> Mapping[tuple[str, str], float]:
    """(Firm, product) -> units of the base year."""
    lines = run.lines.groupby(["firm", "product"])["base_units"].sum()
    return {cast("tuple[str, str]", key): float(units) for key, units in lines.items()}


def _move(
    rows: pd.DataFrame, key: Mapping[str, Any], both: tuple[str, str], pairs: int, name: str
) -> Move:
    """Put the decisions of one kind under both policies together."""
    ours, theirs = (rows[rows["policy"] == one] for one in both)
    if both[0] == both[1]:
        theirs = ours
    futures, elsewhere = (len(one.drop_duplicates(_LANE)) for one in (ours, theirs))
    sizes = [float(one["units"].sum()) / pairs for one in (ours, theirs)]
    later = _months_later(ours, theirs)
    change = _change(futures, elsewhere, pairs, sizes, later)
    told = both[1] if change in ("lost", "fewer", "smaller") else both[0]
    side = theirs if told == both[1] and both[0] != both[1] else ours
    worth = side.groupby(_LANE)[list(_WORTH)].sum().mean()
    return Move(
        **key, change=change, policy=both[0], against=both[1], told_of=told, firm_name=name,
        reason=str(side["reason"].mode().iloc[0]), futures=futures, futures_against=elsewhere,
        all_futures=pairs, **_months(side), months_later=later, units=float(worth["units"]),
        units_change=sizes[0] - sizes[1], sunk_cost_usd=float(worth["sunk_cost_usd"]),
        value_usd=float(worth["option_value_usd"]),
        drivers={driver: float(worth[f"driver_{driver}_usd"]) for driver in DRIVERS},
    )  # fmt: skip


def _months(side: pd.DataFrame) -> dict[str, Any]:
    """Median, earliest and latest decision, and the median month of effect, as ISO dates."""
    decided = np.sort(side["announced_month"].to_numpy("datetime64[D]"))
    operating = np.sort(side["operating_month"].to_numpy("datetime64[D]"))
    middle = (len(side) - 1) // 2
    return {
        "announced": str(decided[middle]),
        "earliest": str(decided[0]),
        "latest": str(decided[-1]),
        "operating": str(operating[middle]),
    }


def _months_later(ours: pd.DataFrame, theirs: pd.DataFrame) -> float | None:
    """How many months later the first decision comes, mean over futures that have both."""
    first, other = (one.groupby(_LANE)["announced_month"].min() for one in (ours, theirs))
    first, other = first.align(other, join="inner")
    if first.empty:
        return None
    months = [
        one.to_numpy("datetime64[M]").astype(np.int64) for one in (first, other)
    ]  # fmt: skip
    return float((months[0] - months[1]).mean())


def _change(
    futures: int, elsewhere: int, pairs: int, sizes: list[float], later: float | None
) -> Change:
    """What the policy does to a kind of move; the first that holds."""
    if not elsewhere or not futures:
        return "gained" if futures else "lost"
    if abs(futures - elsewhere) >= max(1.0, LEAST_FUTURES * pairs):
        return "more" if futures > elsewhere else "fewer"
    if abs(sizes[0] - sizes[1]) > LEAST_SIZE * max(sizes):
        return "larger" if sizes[0] > sizes[1] else "smaller"
    if later is not None and abs(later) >= 1.0:
        return "later" if later > 0.0 else "earlier"
    return "same"


def by_change(found: list[Move]) -> dict[Change, list[Move]]:
    """Moves by what the policy does to them, in the order of :data:`CHANGES`; empty ones out."""
    groups = {change: [one for one in found if one.change == change] for change in CHANGES}
    return {change: own for change, own in groups.items() if own}
