"""Regional value content: what share of a good's value counts as made within an agreement.

With price 1, value added in place ``a`` and parts ``p`` of which the share ``o`` comes from the
countries that count (``a + p <= 1``; what is left is profit and overhead):

===============  ================================================================
``build_down``   ``1 - p (1 - o)``
``build_up``     ``p o + a``: originating materials, own processing among them
``net_cost``     ``1 - p (1 - o) / n`` with net cost ``n`` a declared share of price
``focused``      ``build_down`` on the parts alone: ``o``
``value_added``  ``a + p l`` with ``l`` the parts' share from the country itself
===============  ================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import ArrayLike

from sim.arrays import Floats
from sim.errors import Fault, LawError, nearest
from sim.law.agreement import Agreement
from sim.law.origin.declared import Declared, declared

EXACT = 1e-12
"""A content that equals the threshold up to rounding meets it."""


@dataclass(frozen=True, slots=True)
class Sourcing:
    """Where the value of one unit comes from, as shares of its price.

    ``value_added`` is made in place, ``parts`` are bought; ``parts_from`` splits the parts by
    country and adds to one.

    Raises
    ------
    LawError
        When a share lies outside 0..1, or they add to more than the whole.
    """

    value_added: float
    parts: float
    parts_from: Mapping[str, float]

    def __post_init__(self) -> None:
        shares = {"value_added": self.value_added, "parts": self.parts, **self.parts_from}
        faults = [
            Fault("", key, f"{share:g} is no share between 0 and 1")
            for key, share in shares.items()
            if not 0.0 <= share <= 1.0
        ]
        if self.value_added + self.parts > 1.0 + EXACT:
            faults.append(Fault("", "parts", "value added and parts exceed the price"))
        if self.parts_from and abs(sum(self.parts_from.values()) - 1.0) > 1e-9:
            faults.append(Fault("", "parts_from", "the shares of the parts do not add to 1"))
        if faults:
            raise LawError(faults)


def counted(agreement: Agreement, on: date) -> frozenset[str]:
    """Countries whose inputs count as originating on a day (cumulation), empty when not in force.

    Only members for which the agreement is already in force count.
    """
    if on > agreement.end:
        return frozenset()
    standing = {country for country, since in agreement.members if since <= on}
    return frozenset(standing & set(agreement.cumulation or standing))


def content(
    method: str,
    value_added: ArrayLike,
    parts: ArrayLike,
    counting: ArrayLike,
    local: ArrayLike,
    known: Declared | None = None,
) -> Floats:
    """Regional value content by a method, elementwise over any shape.

    ``counting`` and ``local`` are the shares (0..1) of the parts from countries that count and from
    the country of assembly itself. ``known`` are the declarations, those that ship when left out.
    Result is a share; a net cost too small for its foreign parts gives a negative one.

    >>> content("build_down", 0.2, 0.7, 0.5, 0.5).item()
    0.65
    """
    added, bought = np.asarray(value_added, float), np.asarray(parts, float)
    near, own = np.asarray(counting, float), np.asarray(local, float)
    foreign = bought * (1.0 - near)
    if method == "build_down":
        return np.asarray(1.0 - foreign)
    if method == "build_up":
        return np.asarray(added + bought * near)
    if method == "net_cost":
        return np.asarray(1.0 - foreign / (known or declared()).net_cost_share)
    if method == "focused":
        return near + np.zeros_like(bought)
    if method == "value_added":
        return np.asarray(added + bought * own)
    methods = ("build_down", "build_up", "net_cost", "focused", "value_added")
    raise LawError(Fault("", "method", f"no method `{method}`", nearest(method, methods)))


def regional_value_content(
    agreement: Agreement,
    product: str,
    place: str,
    sourcing: Sourcing,
    on: date,
    known: Declared | None = None,
) -> float:
    """Regional value content of a good assembled in ``place``, by the method of its rule.

    Zero when the agreement has no rule for the product on that day or ``place`` is no member.
    """
    rule, near = agreement.rule(product, on), counted(agreement, on)
    if rule is None or place not in near:
        return 0.0
    counting = sum(share for country, share in sourcing.parts_from.items() if country in near)
    local = sourcing.parts_from.get(place, 0.0)
    method = rule.method or "build_down"
    return content(method, sourcing.value_added, sourcing.parts, counting, local, known).item()


def labour_value_content(
    agreement: Agreement, place: str, sourcing: Sourcing, on: date, known: Declared | None = None
) -> float:
    """Share of the price made at high wages within the agreement, with the declared credit.

    An approximation of Article 7 of USMCA's automotive appendix: work in, and parts from, a
    high-wage member count.
    """
    known = known or declared()
    high = set(known.high_wage) & counted(agreement, on)
    made = sourcing.value_added if place in high else 0.0
    bought = sum(share for country, share in sourcing.parts_from.items() if country in high)
    total = made + sourcing.parts * bought + known.usmca_labour_credit_share
    return min(1.0, total)
