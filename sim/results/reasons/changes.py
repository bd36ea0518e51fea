"""Every kind of move of a firm under two policies, and what the one changes against the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.arrays import Flags, Floats, Ints
from sim.results.comparing.moves import EVENT
from sim.results.comparing.pairs import common_pairs
from sim.results.names import firm_names
from sim.results.reasons.export_rule import export_rule
from sim.results.reasons.instruments import Rule, rules_behind
from sim.results.reasons.move import Change, Move
from sim.results.reasons.public_money import public_money
from sim.results.reasons.standing_duty import MFN, standing_duty
from sim.results.route_rates import by_measure
from sim.results.run_folder.query import RunFolder
from sim.tables import DRIVERS

LEAST_FUTURES = 0.05
"""Part of the futures by which the frequency of a move must differ to be told as a change."""
LEAST_SIZE = 0.05
"""Part of its size by which the size of a move must differ."""
LEAST_DRIVER = 0.1
"""Part of all drivers, by size, from which one counts: the rules behind it are named then."""

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
    lane = pd.MultiIndex.from_tuples(pairs).get_indexer(pd.MultiIndex.from_frame(rows[_LANE]))
    rows, lane = rows[lane >= 0].reset_index(drop=True), lane[lane >= 0]
    made, names, both = _made(run), firm_names(run), (policy, against)
    sides = [_side(rows, lane, one) for one in both]
    found: list[tuple[float, Move]] = []
    for event, at in rows.groupby(list(EVENT), sort=True).indices.items():
        key: dict[str, Any] = dict(zip(EVENT, map(str, cast("tuple[str]", event)), strict=True))
        own = [side.of(np.asarray(at, dtype=np.int64)) for side in sides]
        move = _move(own, key, both, len(pairs), names[key["firm"]])
        share = abs(move.units_change) / max(made.get((key["firm"], key["product"]), 0.0), 1.0)
        found.append((share, _with_law(run, move, own)))
    found.sort(key=lambda one: (one[1].change == "same", -one[0], -one[1].futures))
    return [move for _, move in found]


def _with_law(run: RunFolder, move: Move, own: list[_Decisions]) -> Move:
    """Add what of the law most decisions name, for each driver that law makes and that counts."""
    side = own[0] if move.told_of == move.policy else own[1]
    policy, day, key = move.told_of, move.announced, {one: getattr(move, one) for one in EVENT}
    acts, controls = run.subsidies.get(policy, {}), run.controls.get(policy, {})
    named = {
        driver: name for driver, name in _named(run, policy, side).items() if _counts(move, driver)
    }
    told: dict[str, Any] = {}
    if name := named.get("duty"):
        told["standing_duty"] = standing_duty(run, policy, name, key, day)
    if name := named.get("controls"):
        told["export_rule"] = export_rule(name, controls)
    if name := named.get("subsidy"):
        told["public_money"] = public_money(name, acts, day)
    return replace(move, **told)


def _named(run: RunFolder, policy: str, side: _Decisions) -> dict[str, str]:
    """Driver -> what of the law most decisions name for it."""
    acts = run.subsidies.get(policy, {})
    duties = {*by_measure(run.law.get(policy, {})), *run.agreements.get(policy, {}), MFN}
    found: dict[str, Counter[str]] = {}
    for name in (name for rule in side.rule for name in str(rule).split(";") if name):
        driver = "subsidy" if name in acts else "duty" if name in duties else "controls"
        found.setdefault(driver, Counter())[name] += 1
    return {driver: max(sorted(names), key=names.__getitem__) for driver, names in found.items()}


def _counts(move: Move, driver: str) -> bool:
    """Whether a driver is a part of a move that counts."""
    whole = sum(abs(value) for value in move.drivers.values())
    return bool(whole) and abs(move.drivers[driver]) >= LEAST_DRIVER * whole


def with_rules(run: RunFolder, move: Move) -> tuple[Rule, ...]:
    """The duties behind a move, where duty is a driver that counts."""
    if not _counts(move, "duty"):
        return ()
    key = {name: getattr(move, name) for name in EVENT}
    return rules_behind(run, (move.policy, move.against), key, move.announced)


def _made(run: RunFolder) -> Mapping[tuple[str, str], float]:
    """(Firm, product) -> units of the base year."""
    lines = run.lines.groupby(["firm", "product"])["base_units"].sum()
    return {cast("tuple[str, str]", key): float(units) for key, units in lines.items()}


class _Decisions(NamedTuple):
    """Decisions of one kind under one policy, one row each."""

    own: Flags
    """bool[rows]: whether a row is of this policy."""
    lane: Ints
    decided: Ints
    """int64[rows]: days since 1970, as of what follows."""
    operating: Ints
    worth: Floats
    """One row a decision, one column for each of :data:`_WORTH`."""
    reason: NDArray[np.object_]
    rule: NDArray[np.object_]

    def of(self, at: Ints) -> _Decisions:
        """Rows in ``at`` that are of this policy."""
        kept = at[self.own[at]]
        return _Decisions(
            self.own[kept],
            self.lane[kept],
            self.decided[kept],
            self.operating[kept],
            self.worth[kept],
            self.reason[kept],
            self.rule[kept],
        )

    @property
    def futures(self) -> Ints:
        """Futures that have any, sorted."""
        return np.unique(self.lane)

    @property
    def first(self) -> Ints:
        """First decision of each future in :attr:`futures`, months since 1970."""
        lanes, place = np.unique(self.lane, return_inverse=True)
        first = np.full(len(lanes), np.iinfo(np.int64).max)
        np.minimum.at(first, place, _months(self.decided))
        return first


def _side(rows: pd.DataFrame, lane: Ints, policy: str) -> _Decisions:
    days = [
        rows[name].to_numpy("datetime64[D]").astype(np.int64)
        for name in ("announced_month", "operating_month")
    ]
    own = (rows["policy"] == policy).to_numpy(np.bool_)
    worth = rows[list(_WORTH)].to_numpy(np.float64)
    reason, rule = (rows[name].to_numpy(object) for name in ("reason", "rule"))
    return _Decisions(own, lane, days[0], days[1], worth, reason, rule)


def _months(days: Ints) -> Ints:
    return np.asarray(days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64))


def _move(
    own: list[_Decisions], key: Mapping[str, Any], both: tuple[str, str], pairs: int, name: str
) -> Move:
    """Put the decisions of one kind under both policies together."""
    ours, theirs = own
    futures, elsewhere = len(ours.futures), len(theirs.futures)
    sizes = [float(one.worth[:, 0].sum()) / pairs for one in own]
    later = _months_later(ours, theirs)
    change = _change(futures, elsewhere, pairs, sizes, later)
    told = both[1] if change in ("lost", "fewer", "smaller") else both[0]
    side = theirs if told == both[1] and both[0] != both[1] else ours
    worth = dict(zip(_WORTH, side.worth.sum(axis=0) / len(side.futures), strict=True))
    reasons, counts = np.unique(side.reason.astype(str), return_counts=True)
    return Move(
        **key, change=change, policy=both[0], against=both[1], told_of=told, firm_name=name,
        reason=str(reasons[counts.argmax()]), futures=futures, futures_against=elsewhere,
        all_futures=pairs, **_dates(side), months_later=later, units=float(worth["units"]),
        units_change=sizes[0] - sizes[1], sunk_cost_usd=float(worth["sunk_cost_usd"]),
        value_usd=float(worth["option_value_usd"]),
        drivers={driver: float(worth[f"driver_{driver}_usd"]) for driver in DRIVERS},
    )  # fmt: skip


def _dates(side: _Decisions) -> dict[str, Any]:
    """Median, earliest and latest decision, and the median month of effect, as ISO dates."""
    decided, operating = (
        np.sort(days).astype("datetime64[D]") for days in (side.decided, side.operating)
    )
    middle = (len(decided) - 1) // 2
    return {
        "announced": str(decided[middle]),
        "earliest": str(decided[0]),
        "latest": str(decided[-1]),
        "operating": str(operating[middle]),
    }


def _months_later(ours: _Decisions, theirs: _Decisions) -> float | None:
    """How many months later the first decision comes, mean over futures that have both."""
    _, one, other = np.intersect1d(ours.futures, theirs.futures, return_indices=True)
    return float((ours.first[one] - theirs.first[other]).mean()) if len(one) else None


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
