"""Origin: is a good from a member country of an agreement, given where its parts come from.

A preference that is not earned is not taken. The thresholds are those of ``agreements.yaml``
(:class:`~sim.law.agreement.OriginRule`); what trade data cannot tell of a line is declared in
``origin.csv``: which products change their tariff heading when assembled, how net cost relates to
the price, how little work counts as none, which members pay high wages.

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

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import Fault, LawError, nearest
from sim.law.agreement import Agreement, OriginRule

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FOLDER = Path(str(files("sim") / "data" / "law"))

SHIFTS = ("none", "CTSH", "CTH", "CC")
"""Changes of classification, each implying those before it."""

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


@dataclass(frozen=True, slots=True)
class Declared:
    """What ``origin.csv`` declares; ``ranges`` holds (low, high) of each parameter."""

    shift: Mapping[str, str]
    high_wage: frozenset[str]
    net_cost_share: float
    minimal_operations_share: float
    usmca_labour_credit_share: float
    ranges: Mapping[str, tuple[float, float]]


@cache
def declared() -> Declared:
    """The declared approximations, read once."""
    with (FOLDER / "origin.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    parameters = [row for row in rows if row["kind"] == "parameter"]
    return Declared(
        shift={row["key"]: row["value"] for row in rows if row["kind"] == "tariff_shift"},
        high_wage=frozenset(row["key"] for row in rows if row["kind"] == "high_wage"),
        ranges={row["key"]: (float(row["low"]), float(row["high"])) for row in parameters},
        **{row["key"]: float(row["value"]) for row in parameters},
    )


def counted(agreement: Agreement, on: date) -> frozenset[str]:
    """Countries whose inputs count as originating on a day (cumulation), empty when not in force.

    Only members for which the agreement is already in force count.
    """
    if on > agreement.end:
        return frozenset()
    standing = {country for country, since in agreement.members if since <= on}
    return frozenset(standing & set(agreement.cumulation or standing))


def in_force(agreement: Agreement, exporter: str, importer: str, on: date) -> bool:
    """Whether the agreement stands between two countries on a day."""
    standing = {country for country, since in agreement.members if since <= on <= agreement.end}
    return {exporter, importer} <= standing and exporter != importer


def content(
    method: str, value_added: ArrayLike, parts: ArrayLike, counting: ArrayLike, local: ArrayLike
) -> Floats:
    """Regional value content by a method, elementwise over any shape.

    ``counting`` and ``local`` are the shares (0..1) of the parts from countries that count and from
    the country of assembly itself. Result is a share; a net cost too small for its foreign parts
    gives a negative one.

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
        return np.asarray(1.0 - foreign / declared().net_cost_share)
    if method == "focused":
        return near + np.zeros_like(bought)
    if method == "value_added":
        return np.asarray(added + bought * own)
    known = ("build_down", "build_up", "net_cost", "focused", "value_added")
    raise LawError(Fault("", "method", f"no method `{method}`", nearest(method, known)))


def regional_value_content(
    agreement: Agreement, product: str, place: str, sourcing: Sourcing, on: date
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
    return content(method, sourcing.value_added, sourcing.parts, counting, local).item()


def labour_value_content(agreement: Agreement, place: str, sourcing: Sourcing, on: date) -> float:
    """Share of the price made at high wages within the agreement, with the declared credit.

    An approximation of Article 7 of USMCA's automotive appendix: work in, and parts from, a
    high-wage member count.
    """
    high = declared().high_wage & counted(agreement, on)
    made = sourcing.value_added if place in high else 0.0
    bought = sum(share for country, share in sourcing.parts_from.items() if country in high)
    total = made + sourcing.parts * bought + declared().usmca_labour_credit_share
    return min(1.0, total)


def shifts(product: str, needed: str) -> bool:
    """Whether assembly of the product usually makes the change of classification needed.

    >>> shifts("cars", "CTH"), shifts("ev_batteries", "CTH")
    (True, False)
    """
    found = declared().shift.get(product)
    if found is None:
        raise LawError(Fault("", product, "no such product", nearest(product, declared().shift)))
    return SHIFTS.index(found) >= SHIFTS.index(needed)


def earned(
    agreement: Agreement,
    product: str,
    rvc: float,
    on: date,
    *,
    tariff_shift: bool | None = None,
    labour: float | None = None,
) -> bool:
    """Whether one good is originating (scalar content); see :func:`earned_where` for arrays.

    ``tariff_shift`` None takes the declared usual case of the product; ``labour`` None leaves the
    test of wages out (the caller has no place and parts to judge it by).
    """
    return bool(
        earned_where(agreement, product, rvc, on, tariff_shift=tariff_shift, labour=labour).all()
    )


def earned_where(
    agreement: Agreement,
    product: str,
    rvc: ArrayLike,
    on: date,
    *,
    tariff_shift: bool | None = None,
    labour: ArrayLike | None = None,
) -> Bools:
    """Whether goods are originating, elementwise over ``rvc`` (shares, any shape).

    False everywhere when the agreement has ended, no member is in yet, or it has no rule for the
    product. The rule's two tests are combined as it says (``either`` or ``both``).
    """
    held = np.asarray(rvc, dtype=np.float64)
    rule = agreement.rule(product, on)
    if rule is None or not counted(agreement, on):
        return np.zeros(held.shape, dtype=bool)
    answer = _tests(rule, product, held, tariff_shift)
    if rule.labour_value_content is not None and labour is not None:
        answer = answer & (np.asarray(labour) >= rule.labour_value_content - EXACT)
    return np.asarray(answer, dtype=bool)


def _tests(rule: OriginRule, product: str, rvc: Floats, given: bool | None) -> Bools:
    """The rule's tests of content and of classification, combined."""
    by_content = None if rule.value_content is None else rvc >= rule.value_content - EXACT
    if not rule.tariff_shift:
        return np.zeros(rvc.shape, bool) if by_content is None else by_content
    made = shifts(product, rule.tariff_shift) if given is None else given
    by_shift = np.full(rvc.shape, made)
    if by_content is None:
        return by_shift
    return by_content & by_shift if rule.combine == "both" else by_content | by_shift


def earned_by(
    agreement: Agreement, product: str, place: str, importer: str, sourcing: Sourcing, on: date
) -> bool:
    """Whether a line's good assembled in ``place`` earns the preference of ``importer``.

    The agreement must stand between the two; work in place must be more than a minimal operation;
    the rule's content, classification and wage tests must hold on the line's own parts. Core parts
    of USMCA cars are taken to be sourced as the parts at large, so that their test holds when the
    content test does.

    >>> from sim.law.law import load_law
    >>> usmca = load_law().agreement("USMCA")
    >>> local = Sourcing(0.25, 0.65, {"MX": 0.5, "US": 0.4, "JP": 0.1})
    >>> earned_by(usmca, "cars", "MX", "US", local, date(2025, 6, 1))
    False
    """
    if not in_force(agreement, place, importer, on):
        return False
    if sourcing.value_added < declared().minimal_operations_share:
        return False
    rvc = regional_value_content(agreement, product, place, sourcing, on)
    labour = labour_value_content(agreement, place, sourcing, on)
    return earned(agreement, product, rvc, on, labour=labour)


def earned_lines(
    agreement: Agreement,
    product: str,
    place: str,
    importer: str,
    value_added: ArrayLike,
    parts: ArrayLike,
    parts_source: ArrayLike,
    suppliers: tuple[str, ...],
    on: date,
) -> Bools:
    """Vectorised :func:`earned_by`: lines, lanes or months at once.

    ``value_added`` and ``parts`` broadcast to ``[...]``, ``parts_source`` is ``[..., S]`` by
    ``suppliers`` (for the world's three: ``("CN", "JP", place)``). Result ``bool[...]``.
    """
    source = np.asarray(parts_source, dtype=np.float64)
    added, bought = np.asarray(value_added, float), np.asarray(parts, float)
    shape = np.broadcast_shapes(added.shape, bought.shape, source.shape[:-1])
    rule = agreement.rule(product, on)
    if rule is None or not in_force(agreement, place, importer, on):
        return np.zeros(shape, dtype=bool)
    near = counted(agreement, on)
    share = _share_from(source, suppliers, near)
    local = _share_from(source, suppliers, frozenset({place}))
    rvc = content(rule.method or "build_down", added, bought, share, local)
    high = declared().high_wage & near
    labour = bought * _share_from(source, suppliers, high) + (added if place in high else 0.0)
    labour = labour + declared().usmca_labour_credit_share
    answer = earned_where(agreement, product, rvc, on, labour=labour)
    return np.broadcast_to(answer & (added >= declared().minimal_operations_share), shape).copy()


def _share_from(source: Floats, suppliers: tuple[str, ...], near: frozenset[str]) -> Floats:
    """Share of the parts that comes from some of the suppliers: ``[..., S]`` to ``[...]``."""
    return source @ np.array([float(country in near) for country in suppliers])
