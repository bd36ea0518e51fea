"""Which plants need materials under China's export rules, and what dear ones cost them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.arrays import Floats, Ints
from sim.axes import COUNTRY_INDEX
from sim.engine.mechanism import Setup
from sim.world.chip_tools.queries import tool_lines
from sim.world.material_rules import SOURCE, MaterialRules, material_rules

COST_SHARES: dict[str, str] = {
    "rare_earth_magnet": "magnet_cost_share",
    "dysprosium": "dysprosium_cost_share",
    "gallium": "gallium_cost_share",
    "germanium": "germanium_cost_share",
    "graphite": "graphite_cost_share",
}
"""Material of the law -> parameter with its share of unit cost."""
NEEDED_SHARES: dict[str, str] = {
    name: share.replace("_cost_", "_needed_") for name, share in COST_SHARES.items()
}
"""Material of the law -> parameter with the part of output that stands without it."""
LATE = ("material_late_licence", "material_late_strict", "material_late_ban")
"""Parameters of the part of licences that are late, by China's answer, from the mildest."""
_PREMIUMS = ("material_premium_licence", "material_premium_strict", "material_premium_ban")
"""Parameters of a material's price by China's answer, from the mildest."""


_TERMS = {
    "delay": "material_delay_months",
    "line_stock": "material_line_stock_months",
    "prior_years": "control_prior_years",
    "horizon": "control_horizon_years",
}
"""Field of the state -> parameter."""


@dataclass(slots=True, eq=False)
class Materials:
    """Plants outside China of lines that need a material, a row each, as the laws see them."""

    laws: tuple[MaterialRules, ...]
    law: Ints
    """int64[R]."""
    plant: Ints
    """int64[rows]."""
    line: Ints
    """int64[rows]."""
    place: Ints
    """int64[rows]."""
    share: Floats
    """float64[class_materials, rows, R]: share of unit cost."""
    premium: Floats
    """float64[codes, rows, R]: rise of a material's price by China's answer."""
    stock: Floats
    """float64[rows, R]: months that stocks at the old price last."""
    needed: Floats
    """float64[class_materials, rows, R]: part of output that stands without the material."""
    late: Floats
    """float64[codes, rows, R]: part of licences that are late or refused, by China's answer."""
    delay: Floats
    """float64[rows, R]: months by which a late licence is late, on average."""
    line_stock: Floats
    """float64[rows, R]: months that a line goes on from stock."""
    lost: Floats
    """float64[rows, R]: what a month's output that was not made loses, over its price."""
    prior_years: Floats
    """float64[rows, R]: years without a new rule that count beside those seen."""
    horizon: Floats
    """float64[rows, R]: years over which further rules count."""


def build_materials(setup: Setup) -> Materials | None:
    """Plants and their terms; None where no line needs a material, or no law of exports stands.

    Chip tools have their own materials (:mod:`sim.engine.chip_tools.makers`).
    """
    layout, parameters = setup.layout, setup.parameters
    share, needed = (
        np.stack([parameters[name] for name in names.values()]) * parameters["materials_on"]
        for names in (COST_SHARES, NEEDED_SHARES)
    )
    needs = np.asarray((share + needed).any(axis=(0, 2)))
    needs[tool_lines(setup.world)] = False
    outside = layout.plant_country != COUNTRY_INDEX[SOURCE]
    plant = np.flatnonzero(needs[layout.plant_line] & outside)
    if setup.controls is None or not plant.size:
        return None
    line = layout.plant_line[plant]
    return Materials(
        laws=tuple(
            material_rules(history.law, tuple(COST_SHARES), setup.world.months)
            for history in setup.controls.histories
        ),
        law=setup.law, plant=plant, line=line, place=layout.plant_country[plant],
        share=share[:, line], needed=needed[:, line], lost=_lost(parameters)[line],
        premium=_by_answer(parameters, _PREMIUMS)[:, line],
        late=_by_answer(parameters, LATE)[:, line],
        stock=np.maximum(1.0, parameters["material_stock_months"][line]),
        **{name: parameters[parameter][line] for name, parameter in _TERMS.items()},
    )  # fmt: skip


def _by_answer(parameters: Mapping[str, Floats], names: Sequence[str]) -> Floats:
    """A parameter of each answer of China's, float64[codes, N, R]; 0 where no licence is asked."""
    rows = [parameters[name] for name in names]
    return np.stack([np.zeros_like(rows[0]), *rows])


def _lost(parameters: Mapping[str, Floats]) -> Floats:
    """What output that was not made would have earned over its parts and energy, float64[N, R].

    Over price; as far as it is not made up for later.
    """
    bought = parameters["parts_share"] + parameters["energy_share"]
    earned = 1.0 - (1.0 - parameters["base_margin"]) * bought
    return np.asarray(parameters["material_lost_share"] * earned)
