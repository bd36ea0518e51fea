"""What each rule of export control costs a maker under one policy, against another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sim.results.answer.speech import quoted
from sim.results.licences import AUTHORITIES, LicenceCost, answers, licence_costs, told_answers
from sim.results.numbers import money, percent
from sim.results.run_folder.query import RunFolder

LEAST_PART = 0.02
"""Part of a rule's cost by which it must differ to be told as a change."""
LEAST_RATE = 0.1
"""Part by which the share of orders that is lost must differ to be told."""
BUYERS = 3
"""Buyers that a rule names at most, unless all are asked for."""


@dataclass(frozen=True, slots=True)
class RuleCost:
    """One rule's cost to a maker under two policies; nominal USD, means over detailed futures.

    ``lost_usd`` was refused, or withdrawn by a buyer who waited. ``start`` is the rule's first day,
    ``in_force`` and ``in_force_against`` whether it is law under each, ``differs`` whether its text
    or its days are not the same. ``buyers`` are those of ``policy``, or of ``against`` where only
    that one has the rule.
    """

    firm: str
    rule: str
    title: str
    authority: str
    citation: str
    source: str
    announced: str
    start: str
    in_force: bool
    in_force_against: bool
    differs: bool
    orders_usd: float
    refused_usd: float
    withdrawn_usd: float
    orders_against_usd: float
    refused_against_usd: float
    withdrawn_against_usd: float
    first: str
    last: str
    runs: int
    buyers: tuple[LicenceCost, ...]

    @property
    def lost_usd(self) -> float:
        """Refused or withdrawn under the policy."""
        return self.refused_usd + self.withdrawn_usd

    @property
    def lost_against_usd(self) -> float:
        """The same under the policy that is compared with."""
        return self.refused_against_usd + self.withdrawn_against_usd

    @property
    def change_usd(self) -> float:
        """What the policy adds to what is lost."""
        return self.lost_usd - self.lost_against_usd

    @property
    def changes(self) -> bool:
        """Whether the policy changes what the rule costs."""
        most = max(self.lost_usd, self.lost_against_usd)
        return abs(self.change_usd) > LEAST_PART * most or self.in_force != self.in_force_against

    def row(self, names: Mapping[str, str], policy: str, against: str) -> dict[str, Any]:
        """Give it as a JSON object, its words included."""
        text = self.paragraph(names[policy], names[against], every=True)
        return (
            {"kind": "licence", "change_usd": self.change_usd}
            | asdict(self)
            | {"buyers": [one.row() for one in self.buyers], "text": text}
        )

    def paragraph(self, under: str, other: str, *, every: bool = False) -> str:
        """Name the rule, its date and source; what it costs under each; its buyers line by line."""
        own, there = (_side(self, "_usd"), _side(self, "_against_usd"))
        told = [f"Under {quoted(under)} {own if self.in_force else 'it is not law'}."]
        if self.changes:
            told.append(f"Under {quoted(other)} {there if self.in_force_against else _ABSENT}.")
        if self.changes and not self.differs:
            told.append(self._why_it_changes())
        lines = [f"  {one.sentence()}" for one in self._hurt(every=every)]
        left = sum(one.lost_usd > 0.0 for one in self.buyers) - len(lines)
        if left > 0:
            lose = "buyer loses" if left == 1 else "buyers lose"
            lines.append(f"  {left} more {lose} less: --all tells them")
        return "\n".join([f"{self._head()} {' '.join(told)}", *lines])

    def _why_it_changes(self) -> str:
        """Tell why a rule that is the same under both costs more under one."""
        orders, there = self.orders_usd, self.orders_against_usd
        if not orders or not there:
            return "The rule is the same under both; the orders that need its licence are not."
        parts = [self.lost_usd / orders, self.lost_against_usd / there]
        larger = "larger" if orders > there else "smaller"
        size = f"orders under it are {percent(abs(orders / there - 1.0))} {larger}"
        if abs(parts[0] - parts[1]) <= LEAST_RATE * max(parts):
            return f"The rule is the same under both: {size}."
        return (
            f"The rule is the same under both: {size}, and {percent(parts[0])} of them are lost,"
            f" not {percent(parts[1])}, perhaps as they wait together with"
            " orders for the same tools from other plants that another rule refuses or holds up."
        )

    def _head(self) -> str:
        authority = AUTHORITIES.get(self.authority, self.authority)
        source = ", ".join(part for part in (self.citation, self.source) if part)
        since = f"in force from {self.start}" if self.start else f"asked for from {self.first[:7]}"
        basis = f" ({source})" if source else ""
        return f"{self.firm} and {quoted(self.title)} of {authority}, {since}{basis}."

    def _hurt(self, *, every: bool) -> Sequence[LicenceCost]:
        hurt = [one for one in self.buyers if one.lost_usd > 0.0]
        return hurt if every else hurt[:BUYERS]


_ABSENT = "it is not law"


def _side(cost: RuleCost, end: str) -> str:
    orders, refused, withdrawn = (
        getattr(cost, f"{name}{end}") for name in ("orders", "refused", "withdrawn")
    )
    if not orders:
        return "no order needs a licence for it"
    return (
        f"orders of {money(orders)} need a licence for it, {money(refused)} are refused and"
        f" {money(withdrawn)} withdrawn by buyers who waited"
    )


def rule_costs(run: RunFolder, firm: str, policy: str, against: str) -> list[RuleCost]:
    """Cost of every rule to a maker under two policies, the largest change first.

    Raises
    ------
    QueryError
        No such firm or policy in this run.
    """
    sides = [licence_costs(run, firm, name) for name in (policy, against)]
    found = []
    for rule in dict.fromkeys(one.rule for side in sides for one in side):
        ours, theirs = ([one for one in side if one.rule == rule] for side in sides)
        texts = [run.controls.get(name, {}).get(rule) for name in (policy, against)]
        found.append(_cost(rule, ours, theirs, texts))
    return sorted(found, key=lambda one: (-abs(one.change_usd), -one.lost_usd, one.rule))


def _cost(
    rule: str,
    ours: list[LicenceCost],
    theirs: list[LicenceCost],
    texts: Sequence[Mapping[str, Any] | None],
) -> RuleCost:
    shown = ours or theirs
    text: Mapping[str, Any] = texts[0] or texts[1] or {}
    windows = text.get("windows") or [["", None]]
    sums: dict[str, Any] = {
        f"{told}{end}": sum(getattr(one, name) for one in side)
        for end, side in (("_usd", ours), ("_against_usd", theirs))
        for told, name in _SUMS.items()
    }
    return RuleCost(
        firm=shown[0].firm, rule=rule, title=str(text.get("title", shown[0].title)),
        authority=shown[0].authority, citation=str(text.get("citation", "")),
        source=str(text.get("source_url", "")), announced=str(text.get("announced") or ""),
        start=str(windows[0][0] or ""), in_force=texts[0] is not None or bool(ours),
        in_force_against=texts[1] is not None or bool(theirs), differs=texts[0] != texts[1],
        **sums,
        first=min(one.first for one in shown), last=max(one.last for one in shown),
        runs=shown[0].runs, buyers=tuple(shown),
    )  # fmt: skip


_SUMS = {"orders": "orders_usd", "refused": "denied_usd", "withdrawn": "cancelled_usd"}
"""Column of a rule's cost -> the buyers' figure that it adds up."""


def beside_rules(run: RunFolder, firm: str, policy: str, against: str) -> str:
    """What others' answers to the controls move under the policy more than under the other.

    ``firm`` is an id; empty where nothing is told, as for a firm that makes no chip tools.
    """
    if not (run.lines["product"] == "chip_tools")[run.lines["firm"] == firm].any():
        return ""
    ours, theirs = (answers(run, firm, name) for name in (policy, against))
    pairs = {name: (ours.get(name, 0.0), theirs.get(name, 0.0)) for name in {**ours, **theirs}}
    return told_answers(
        {
            name: one - other
            for name, (one, other) in pairs.items()
            if abs(one - other) > LEAST_PART * max(abs(one), abs(other))
        }
    )
