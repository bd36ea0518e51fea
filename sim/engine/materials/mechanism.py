"""China's export rules on materials as a mechanism (``docs/model.md`` 8, Materials)."""

from __future__ import annotations

from typing import ClassVar

from sim.engine.materials.month import expect_premiums, name_materials, raise_unit_costs
from sim.engine.materials.state import COST_SHARES, Materials, build_materials
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
        "investments",
        expect_premiums,
        "before",
        reads=(
            *_GIVEN,
            *names(state="month", month="controls plan_cost", materials="line prior_years horizon"),
        ),
        writes=names(month="controls"),
    ),
    Hook(
        "investments",
        name_materials,
        "after",
        reads=(*_GIVEN, *names(state="month", materials="prior_years horizon")),
        writes=("events",),
    ),
)


class MaterialControls(Mechanism):
    """China's rules on what motors, components, cars and machinery are made of."""

    name: ClassVar[str] = "materials"
    title: ClassVar[str] = "China's export rules make materials dear outside China"
    uses: ClassVar[tuple[str, ...]] = tuple(COST_SHARES.values())

    def build(self, setup: Setup) -> Materials | None:
        """Plants outside China that need materials; None where there are none, or no law."""
        return build_materials(setup)

    def hooks(self) -> tuple[Hook, ...]:
        """Dear materials in the cost, as a reason, and by name."""
        return _HOOKS
