"""Which firms a policy changes most: one line a firm, and how to ask further."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.axes import VEHICLES
from sim.results.answer.speech import quoted
from sim.results.names import policy_name
from sim.results.numbers import percent
from sim.results.reasons.changes import moves
from sim.results.reasons.move import Move
from sim.results.reasons.wording import short_act
from sim.results.run_folder.query import RunFolder

SHOWN = 10
"""Firms that are told unless all are asked for."""


@dataclass(frozen=True, slots=True)
class FirmChange:
    """What a policy changes for one firm: its largest change, and how many there are.

    ``share`` is what all changes shift, over what the firm made in the base year (vehicles and
    goods each over their own kind, then added).
    """

    firm: str
    firm_name: str
    share: float
    changes: int
    largest: Move

    def line(self) -> str:
        """Tell it in one line."""
        move, more = self.largest, self.changes - 1
        often = f"{move.futures} of {move.all_futures} futures, else {move.futures_against}"
        rest = f" and {more} more" if more else ""
        return f"{percent(self.share, 0)} {self.firm_name}: {short_act(move.parts)} ({often}){rest}"

    def row(self) -> dict[str, Any]:
        """Give it as a JSON object, its line included."""
        move = self.largest
        return {
            "firm": self.firm,
            "firm_name": self.firm_name,
            "share": self.share,
            "changes": self.changes,
            "change": move.change,
            "futures": move.futures,
            "futures_against": move.futures_against,
            "all_futures": move.all_futures,
            "product": move.product,
            "units_change": move.units_change,
            "text": self.line(),
        }


@dataclass(frozen=True, slots=True)
class Overview:
    """Firms by how much of their production a policy shifts, the largest part first."""

    policy: str
    against: str
    names: Mapping[str, str]
    folder: str
    firms: tuple[FirmChange, ...]
    unchanged: int

    def content(self) -> dict[str, Any]:
        """Give it as JSON can hold it."""
        return {
            "policy": self.policy,
            "against": self.against,
            "answer": self.paragraphs(),
            "rows": [one.row() for one in self.firms],
        }

    def paragraphs(self, *, every: bool = False) -> list[str]:
        """One line a firm, and how to ask further."""
        under, other = (quoted(self.names[name]) for name in (self.policy, self.against))
        if not self.firms:
            return [f"{under} changes no firm's moves against {other}."]
        shown = self.firms if every else self.firms[:SHOWN]
        lines = [f"  {one.line()}" for one in shown]
        left = len(self.firms) - len(shown)
        rest = [f"{left} more firms change less: --all tells them."] if left else []
        head = f"What {under} changes most against {other}, by part of a firm's output of 2017:"
        pair = f"--policy {self.policy} --against {self.against}"
        return [
            "\n".join([head, *lines]),
            *rest,
            f"{self.unchanged} firms change nothing.",
            f"Ask why: kyoten why {self.folder} {pair} --firm {self.firms[0].firm}",
        ]


def overview(run: RunFolder, policy: str, against: str | None = None) -> Overview:
    """Find the firms whose moves ``policy`` changes against another one (the baseline).

    Raises
    ------
    QueryError
        No such policy in this run, or no future that both policies have finished.
    """
    other = run.require_policy(run.baseline if against is None else against)
    found: dict[str, list[Move]] = {}
    for move in moves(run, policy, other):
        if move.change != "same":
            found.setdefault(move.firm, []).append(move)
    made = _made(run)
    firms = [_firm(own, made) for own in found.values()]
    firms.sort(key=lambda one: (-one.share, one.firm))
    names = {one: policy_name(run, one) for one in (policy, other)}
    every = run.lines["firm"].nunique()
    return Overview(policy, other, names, str(run.path), tuple(firms), every - len(firms))


def _firm(own: list[Move], made: Mapping[tuple[str, bool], float]) -> FirmChange:
    share = sum(
        abs(one.units_change) / made[one.firm, one.product in VEHICLES]
        for one in own
        if made.get((one.firm, one.product in VEHICLES))
    )
    return FirmChange(own[0].firm, own[0].firm_name, share, len(own), own[0])


def _made(run: RunFolder) -> Mapping[tuple[str, bool], float]:
    """(Firm, whether vehicles) -> units of the base year."""
    made: dict[tuple[str, bool], float] = {}
    for line in run.lines.to_dict("records"):
        key = str(line["firm"]), line["product"] in VEHICLES
        made[key] = made.get(key, 0.0) + float(line["base_units"])
    return made
