"""Why, the whole answer: what a policy changes in a firm's moves and in what controls cost it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sim.results.answer.speech import quoted
from sim.results.names import find_firm, policy_name
from sim.results.numbers import money
from sim.results.reasons.changes import moves, with_rules
from sim.results.reasons.controls import RuleCost, beside_rules, rule_costs
from sim.results.reasons.move import Change, Move
from sim.results.reasons.not_taken import not_taken
from sim.results.reasons.tool_sales import SalesChange, sales_change
from sim.results.run_folder.query import RunFolder

SHOWN = 6
"""Changes that are told at most, unless all are asked for."""
HEADINGS: dict[Change, str] = {
    "gained": "Only under {}:",
    "lost": "No longer under {}:",
    "more": "More often under {}:",
    "fewer": "Less often under {}:",
    "larger": "More of it under {}:",
    "smaller": "Less of it under {}:",
    "earlier": "Earlier under {}:",
    "later": "Later under {}:",
    "same": "The same under both:",
}


@dataclass(frozen=True, slots=True)
class Why:
    """What ``policy`` changes for one firm against ``against``, and what is the same.

    ``moves`` stand by :func:`sim.results.reasons.changes.moves`; ``rules`` are costs of export
    controls, empty for a firm that sells no chip tools; ``beside`` is one sentence on what others'
    answers to these controls do, or empty; ``sales`` is what is sold more or less on balance, None
    for a firm without chip tools or where nothing differs. ``names`` holds the titles of both
    policies.
    """

    firm: str
    firm_name: str
    policy: str
    against: str
    names: Mapping[str, str]
    moves: tuple[Move, ...]
    rules: tuple[RuleCost, ...]
    beside: str = ""
    sales: SalesChange | None = None

    @property
    def changed(self) -> list[Move]:
        """Moves that the policy changes, the largest change first."""
        return [one for one in self.moves if one.change != "same"]

    @property
    def same(self) -> list[Move]:
        """Moves that are the same under both policies, the most frequent first."""
        return [one for one in self.moves if one.change == "same"]

    @property
    def lost_usd(self) -> tuple[float, float]:
        """Orders refused or withdrawn by all rules, under the policy and the one compared with."""
        return (
            sum(one.lost_usd for one in self.rules),
            sum(one.lost_against_usd for one in self.rules),
        )

    def rows(self) -> list[dict[str, Any]]:
        """Every move and every rule's cost as JSON objects, their words included."""
        told = [one.row(self.names) for one in self.moves]
        return told + [one.row(self.names, self.policy, self.against) for one in self.rules]

    def content(self) -> dict[str, Any]:
        """Give it as JSON can hold it."""
        return {
            "firm": self.firm,
            "policy": self.policy,
            "against": self.against,
            "answer": self.paragraphs(),
            "tool_sales": None if self.sales is None else self.sales.row(),
            "lost_to_controls_usd": dict(zip(("policy", "against"), self.lost_usd, strict=True)),
            "rows": self.rows(),
        }

    def paragraphs(self, *, every: bool = False) -> list[str]:
        """Tell it: sales on balance, changes of moves, the rules that cost more or less, the rest.

        Where tools are sold more or less, the rules stand before the moves.
        """
        moves, rules = self._of_moves(every=every), self._of_rules(every=every)
        if self.sales is None:
            return [*moves, *rules]
        under, other = (self.names[name] for name in (self.policy, self.against))
        return [self.sales.sentence(self.firm_name, under, other), *rules, *moves]

    def __str__(self) -> str:
        return "\n\n".join(self.paragraphs())

    def _of_moves(self, *, every: bool) -> list[str]:
        under, other = (quoted(self.names[name]) for name in (self.policy, self.against))
        shown = self.changed if every else self.changed[:SHOWN]
        told = [] if shown else [f"{under} changes no move of {self.firm_name} against {other}."]
        told += _grouped(shown, under, self.names)
        left = len(self.changed) - len(shown)
        if left:
            what = "smaller change" if left == 1 else "smaller changes"
            told.append(f"{left} {what}: --all tells them.")
        if self.same and every:
            told += _grouped(self.same, under, self.names)
        elif self.same:
            what = "move is" if len(self.same) == 1 else "moves are"
            told.append(f"{len(self.same)} {what} the same under both: --all tells them.")
        return told

    def _of_rules(self, *, every: bool) -> list[str]:
        under, other = (self.names[name] for name in (self.policy, self.against))
        shown = [one for one in self.rules if one.changes or every]
        apart = [one for one in shown if one.differs]
        alike = [one for one in shown if not one.differs]
        told = [self._of_controls()] if shown else []
        told += [one.paragraph(under, other, every=every) for one in apart]
        if apart and alike:
            told.append("Rules that are the same under both, at another cost:")
        told += [one.paragraph(under, other, every=every) for one in alike]
        left = len(self.rules) - len(shown)
        if left:
            what = "rule costs" if left == 1 else "rules cost"
            lost = money(sum(one.lost_usd for one in self.rules if one not in shown))
            told.append(
                f"{left} {what} the same under both ({lost} of orders refused or withdrawn): --all"
                " tells them."
            )
        return [*told, self.beside] if self.beside else told

    def _of_controls(self) -> str:
        """What all rules together cost under each policy."""
        lost, there = self.lost_usd
        under, other = (quoted(self.names[name]) for name in (self.policy, self.against))
        return (
            f"Export controls cost {self.firm_name} {money(lost)} of orders under {under} and"
            f" {money(there)} under {other}, refused or withdrawn over all months"
            f" (mean of {_futures(self.rules[0].runs)} kept in detail). By rule:"
        )


def _grouped(shown: list[Move], under: str, names: Mapping[str, str]) -> list[str]:
    """A paragraph a move; the first of each kind of change stands under its heading."""
    told: list[str] = []
    for change, heading in HEADINGS.items():
        for number, one in enumerate(one for one in shown if one.change == change):
            head = "" if number else f"{heading.format(under)}\n"
            told.append(f"{head}{one.sentence(names)}")
    return told


def _futures(number: int) -> str:
    return "one future" if number == 1 else f"{number} futures"


def _with_reasons(run: RunFolder, move: Move) -> Move:
    """The move with the rules behind it and the options that it was preferred to."""
    others = not_taken(run, move.told_of, {**move.parts, "firm": move.firm})
    return replace(move, rules=with_rules(run, move), not_taken=others)


def why(run: RunFolder, firm: str, policy: str, against: str | None = None) -> Why:
    """Find what ``policy`` changes for a firm against another one (the baseline).

    ``firm`` is an id or a name in any case.

    Raises
    ------
    QueryError
        No such firm or policy in this run, or no future that both policies have finished.
    """
    other = run.require_policy(run.baseline if against is None else against)
    code, name = find_firm(run, firm)
    found = moves(run, policy, other, code)
    told = tuple(_with_reasons(run, one) if one.change != "same" else one for one in found)
    return Why(
        code,
        name,
        policy,
        other,
        {one: policy_name(run, one) for one in (policy, other)},
        told,
        tuple(rule_costs(run, code, policy, other)),
        beside_rules(run, code, policy, other),
        sales_change(run, code, policy, other),
    )
