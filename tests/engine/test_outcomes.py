"""An outcome is one object: what ships and what a user makes are recorded alike."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sim.engine.outcomes import OUTCOMES
from sim.engine.phases import step
from sim.engine.record.grouping import group_rows
from sim.engine.record.outcome import Outcome
from sim.engine.record.outcomes import by_plant
from sim.engine.record.recorder import OutcomeRecorder
from sim.engine.simulation import Simulation
from sim.errors import InputError
from tests.engine.conftest import QUIET, simulation
from tests.reference import tiny

IDLE = Outcome(
    "idle_units", "units a month", "flow", ("product", "country"), "capacity not used",
    by_plant, lambda s, group: group.sum(s.month.capacity - s.month.output),
)  # fmt: skip


def world() -> Simulation:
    return simulation(tiny.world(6), tiny.duties(6), inputs=QUIET)


def recorded(*outcomes: Outcome, months: int = 3) -> tuple[Simulation, pd.DataFrame]:
    s = world()
    recorder = OutcomeRecorder(s, outcomes)
    for _ in range(months):
        step(s)
        recorder.record(s)
    keys = pd.DataFrame({"experiment": "x", "policy": "p", "scenario": "base", "replication": [0]})
    return s, recorder.frame(keys, pd.DatetimeIndex(s.world.months[:months]))


def test_an_outcome_from_any_file_is_recorded_as_it_measures() -> None:
    s, table = recorded(IDLE)
    last = table[table["month"] == table["month"].max()]
    assert set(last["outcome"]) == {"idle_units"}
    idle = (s.month.capacity - s.month.output)[:, 0].sum()
    np.testing.assert_allclose(last["value"].sum(), idle)
    assert idle > 0.0


def test_every_outcome_that_ships_is_grouped_by_its_keys_and_named_once() -> None:
    OutcomeRecorder(world(), OUTCOMES)
    names = [one.name for one in OUTCOMES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("outcomes", "told"),
    [
        ((IDLE, IDLE), "names more than one outcome"),
        ((replace(IDLE, keys=("product",)),), "is grouped by product, country"),
        ((replace(IDLE, measure=lambda s, group: s.month.output[:2]),), "its groups and lanes are"),
    ],
)
def test_an_outcome_that_contradicts_itself_is_refused_by_name(
    outcomes: tuple[Outcome, ...], told: str
) -> None:
    with pytest.raises(InputError, match=told) as refused:
        recorded(*outcomes)
    assert "idle_units" in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"kind": "flows"}, "kind"),
        ({"keys": ("product", "land")}, "land"),
        ({"name": "Idle units"}, "Idle units"),
    ],
)
def test_a_meaning_that_nobody_could_read_is_refused(changes: dict[str, object], told: str) -> None:
    with pytest.raises(InputError, match=told):
        replace(IDLE, **changes)  # type: ignore[arg-type]  # wrong on purpose


def test_rows_outside_a_grouping_drop_out_and_weights_make_means() -> None:
    group = group_rows(
        {"firm": ["b", "a", "b"]}, np.array([True, False, True]), np.array([1.0, 9.0, 3.0])
    )
    assert group.codes["firm"].tolist() == ["b"]
    np.testing.assert_allclose(group.mean().sum(np.array([[1.0], [5.0], [2.0]])), [[1.75]])
