"""What export controls cost a maker of chip tools: by rule and buyer, from runs kept in detail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sim.results.names import customer_names, find_firm
from sim.results.numbers import money
from sim.results.run_folder.query import RunFolder
from sim.tables import FREE_DECISIONS

_RUNS = "SELECT count(DISTINCT (scenario, replication)) AS runs FROM flows WHERE policy = $policy"
_COSTS = """
SELECT rule, authority, customer, CAST(min(month) AS VARCHAR) AS first,
    CAST(max(month) AS VARCHAR) AS last, sum(value_usd) AS orders, sum(shipped_usd) AS shipped,
    sum(denied_usd) AS denied, sum(cancelled_usd) AS cancelled, sum(revoked_usd) AS revoked,
    sum(backlog_usd) AS waiting
FROM licences
WHERE policy = $policy AND firm = $firm AND NOT list_contains($free, decision)
GROUP BY rule, authority, customer ORDER BY denied + cancelled DESC, orders DESC, rule, customer
"""
AUTHORITIES = {"US": "the United States", "JP": "Japan", "CN": "China"}
"""Who licenses -> its name in a sentence."""


_LEAST_WAIT = 0.05
"""Months of orders below which nothing is said of waiting."""


@dataclass(frozen=True, slots=True)
class LicenceCost:
    """What one rule did to a firm's orders from one buyer; money is nominal USD a run.

    ``orders_usd`` needed a licence, ``lost_usd`` was refused or withdrawn, ``revoked_usd`` (part
    of what was or will be refused) was in hand when a rule was tightened; ``wait_months`` is what
    waits over a month's orders, on average.
    """

    firm: str
    rule: str
    title: str
    authority: str
    customer: str
    first: str
    last: str
    orders_usd: float
    shipped_usd: float
    denied_usd: float
    cancelled_usd: float
    revoked_usd: float
    wait_months: float
    runs: int
    customer_name: str

    @property
    def lost_usd(self) -> float:
        """Refused, or withdrawn by a buyer who waited."""
        return self.denied_usd + self.cancelled_usd

    def row(self) -> dict[str, Any]:
        """Give the cost as a JSON object, its sentence included."""
        return {"kind": "licence"} | asdict(self) | {"text": self.sentence()}

    def sentence(self) -> str:
        """Tell one buyer's line in words."""
        parts = [
            f"{money(value)} {what}"
            for value, what in (
                (self.denied_usd, "refused"),
                (self.cancelled_usd, "withdrawn"),
                (self.revoked_usd, "in hand revoked"),
            )
            if value > 0.0
        ]
        told = ", ".join([f"{money(self.orders_usd)} of orders needed a licence", *parts])
        waited = self.wait_months >= _LEAST_WAIT
        wait = f"; {self.wait_months:.1f} months of orders waited" if waited else ""
        return f"{self.customer_name}: {told}{wait}"


def licence_costs(run: RunFolder, firm: str, policy: str) -> list[LicenceCost]:
    """Costs of every rule under ``policy`` by buyer, the dearest first; none gives [].

    ``firm`` is an id or a name in any case. Figures are means over the runs kept in detail.

    Raises
    ------
    QueryError
        No such firm or policy in this run.
    """
    code, name = find_firm(run, firm)
    bound = {"policy": run.require_policy(policy)}
    runs = int(run.sql(_RUNS, bound)["runs"].iloc[0])
    if runs == 0:
        return []
    rows = run.sql(_COSTS, {**bound, "firm": code, "free": list(FREE_DECISIONS)})
    titles, buyers = run.controls.get(policy, {}), customer_names(run)
    return [_cost(row, name, titles, buyers, runs) for row in rows.to_dict("records")]


def _cost(
    row: Mapping[Any, Any],
    firm: str,
    titles: Mapping[str, Any],
    buyers: Mapping[str, str],
    runs: int,
) -> LicenceCost:
    rule, orders, buyer = str(row["rule"]), float(row["orders"]), str(row["customer"])
    return LicenceCost(
        firm=firm,
        rule=rule,
        title=str(titles.get(rule, {}).get("title", rule)),
        authority=str(row["authority"]),
        customer=buyer,
        first=str(row["first"])[:10],
        last=str(row["last"])[:10],
        orders_usd=orders / runs,
        shipped_usd=float(row["shipped"]) / runs,
        denied_usd=float(row["denied"]) / runs,
        cancelled_usd=float(row["cancelled"]) / runs,
        revoked_usd=float(row["revoked"]) / runs,
        wait_months=float(row["waiting"]) / orders if orders > 0.0 else 0.0,
        runs=runs,
        customer_name=buyers.get(buyer, buyer),
    )


_ANSWERS = """
SELECT outcome, sum(value) AS value FROM outcomes
WHERE policy = $policy AND firm = $firm AND outcome IN
    ('diverted_usd', 'stock_usd', 'turned_away_usd') GROUP BY outcome
"""
_WORDS = {
    "diverted_usd": "of orders that come over from American makers who were refused",
    "stock_usd": "of orders for buyers' stocks",
    "turned_away_usd": "of orders of listed buyers turned away beyond the law",
}


def answers(run: RunFolder, firm: str, policy: str) -> dict[str, float]:
    """Orders that moved because others answered the controls, USD a run over all months.

    The keys are the outcomes ``diverted_usd``, ``stock_usd`` and ``turned_away_usd``; none for a
    firm that makes no chip tools.
    """
    bound = {"policy": run.require_policy(policy), "firm": find_firm(run, firm)[0]}
    runs = max(1, len(run.lanes().get(policy, ())))
    rows = run.sql(_ANSWERS, bound).to_dict("records")
    return {str(row["outcome"]): float(row["value"]) / runs for row in rows}


def told_answers(found: Mapping[str, float]) -> str:
    """Tell in one sentence by how much they differ; empty when there is nothing to tell."""
    parts = [
        f"{money(found[name], signed=True)} {_WORDS[name]}" for name in _WORDS if found.get(name)
    ]
    return f"Beside the rules, over all months: {'; '.join(parts)}." if parts else ""
