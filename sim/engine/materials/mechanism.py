"""China's export rules on materials as a mechanism (``docs/model.md`` 8, Materials)."""

from __future__ import annotations

from typing import ClassVar

from sim.engine.materials.month import (
    count_standing_lines,
    expect_rules,
    name_materials,
    raise_unit_costs,
)
from sim.engine.materials.state import COST_SHARES, LATE, NEEDED_SHARES, Materials, build_materials
from sim.engine.mechanism import Hook, Mechanism, Setup, names

_GIVEN = names(materials="laws law plant place share premium")

_HOOKS: tuple[Hook, ...] = (
    Hook(
        "costs",
        raise_unit_costs,
        reads=(*_GIVEN, *names(state="month", month="full_cost", materials="stock")),
        writes=names(month="full_cost"),
    ),
    Hook(
        "deliveries",
        count_standing_lines,
        reads=names(
            state="month",
            month="output line_cost",
            materials="laws law plant place line needed late delay line_stock lost",
        ),
        writes=names(month="line_cost"),
    ),
    Hook(
        "investments",
        expect_rules,
        "before",
        reads=(
            *_GIVEN,
            *names(
                state="month",
                month="controls plan_cost factor",
                materials="line needed late delay line_stock lost prior_years horizon",
            ),
        ),
        writes=names(month="controls"),
    ),
    Hook(
        "investments",
        name_materials,
        "after",
        reads=(
            *_GIVEN,
            *names(
                state="month",
                month="plan_cost factor",
                materials="line needed late delay line_stock lost prior_years horizon",
            ),
        ),
        writes=("events",),
    ),
)


class MaterialControls(Mechanism):
    """China's rules on what motors, chips, batteries, cars and machinery are made of."""

    name: ClassVar[str] = "materials"
    title: ClassVar[str] = "China's export rules make materials dear and late outside China"
    uses: ClassVar[tuple[str, ...]] = (
        *COST_SHARES.values(),
        *NEEDED_SHARES.values(),
        *LATE,
        "material_delay_months",
        "material_line_stock_months",
        "material_lost_share",
    )

    def build(self, setup: Setup) -> Materials | None:
        """Plants outside China that need materials; None where there are none, or no law."""
        return build_materials(setup)

    def hooks(self) -> tuple[Hook, ...]:
        """Dear materials in the cost, standing lines in the books, both as reasons, by name."""
        return _HOOKS
