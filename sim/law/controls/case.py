"""A settled question: the query, the day, the law and the answers to its open questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sim.law.controls.law import ControlLaw
from sim.law.controls.query import Limb, Query
from sim.law.controls.rules import Rule
from sim.law.controls.switches import Switches
from sim.law.controls.tables import Listing

INHERITED = frozenset({"entity_list", "footnote_1", "footnote_4", "footnote_5"})
"""Lists that reach an owner's half-owned companies under the affiliates rule."""


@dataclass(frozen=True, slots=True)
class Case:
    """A settled query on a day under switches."""

    law: ControlLaw
    query: Query
    on: date
    switches: Switches

    @property
    def headquarters(self) -> str | None:
        """Country of the customer's headquarters, None when it is not known."""
        return self.law.customers[self.query.customer].headquarters

    def within(self, country: str | None, groups: tuple[str, ...]) -> bool:
        """Whether a country is, or belongs to, any of ``groups`` on the day."""
        return any(self.law.in_group(country, group, self.on) for group in groups)

    def listing(self, name: str) -> tuple[Listing | None, str]:
        """The customer's own entry on a list, else its owner's under the affiliates rule."""
        query = self.query
        own = self.law.listing(query.customer, name, self.on)
        if own is not None or name not in INHERITED or self.affiliate_rule() is None:
            return own, query.customer
        return self.law.listing(query.owner, name, self.on), str(query.owner)

    def affiliate_rule(self) -> Rule | None:
        """The affiliates rule in force, when the owner's share reaches its threshold."""
        share = self.query.owner_share
        for rule in self.law.of("US", "affiliates"):
            enough = share is not None and share >= (rule.where.threshold_share or 0.0)
            if enough and rule.in_force(self.on, self.switches):
                return rule
        return None


def limb_of(rule: Rule, finding: str, *, applied: bool, code: str | None = None) -> Limb:
    """What a rule found, with its statute and source."""
    return Limb(rule.id, rule.authority, rule.citation, applied, finding, code, rule.url)
