"""Which plants need materials under China's export rules, and what dear ones cost them."""

from __future__ import annotations

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
_PREMIUMS = ("material_premium_licence", "material_premium_strict", "material_premium_ban")
"""Parameters of a material's price by China's answer, from the mildest."""


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
    prior_years: Floats
    """float64[rows, R]: years without a new rule that count beside those seen."""
    horizon: Floats
    """float64[rows, R]: years over which further rules count."""


def build_materials(setup: Setup) -> Materials | None:
    """Plants and their terms; None where no line needs a material, or no law of exports stands.

    Chip tools have their own materials (:mod:`sim.engine.chip_tools.makers`).
    """
    layout, parameters = setup.layout, setup.parameters
    share = np.stack([parameters[name] for name in COST_SHARES.values()])
    share = share * parameters["materials_on"]
    needs = np.asarray(share.any(axis=(0, 2)))
    needs[tool_lines(setup.world)] = False
    needs = needs[layout.plant_line]
    plant = np.flatnonzero(needs & (layout.plant_country != COUNTRY_INDEX[SOURCE]))
    if setup.controls is None or not plant.size:
        return None
    line = layout.plant_line[plant]
    premium = [np.zeros_like(share[0]), *(parameters[name] for name in _PREMIUMS)]
    laws = tuple(
        material_rules(history.law, tuple(COST_SHARES), setup.world.months)
        for history in setup.controls.histories
    )
    return Materials(
        laws=laws, law=setup.law, plant=plant, line=line, place=layout.plant_country[plant],
        share=share[:, line], premium=np.stack(premium)[:, line],
        stock=np.maximum(1.0, parameters["material_stock_months"][line]),
        prior_years=parameters["control_prior_years"][line],
        horizon=parameters["control_horizon_years"][line],
    )  # fmt: skip
