"""Unit cost: learning, scale and energy."""

from __future__ import annotations

import numpy as np

from sim.axes import COUNTRY_INDEX
from sim.decisions import cost
from sim.engine.state import Base
from sim.world.layout import Layout

JP, CN = COUNTRY_INDEX["JP"], COUNTRY_INDEX["CN"]
ENERGY, LABOUR, PARTS, EXPONENT = 0.04, 0.1, 0.6, 0.5


def factors(
    layout: Layout, base: Base, size: float = 1.0, ramp: float = 0.0, elasticity: float = 0.03
) -> np.ndarray:
    """Factor of every plant at ``size`` times its reference capacity."""
    plants = (len(layout.plant_line), 1)
    out = np.empty(plants)
    cost.plant_factors(layout, np.full(plants, ramp), size * base.reference_capacity[:, None],
                       base.reference_capacity, np.full((2, 1), elasticity), out)  # fmt: skip
    return out[:, 0]


def unit_costs(
    layout: Layout, base: Base, dear: float = 1.0, factor: float = 1.0, share: float = ENERGY
) -> tuple[np.ndarray, np.ndarray]:
    """Full and planning cost, base cost 1, where energy in China costs ``dear`` times as much."""
    plants, one = (len(layout.plant_line), 1), np.ones((2, 1))
    flat = np.ones((len(COUNTRY_INDEX), 1))
    energy = flat.copy()
    energy[CN] = dear
    full, plan = np.empty(plants), np.empty(plants)
    cost.unit_costs(
        layout,
        macro=flat,
        wage=flat,
        energy=energy,
        parts_duty=np.zeros(plants),
        parts_mix=base.parts_source[..., None],
        output=base.output,
        base_cost=one,
        factor=np.full(plants, factor),
        labour=LABOUR * one,
        parts=PARTS * one,
        energy_share=share * one,
        wage_exponent=EXPONENT * one,
        macro_exponent=0.1 * one,
        full=full,
        plan=plan,
    )
    return full[:, 0], plan[:, 0]


def test_at_base_capacity_without_new_lines_unit_cost_is_that_of_the_base_year(
    layout: Layout, base: Base
) -> None:
    np.testing.assert_array_equal(factors(layout, base), 1.0)


def test_where_there_was_no_plant_one_lump_is_the_neutral_size(base: Base) -> None:
    new = base.capacity == 0.0
    assert new.any()
    np.testing.assert_array_equal(base.reference_capacity[new], base.lump[new])


def test_a_plant_twice_as_large_is_cheaper_by_the_scale_elasticity(
    layout: Layout, base: Base
) -> None:
    np.testing.assert_allclose(factors(layout, base, size=2.0), 2.0**-0.03)


def test_without_scale_elasticity_size_does_not_matter(layout: Layout, base: Base) -> None:
    np.testing.assert_array_equal(factors(layout, base, size=3.0, elasticity=0.0), 1.0)


def test_a_place_without_capacity_has_a_factor_of_its_ramp_alone(
    layout: Layout, base: Base
) -> None:
    np.testing.assert_allclose(factors(layout, base, size=0.0, ramp=0.05), 1.05)


def test_learning_and_scale_are_in_the_full_cost_and_not_in_planning(
    layout: Layout, base: Base
) -> None:
    full, plan = unit_costs(layout, base, factor=1.08)
    np.testing.assert_allclose(full, 1.08)
    np.testing.assert_allclose(plan, 1.0)


def test_dear_energy_raises_full_cost_by_its_share(layout: Layout, base: Base) -> None:
    full, _ = unit_costs(layout, base, dear=1.5)
    chinese = layout.plant_country == CN
    np.testing.assert_allclose(full[chinese], 1.0 + 0.5 * ENERGY)
    np.testing.assert_allclose(full[~chinese], 1.0)


def test_dear_energy_in_one_place_makes_it_relatively_dear_in_planning(
    layout: Layout, base: Base
) -> None:
    _, plan = unit_costs(layout, base, dear=1.5)
    for n in range(2):
        rows = slice(layout.line_plants[n], layout.line_plants[n + 1])
        chinese = layout.plant_country[rows] == CN
        ratio = plan[rows][chinese] / plan[rows][~chinese][0]
        np.testing.assert_allclose(ratio, 1.5 ** (EXPONENT * ENERGY))


def test_a_line_that_uses_no_energy_does_not_see_its_price(layout: Layout, base: Base) -> None:
    full, plan = unit_costs(layout, base, dear=2.0, share=0.0)
    np.testing.assert_allclose(full, 1.0)
    np.testing.assert_array_equal(plan, 1.0)
