"""Why nothing moved: what a firm makes in one country for another market, and what held it there.

The engine notes once a year, for the runs kept in detail, where each such piece of work could have
gone best (table ``considered``); ``docs/model.md`` 8 has the terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from sim.errors import Fault, QueryError
from sim.results.answer.speech import quoted
from sim.results.names import find_firm, place_in_words, policy_name
from sim.results.numbers import count, money, percent
from sim.results.reasons.not_taken import NotTaken, not_taken
from sim.results.reasons.wording import goods, way_in_words
from sim.results.run_folder.query import RunFolder
from sim.spelling import PRODUCT
from sim.tables import BARRIERS, MOVES

_WORK = ["line", "product", "from_country", "market"]
_SHARES = (
    "saving_share", "duty_share", "gap_share", "moving_share", "caution_share", "needed_share",
    "wanted_share", "outlay_usd", "budget_usd", "value_usd", "units",
)  # fmt: skip
_LEFT = """
SELECT product, from_country, market, count(DISTINCT (scenario, replication)) AS futures
FROM relocations WHERE policy = $policy AND firm = $firm AND list_contains($moves, kind)
GROUP BY ALL
"""
_BARRIERS = {
    "review": "It was worth it, but the board did not take the question up in that review.",
    "budget": "It was worth it, but the outlay of {outlay} was above its budget of {budget}.",
    "other": "It was worth it, but another move of the same line was worth more in that review.",
    "room": "It was worth it, but the room that it counted on went to another maker.",
    "own": "It was worth it, but the firm, which has a mind of its own, decided otherwise.",
    "none": "Some of it went in that review.",
}


@dataclass(frozen=True, slots=True)
class Stayed:
    """Work that could have moved and did not in most futures: the review in which it came nearest.

    Shares are over the price; ``against_share`` is what stood against the saving: disadvantage of
    making it there, yearly cost of moving, what uncertainty asks for beyond it. ``needed_share`` is
    the saving at which it would have moved: then half of what would go at once wants to.
    ``duty_needed_share`` is what duty alone would have had to make. Numbers are means over the
    ``detailed`` futures; money is nominal USD a year.
    """

    line: str
    product: str
    from_country: str
    market: str
    to_country: str
    way: str
    month: str
    futures_moved: int
    futures: int
    detailed: int
    units: float
    value_usd: float
    saving_share: float
    duty_share: float
    gap_share: float
    moving_share: float
    caution_share: float
    needed_share: float
    wanted_share: float
    outlay_usd: float
    budget_usd: float
    barrier: str
    others: tuple[NotTaken, ...] = ()
    """The next best options, by what they are worth less than staying, mean over the years."""

    @property
    def saving_usd(self) -> float:
        """Yearly saving in USD."""
        return self.saving_share * self.value_usd

    @property
    def against_share(self) -> float:
        """What stood against the saving, over the price."""
        return self.gap_share + self.moving_share + self.caution_share

    @property
    def duty_needed_share(self) -> float:
        """What of the saving duty would have had to make, all else as it was."""
        return self.duty_share + self.needed_share - self.saving_share

    def row(self) -> dict[str, Any]:
        """Give it as a JSON object, its words included."""
        derived = ("saving_usd", "against_share", "duty_needed_share")
        return asdict(self) | {n: getattr(self, n) for n in derived} | {"text": self.paragraph()}

    def paragraph(self) -> str:
        """Tell what it could have saved, what stood against it and what would have to change."""
        stays = self.futures - self.futures_moved
        often = "all" if stays == self.futures else f"{stays} of"
        made = f"{goods(self.product)} made in {place_in_words(self.from_country)}"
        return (
            f"{made[0].upper()}{made[1:]} for {place_in_words(self.market)} stay there in {often}"
            f" {self.futures} futures. {self._best()} {self._against()} {self._change()}"
            f"{self._others()}"
        )

    def _others(self) -> str:
        """Name what came next, as long as it was noted."""
        if not self.others:
            return ""
        told = "; ".join(one.words() for one in self.others)
        return f" Next best, mean over the years against staying: {told}."

    def _best(self) -> str:
        where = f"{way_in_words(self.way)} in {place_in_words(self.to_country)}"
        size = f"{count(self.units, self.product)} a year"
        saves = "save" if self.saving_share > 0.0 else "cost"
        return (
            f"They came nearest to leaving in {self.month[:7]}: making {size} at {where} would"
            f" {saves} {percent(abs(self.saving_share))} of the price"
            f" ({money(abs(self.saving_usd))} a year; duty alone {percent(self.duty_share)})."
        )

    def _against(self) -> str:
        fee = ", with the other maker's fee" if self.way in ("ems", "shared") else ""
        return (
            f"Against it stand {percent(self.gap_share)} because making them there is less"
            f" practised{fee}, {percent(self.moving_share)} a year for the cost of moving and"
            f" {percent(self.caution_share)} that uncertainty asks for:"
            f" {percent(self.against_share)} in all."
        )

    def _change(self) -> str:
        if self.barrier != "value":
            told = _BARRIERS[self.barrier]
            return told.format(outlay=money(self.outlay_usd), budget=money(self.budget_usd))
        return (
            "A move costs some of them more than others: enough would go from a saving of"
            f" {percent(self.needed_share)} on, had duty made {percent(self.duty_needed_share)} of"
            f" the price instead of {percent(self.duty_share)}."
        )


@dataclass(frozen=True, slots=True)
class Staying:
    """Why a firm's work stayed under one policy; ``cannot`` says what could not move at all."""

    firm: str
    firm_name: str
    policy: str
    policy_name: str
    work: tuple[Stayed, ...]
    cannot: tuple[str, ...]

    def rows(self) -> list[dict[str, Any]]:
        """Every piece of work that stayed as a JSON object, its words included."""
        return [one.row() for one in self.work]

    def content(self) -> dict[str, Any]:
        """Give it as JSON can hold it."""
        return {
            "firm": self.firm,
            "policy": self.policy,
            "answer": self.paragraphs(),
            "rows": self.rows(),
        }

    def paragraphs(self, *, every: bool = False) -> list[str]:
        """Tell it, what came nearest to leaving first."""
        shown = self.work if every else self.work[:SHOWN]
        under = quoted(self.policy_name)
        head = f"Why work of {self.firm_name} stays where it is under {under}:"
        told = [head] if shown else []
        told += [one.paragraph() for one in shown]
        left = len(self.work) - len(shown)
        if left:
            told.append(f"{left} more pieces of work stay, further from leaving: --all tells them.")
        told += self.cannot
        return told or [f"Under {under} everything of {self.firm_name} that could leave leaves."]

    def __str__(self) -> str:
        return "\n\n".join(self.paragraphs())


NEXT = 2
"""Options beside the best that are told of work that stayed."""
SHOWN = 4
"""Pieces of work that are told unless all are asked for."""


def stayed(run: RunFolder, firm: str, policy: str, product: str | None = None) -> Staying:
    """Find why work of a firm stayed under a policy; ``product`` keeps that one alone.

    Raises
    ------
    QueryError
        No such firm, policy or product of the firm; a run of an earlier version, or one that keeps
        no run in detail.
    """
    code, name = find_firm(run, firm)
    title = policy_name(run, run.require_policy(policy))
    lines = run.lines[run.lines["firm"] == code]
    if product is not None:
        lines = lines[lines["product"] == _of_firm(run, name, lines, product)]
    _refuse_unrecorded(run, policy)
    rows = run.table("considered", policy=policy, firm=code, line=tuple(lines["id"]))
    left = run.sql(_LEFT, {"policy": policy, "firm": code, "moves": list(MOVES)}).set_index(
        _WORK[1:]
    )["futures"]
    futures = len(run.lanes()[policy])
    work = [
        _work(own, left, futures, _others(run, policy, own))
        for _, own in rows.groupby(_WORK, sort=True)
    ]
    work = [one for one in work if 2 * one.futures_moved <= one.futures]
    work.sort(key=lambda one: (one.needed_share - one.saving_share, one.line))
    cannot = [_cannot(line) for line in lines.to_dict("records")]
    seen = set(rows["line"])
    told = [text for text, line in zip(cannot, lines["id"], strict=True) if line not in seen]
    return Staying(code, name, policy, title, tuple(work), tuple(told))


def _of_firm(run: RunFolder, name: str, lines: pd.DataFrame, product: str) -> str:
    code, own = PRODUCT.code(product), sorted(set(lines["product"]))
    if code not in own:
        wrong = f"is no product of {name} in this run"
        raise QueryError(Fault(str(run.path), product, wrong, PRODUCT.cure(product, own)))
    return code


def _refuse_unrecorded(run: RunFolder, policy: str) -> None:
    if not run.files["considered"] or "ways" not in run.lines:
        wrong = "was written by an earlier version, which did not note what firms considered"
        raise QueryError(Fault(str(run.path), "considered", wrong, "run the experiment again"))
    kept = run.sql("SELECT 1 FROM plants WHERE policy = $policy LIMIT 1", {"policy": policy})
    if kept.empty:
        wrong = "keeps no run in detail, and only such runs note what firms considered"
        cure = "give `detail_replications: 1` or more and run the experiment again"
        raise QueryError(Fault(str(run.path), policy, wrong, cure))


def _others(run: RunFolder, policy: str, rows: pd.DataFrame) -> tuple[NotTaken, ...]:
    """What else could have been done with one piece of work, while it stayed."""
    key = {name: str(rows[name].iloc[0]) for name in ("firm", *_WORK[1:])}
    return not_taken(run, policy, {**key, "kind": "stay", "to_country": ""})


def _work(
    rows: pd.DataFrame, left: pd.Series, futures: int, others: tuple[NotTaken, ...]
) -> Stayed:
    """One piece of work over its reviews: the one in which it came nearest to leaving."""
    margin = (rows["saving_share"] - rows["needed_share"]).groupby(rows["month"]).mean()
    month = margin.idxmax()
    near = rows[rows["month"] == month]
    best = near[["to_country", "way"]].value_counts(sort=True).index[0]
    means = near[list(_SHARES)].mean()
    key: dict[str, Any] = {name: str(near[name].iloc[0]) for name in _WORK}
    numbers: dict[str, Any] = {name: float(means[name]) for name in _SHARES}
    moved = left.get((key["product"], key["from_country"], key["market"]), 0)
    return Stayed(
        **key,
        others=tuple(one for one in others if (one.to_country, one.way) != best)[:NEXT],
        to_country=str(best[0]),
        way=str(best[1]),
        month=f"{month:%Y-%m-%d}",
        futures_moved=int(moved),
        futures=futures,
        detailed=len(near[["scenario", "replication"]].drop_duplicates()),
        barrier=_barrier(near["barrier"]),
        **numbers,
    )


def _barrier(found: pd.Series) -> str:
    """The most frequent barrier, of equal ones the first of :data:`sim.tables.BARRIERS`."""
    counts = found.astype(str).value_counts()
    return max(BARRIERS, key=lambda one: (counts.get(one, 0), -BARRIERS.index(one)))


def _cannot(line: Mapping[Any, Any]) -> str:
    """Why nothing of a line is among what could have moved."""
    what = goods(str(line["product"]))
    where = f"{line['firm_name']}'s {what} ({line['name']})"
    if not line["ways"]:
        return (
            f"{where}: this version moves no such work from one country to another by itself. It"
            " considers enlarging plants that are full and laying up or closing idle ones; what is"
            f" made where follows from cost (class {line['line_class']})."
        )
    return (
        f"{where}: nothing that it makes in one country for another is large enough to move by"
        " itself."
    )
