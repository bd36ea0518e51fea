"""Suppliers of parts (section 4 of docs/model.md): their shares, duties and the credit for output.

Suppliers are China, Japan and local makers, in this order.
"""

from __future__ import annotations

from sim.axes import BASIS_INDEX, COUNTRY_INDEX
from tests.reference.beliefs import CARS, Law
from tests.reference.macro import Macro
from tests.reference.rows import Line, Plant

ABROAD = (COUNTRY_INDEX["CN"], COUNTRY_INDEX["JP"])
"""The two suppliers whose parts pay duty."""


def set_duty(law: Law, line: Line, plant: Plant) -> None:
    """tau_ps by supplier."""
    paying = float(law.world.parts_duty_share[plant.i])
    rates = []
    for supplier in ABROAD:
        at = law.month, plant.i, supplier, line.parts_k
        rate = float(law.duty.mfn[at]) + sum(float(extra) for extra in law.duty.extra[at])
        rates.append(paying * rate)
    plant.supplier_duty = (*rates, 0.0)


def credit(law: Law, line: Line, plant: Plant) -> float:
    """The credit for output, no more than the Section 232 duty on parts bought as in 2017."""
    if line.product not in CARS:
        return 0.0
    paying, security = float(law.world.parts_duty_share[plant.i]), 0.0
    for supplier, share in zip(ABROAD, plant.first_sources[:2], strict=True):
        at = law.month, plant.i, supplier, line.parts_k
        security += share * paying * float(law.duty.extra[at][BASIS_INDEX["section_232"]])
    given = float(law.duty.credit[law.month, plant.i, line.parts_k])
    given *= line.retail_markup / ((1 - line.par.base_margin) * line.par.parts_share)
    return min(given, security)


def switch_suppliers(line: Line, plant: Plant, macro: Macro) -> None:
    """q_ps move toward cheaper suppliers; a second source is kept."""
    par, pull = line.par, []
    for supplier, first in enumerate(plant.first_sources):
        dearer = plant.supplier_duty[supplier] - plant.base_supplier_duty[supplier]
        index = macro.price_index((*ABROAD, plant.i)[supplier])
        pull.append(
            first
            * index ** (-par.parts_theta * par.macro_exponent)
            * (1 + dearer) ** -par.parts_theta
        )
    if sum(pull) == 0:
        return
    kept = [
        max(weight / sum(pull), par.dual_source_share * first)
        for weight, first in zip(pull, plant.first_sources, strict=True)
    ]
    plant.sources = tuple(
        (1 - par.parts_reallocation) * share + par.parts_reallocation * goal / sum(kept)
        for share, goal in zip(plant.sources, kept, strict=True)
    )


def parts_duty(law: Law, line: Line, plant: Plant) -> float:
    """d_p: duty on a plant's parts less the credit for output."""
    paid = sum(q * tau for q, tau in zip(plant.sources, plant.supplier_duty, strict=True))
    return paid - credit(law, line, plant)


def parts_index(plant: Plant, macro: Macro) -> float:
    """A_p: price of a plant's parts over 2017."""
    total = plant.parts_duty - plant.base_parts_duty
    for supplier, share in enumerate(plant.sources):
        total += share * macro.price_index((*ABROAD, plant.i)[supplier])
    return total


def support(line: Line, plant: Plant) -> float:
    """What the maker bears a month of the duty of its local suppliers, USD."""
    par, first = line.par, plant.first_sources
    if first[0] + first[1] == 0:
        return 0.0
    dearer = [
        now - base for now, base in zip(plant.supplier_duty, plant.base_supplier_duty, strict=True)
    ]
    rate = max(0.0, (first[0] * dearer[0] + first[1] * dearer[1]) / (first[0] + first[1]))
    bought = plant.sources[2] * line.base_cost * par.parts_share * plant.output
    return float(par.supplier_support * par.supplier_import_share * bought * rate)
