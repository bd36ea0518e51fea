"""A mechanism is one class: what it brings takes part, and nothing else changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from sim.data.shared_columns import ALL
from sim.engine.block import Block, Lane, run_block
from sim.engine.mechanism import Hook, Mechanism, Setup, names
from sim.engine.mechanisms import SHIPPED, with_parameters
from sim.engine.model import RelocationModel
from sim.engine.record.grouping import Grouping
from sim.engine.record.outcome import Outcome
from sim.engine.record.outcomes import by_outlet
from sim.engine.simulation import Simulation
from sim.errors import InputError
from sim.law.law import load_law
from sim.law.rates.monthly import monthly
from sim.tables import DRIVERS, RELOCATION_KINDS
from sim.world.parameter_table import Parameter, load_parameters
from tests.engine.conftest import LOUD, run, simulation
from tests.reference import tiny

MONTHS = 24


@dataclass(slots=True, eq=False)
class Docks:
    """What strikes at the docks have kept ashore."""

    share: np.ndarray
    """float64[N, R]."""
    kept: np.ndarray
    """float64[M, R], units."""


def kept_ashore(s: Simulation, group: Grouping) -> np.ndarray:
    """What the docks have kept by now, float64[groups, R]."""
    docks = s.of(Docks)
    return np.zeros((len(group), s.lanes)) if docks is None else group.sum(docks.kept)


class Strike(Mechanism):
    """Dockers refuse a part of every order."""

    name: ClassVar[str] = "strike"
    title: ClassVar[str] = "dockers refuse a part of every order"
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter(
            name="strike_share", scope=ALL, value=0.0, low=0.0, high=0.5, unit="share",
            source_url="declared", evidence="estimated", note="made up for a test", declared=0.0,
        ),
    )  # fmt: skip
    outcomes: ClassVar[tuple[Outcome, ...]] = (
        Outcome("kept_ashore", "units", "stock", ("product", "country"), "orders refused so far",
                by_outlet, kept_ashore),
    )  # fmt: skip

    def build(self, setup: Setup) -> Docks:
        outlets = len(setup.layout.outlet_line)
        return Docks(setup.parameters["strike_share"], np.zeros((outlets, setup.lanes)))

    def hooks(self) -> tuple[Hook, ...]:
        return (
            Hook(
                "flows", self.refuse, "before",
                reads=names(month="demand", strike="share kept"),
                writes=names(month="demand", strike="kept"),
            ),
        )  # fmt: skip

    @staticmethod
    def refuse(s: Simulation, own: Docks) -> None:
        """Orders shrink by the share that is on strike."""
        refused = s.month.demand * own.share[s.layout.outlet_line]
        s.month.demand -= refused
        own.kept += refused


def struck(**inputs: bool) -> Simulation:
    """A run with a strike of a quarter."""
    world = with_parameters(tiny.world(MONTHS), [Strike()])
    world.parameters["strike_share"][:] = 0.25
    return simulation(
        world, tiny.duties(MONTHS), inputs={**LOUD, **inputs}, mechanisms=(*SHIPPED, Strike())
    )


def tables(mechanisms: tuple[Mechanism, ...], **overrides: float) -> dict[str, Any]:
    """Every table of one detailed lane."""
    lane = Lane("law", "base", 0, 0, overrides, detail=True)
    world = tiny.world(MONTHS)
    duties = monthly(load_law(), world.months)
    return run_block(world, [duties], Block("x", 1, (lane,)), mechanisms=mechanisms)


def test_a_third_mechanism_changes_what_it_says_and_keeps_its_own_state() -> None:
    plain = run(simulation(tiny.world(MONTHS), tiny.duties(MONTHS)), 1)
    s = run(struck(), 1)
    np.testing.assert_allclose(s.month.demand, 0.75 * plain.month.demand, rtol=1e-12)
    docks = s.of(Docks)
    assert docks is not None
    np.testing.assert_allclose(docks.kept, 0.25 * plain.month.demand, rtol=1e-12)


def test_at_a_neutral_value_every_table_is_equal_to_the_last_bit() -> None:
    before, after = tables(SHIPPED), tables((*SHIPPED, Strike()))
    new = after["outcomes"]["outcome"] == "kept_ashore"
    assert (after["outcomes"].loc[new, "value"] == 0.0).all()
    after["outcomes"] = after["outcomes"][~new]
    for name, table in before.items():
        assert_frame_equal(plain(table), plain(after[name]), check_exact=True, obj=name)


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """A table without its coding of labels, which also knows names that no row has."""
    coded = table.select_dtypes("category").columns
    return table.astype(dict.fromkeys(coded, object)).reset_index(drop=True)


def test_a_mechanism_brings_its_outcome_and_moves_others() -> None:
    outcomes = tables((*SHIPPED, Strike()), strike_share=0.3)["outcomes"]
    kept = outcomes[outcomes["outcome"] == "kept_ashore"]
    assert kept["value"].max() > 0.0
    sold = outcomes.loc[outcomes["outcome"] == "sales", "value"].sum()
    before = tables(SHIPPED)["outcomes"]
    assert sold < before.loc[before["outcome"] == "sales", "value"].sum()


def test_a_mechanism_is_switched_off_by_its_name() -> None:
    s = run(struck(strike=False), 1)
    assert s.of(Docks) is None
    plain = run(simulation(tiny.world(MONTHS), tiny.duties(MONTHS)), 1)
    np.testing.assert_array_equal(s.month.demand, plain.month.demand)


def test_the_mesa_face_takes_mechanisms_and_gives_the_bits_of_a_block() -> None:
    """Stepping by hand with a third mechanism is the same lane of a block with it."""
    model = RelocationModel(
        seed=1, world=tiny.world(MONTHS), last="2018-12", law=None,
        parameters={"strike_share": 0.25}, mechanisms=(*SHIPPED, Strike()),
    )  # fmt: skip
    model.run_until("2018-12")
    block = Block("x", 1, (Lane("law", "base", 0, 0, {"strike_share": 0.25}, detail=True),))
    made = run_block(
        tiny.world(MONTHS), [model.duties], block, mechanisms=(*SHIPPED, Strike())
    )["plants"]  # fmt: skip
    last = made[made["month"] == str(model.month)]
    output = float(model.simulation.month.output[:, 0].sum())
    assert last["output_units"].sum() == pytest.approx(output, rel=1e-12)


def test_a_mechanism_that_cannot_join_is_told_with_all_its_mistakes() -> None:
    class Lost(Strike):
        def hooks(self) -> tuple[Hook, ...]:
            return Hook("flow", self.refuse), Hook("book", self.refuse)

    with pytest.raises(InputError) as told:
        simulation(tiny.world(MONTHS), tiny.duties(MONTHS), mechanisms=(Strike(), Lost()))
    keys = {fault.key for fault in told.value.faults}
    assert keys == {"strike", "strike.flow", "strike.book"}


def test_a_parameter_has_one_owner() -> None:
    class Greedy(Strike):
        parameters: ClassVar[tuple[Parameter, ...]] = tuple(load_parameters()[:1])

    with pytest.raises(InputError, match="is a parameter already"):
        with_parameters(tiny.world(MONTHS), [Greedy()])


def test_shipped_mechanisms_name_parameters_kinds_and_reasons_that_there_are() -> None:
    known = {one.name for one in load_parameters()}
    for one in SHIPPED:
        assert set(one.uses) <= known
        assert set(one.kinds) <= set(RELOCATION_KINDS)
        assert set(one.reasons) <= set(DRIVERS)
        assert one.uses
