"""Whether a good earns a preference: the tests of an agreement's rule on the good's own parts.

A preference that is not earned is not taken. The thresholds are those of ``agreements.yaml``
(:class:`~sim.law.agreement.OriginRule`).
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.arrays import Floats
from sim.errors import Fault, LawError, nearest
from sim.law.agreement import Agreement, OriginRule
from sim.law.origin.content import (
    EXACT,
    Sourcing,
    content,
    counted,
    labour_value_content,
    regional_value_content,
)
from sim.law.origin.declared import SHIFTS, Declared, declared

Bools = NDArray[np.bool_]


def in_force(agreement: Agreement, exporter: str, importer: str, on: date) -> bool:
    """Whether the agreement stands between two countries on a day."""
    standing = {country for country, since in agreement.members if since <= on <= agreement.end}
    return {exporter, importer} <= standing and exporter != importer


def shifts(product: str, needed: str, known: Declared | None = None) -> bool:
    """Whether assembly of the product usually makes the change of classification needed.

    >>> shifts("cars", "CTH"), shifts("ev_batteries", "CTH")
    (True, False)
    """
    usual = (known or declared()).shift
    if product not in usual:
        raise LawError(Fault("", product, "no such product", nearest(product, usual)))
    return SHIFTS.index(usual[product]) >= SHIFTS.index(needed)


def earned(
    agreement: Agreement,
    product: str,
    rvc: float,
    on: date,
    *,
    tariff_shift: bool | None = None,
    labour: float | None = None,
    known: Declared | None = None,
) -> bool:
    """Whether one good is originating (scalar content); see :func:`earned_where` for arrays.

    ``tariff_shift`` None takes the declared usual case of the product; ``labour`` None leaves the
    test of wages out (the caller has no place and parts to judge it by).
    """
    answer = earned_where(
        agreement, product, rvc, on, tariff_shift=tariff_shift, labour=labour, known=known
    )
    return bool(answer.all())


def earned_where(
    agreement: Agreement,
    product: str,
    rvc: ArrayLike,
    on: date,
    *,
    tariff_shift: bool | None = None,
    labour: ArrayLike | None = None,
    known: Declared | None = None,
) -> Bools:
    """Whether goods are originating, elementwise over ``rvc`` (shares, any shape).

    False everywhere when the agreement has ended, no member is in yet, or it has no rule for the
    product. The rule's two tests are combined as it says (``either`` or ``both``).
    """
    held = np.asarray(rvc, dtype=np.float64)
    rule = agreement.rule(product, on)
    if rule is None or not counted(agreement, on):
        return np.zeros(held.shape, dtype=bool)
    answer = _tests(rule, product, held, tariff_shift, known)
    if rule.labour_value_content is not None and labour is not None:
        answer = answer & (np.asarray(labour) >= rule.labour_value_content - EXACT)
    return np.asarray(answer, dtype=bool)


def _tests(
    rule: OriginRule, product: str, rvc: Floats, given: bool | None, known: Declared | None
) -> Bools:
    """The rule's tests of content and of classification, combined."""
    by_content = None if rule.value_content is None else rvc >= rule.value_content - EXACT
    if not rule.tariff_shift:
        return np.zeros(rvc.shape, bool) if by_content is None else by_content
    made = shifts(product, rule.tariff_shift, known) if given is None else given
    by_shift = np.full(rvc.shape, made)
    if by_content is None:
        return by_shift
    return by_content & by_shift if rule.combine == "both" else by_content | by_shift


def earned_by(
    agreement: Agreement,
    product: str,
    place: str,
    importer: str,
    sourcing: Sourcing,
    on: date,
    known: Declared | None = None,
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
    known = known or declared()
    if sourcing.value_added < known.minimal_operations_share:
        return False
    rvc = regional_value_content(agreement, product, place, sourcing, on, known)
    labour = labour_value_content(agreement, place, sourcing, on, known)
    return earned(agreement, product, rvc, on, labour=labour, known=known)


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
    known: Declared | None = None,
) -> Bools:
    """Vectorised :func:`earned_by`: lines, replication lanes or months at once.

    ``value_added`` and ``parts`` broadcast to ``[...]``, ``parts_source`` is ``[..., S]`` by
    ``suppliers`` (for the world's three: ``("CN", "JP", place)``). Result ``bool[...]``.
    """
    source = np.asarray(parts_source, dtype=np.float64)
    added, bought = np.asarray(value_added, float), np.asarray(parts, float)
    shape = np.broadcast_shapes(added.shape, bought.shape, source.shape[:-1])
    rule = agreement.rule(product, on)
    if rule is None or not in_force(agreement, place, importer, on):
        return np.zeros(shape, dtype=bool)
    near, known = counted(agreement, on), known or declared()
    share = _share_from(source, suppliers, near)
    local = _share_from(source, suppliers, frozenset({place}))
    rvc = content(rule.method or "build_down", added, bought, share, local, known)
    high = near & set(known.high_wage)
    labour = bought * _share_from(source, suppliers, high) + (added if place in high else 0.0)
    labour = labour + known.usmca_labour_credit_share
    answer = earned_where(agreement, product, rvc, on, labour=labour, known=known)
    return np.broadcast_to(answer & (added >= known.minimal_operations_share), shape).copy()


def _share_from(source: Floats, suppliers: tuple[str, ...], near: frozenset[str]) -> Floats:
    """Share of the parts that comes from some of the suppliers: ``[..., S]`` to ``[...]``."""
    return source @ np.array([float(country in near) for country in suppliers])
