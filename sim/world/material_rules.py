"""China's export rules on materials as makers of goods meet them, by month and place of use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.axes import COUNTRIES
from sim.law.controls import MaterialQuery, decide_material
from sim.law.controls.codes import CHINA_CODES
from sim.law.controls.law import ControlLaw
from sim.world.chip_tools.queries import DAY

SOURCE = "CN"
"""Whose rules they are; what is used there needs no export licence."""


@dataclass(frozen=True, slots=True, eq=False)
class MaterialRules:
    """Answers of one law on materials, month by month (T), for use in each place (I)."""

    code: NDArray[np.int8]
    """int8[T, class_materials, I]: place in :data:`sim.law.controls.codes.CHINA_CODES`."""
    spell: NDArray[np.int16]
    """int16[T, class_materials, I]: months for which a licence was asked for without a break."""
    tightened: NDArray[np.int16]
    """int16[T, class_materials, I]: how often the answer has become stricter so far."""
    since: NDArray[np.int16]
    """int16[T, class_materials, I]: months since it last did, 0 in that month; -1 with no rule."""
    rule: NDArray[np.int16]
    """int16[T, class_materials, I]: place in :attr:`names` of the rule in force, or the last."""
    names: tuple[str, ...]
    """Rules by id; the first is empty."""


@lru_cache(maxsize=32)
def material_rules(
    law: ControlLaw, materials: tuple[str, ...], months: tuple[date, ...]
) -> MaterialRules:
    """Ask the law about each material in every month; made once for equal arguments.

    >>> from sim.law.controls import enacted
    >>> rules = material_rules(enacted(), ("gallium",), (date(2023, 7, 1), date(2023, 8, 1)))
    >>> rules.code[:, 0, COUNTRIES.index("JP")].tolist(), rules.names
    ([0, 1], ('', 'cn_gallium_germanium'))
    """
    shape = (len(months), len(materials), len(COUNTRIES))
    code, rule = np.zeros(shape, dtype=np.int8), np.zeros(shape, dtype=np.int16)
    names = {"": 0}
    for t, month in enumerate(months):
        day = month.replace(day=DAY)
        if t and not _changes(law, months[t - 1].replace(day=DAY), day):
            code[t], rule[t] = code[t - 1], rule[t - 1]
            continue
        for h, material in enumerate(materials):
            for i, place in enumerate(COUNTRIES):
                answer, name = _answer(law, material, place, day)
                code[t, h, i] = answer
                before = int(rule[t - 1, h, i]) if t else 0
                rule[t, h, i] = names.setdefault(name, len(names)) if name else before
    spell, stricter = _spells(code), _stricter(code)
    counted = np.asarray(stricter.cumsum(axis=0), dtype=np.int16)
    return MaterialRules(code, spell, counted, _since(code, stricter), rule, tuple(names))


def _changes(law: ControlLaw, before: date, day: date) -> bool:
    """Whether China's law changes after one day and by another."""
    return any(before < one <= day for one in law.change_days(law.defaults, (SOURCE,)))


def _answer(law: ControlLaw, material: str, place: str, day: date) -> tuple[int, str]:
    """China's answer, and the rule that gives it."""
    if place == SOURCE:
        return 0, ""
    query = MaterialQuery(material, SOURCE, SOURCE, place)
    told = decide_material(query, day, law.defaults, law)
    limbs = [one.rule for one in told.limbs if one.applied and one.code == told.china]
    number = CHINA_CODES.index(told.china)
    return number, limbs[0] if number and limbs else ""


def _spells(code: NDArray[np.int8]) -> NDArray[np.int16]:
    spell = np.zeros(code.shape, dtype=np.int16)
    for t in range(len(code)):
        spell[t] = np.where(code[t] > 0, (spell[t - 1] if t else 0) + 1, 0)
    return spell


def _stricter(code: NDArray[np.int8]) -> NDArray[np.bool_]:
    first = np.concatenate([np.zeros_like(code[:1]), code[:-1]])
    return np.asarray(code > first)


def _since(code: NDArray[np.int8], stricter: NDArray[np.bool_]) -> NDArray[np.int16]:
    since = np.full(code.shape, -1, dtype=np.int16)
    for t in range(len(code)):
        older = since[t - 1] + 1 if t else since[t]
        since[t] = np.where(stricter[t], 0, np.where(code[t] > 0, older, -1))
    return since
