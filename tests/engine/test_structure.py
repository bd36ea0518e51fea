"""Parameters that say which rows a world has work in every lane, one by one."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.engine.block import Block, Lane, run_block
from sim.engine.model import RelocationModel
from sim.errors import OutsideRangeWarning
from sim.tables import TABLES
from sim.world.layout import build_layout
from sim.world.narrowing import structured
from tests.reference import tiny

MONTHS = 30
LANES = (
    Lane("law", "s0", 0, 0, {"programmes": 0.0}),
    Lane("law", "s1", 0, 0, {"programmes": 1.0, "theta": 9.0}),
    Lane("law", "s2", 0, 0, {"programmes": 0.0}),
)


def run(lanes: tuple[Lane, ...]) -> dict[str, pd.DataFrame]:
    return run_block(tiny.world(MONTHS), [tiny.duties(MONTHS)], Block("structure", 1, lanes))


def test_lanes_of_one_block_have_the_rows_that_their_own_parameters_ask_for() -> None:
    tables = run(LANES)
    programmes = tables["outcomes"].query("outcome == 'programmes_from_china'")
    assert set(programmes["scenario"]) == {"s1"}
    alone = [run((lane,)) for lane in LANES]
    for name, table in TABLES.items():
        whole = tables[name].astype(object).sort_values(list(table.key), ignore_index=True)
        parts = [one[name].astype(object) for one in alone if len(one[name])]
        if parts:
            apart = pd.concat(parts).sort_values(list(table.key), ignore_index=True)
            pd.testing.assert_frame_equal(whole, apart, check_dtype=False, obj=name)


def test_a_factor_on_a_structural_parameter_acts_on_its_value() -> None:
    world = tiny.world(12)
    small = structured(world, {"programme_lump_share.scale": 0.5})
    share = world.parameters["programme_lump_share"]
    assert (small.parameters["programme_lump_share"] == 0.5 * share).all()


def test_the_mesa_face_lays_out_the_rows_that_its_parameters_ask_for() -> None:
    world = tiny.world(12)
    assert len(build_layout(structured(world, {"programmes": 0.0})).slice_line) == 0
    model = RelocationModel(world=world, parameters={"programmes": 0.0})
    assert len(model.simulation.layout.slice_line) == 0


def test_the_mesa_face_warns_of_a_value_outside_its_declared_range() -> None:
    with pytest.warns(OutsideRangeWarning, match=r"theta: 20 is outside .* 5\.\.11\.5"):
        RelocationModel(world=tiny.world(3), parameters={"theta": 20.0})
