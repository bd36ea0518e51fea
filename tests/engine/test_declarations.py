"""Every phase and every hook of a mechanism reads and writes what it declares, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import pytest

from sim.engine.phases import PHASES
from sim.engine.simulation import Simulation
from tests.engine import test_materials, test_tools
from tests.engine.conftest import run, simulation
from tests.engine.watching import Step, contents, copied, covers, depends, steps, watched
from tests.reference import tiny

BUSY = {
    "product_strength": 0.2, "partner_sunk": 0.05, "decision_probability": 1.0,
    "capital_budget_share": 10.0, "keiretsu_share": 0.3,
}  # fmt: skip
"""Parameters at which every kind of decision is taken."""


@dataclass(slots=True)
class Seen:
    """What a step did in all the months that were watched."""

    step: Step
    read: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    """Fields that it wrote in part, or after a look at what they held."""


def runs() -> Iterator[tuple[Simulation, Sequence[int]]]:
    """Worlds with everything that the engine can do, and the months that are watched."""
    yield simulation(tiny.world(36, **BUSY), tiny.duties(36), lanes=2), range(36)
    yield homecoming(32), range(32, 36)
    yield homecoming(34), range(34, 36)
    yield slump(), range(6, 24)
    yield test_tools.block(law=[0, 0]), (0, 1, 3, 24, 48, 72, 73, 78, 84)
    harsh = test_tools.block([("china_full_countermeasures",)], law=[0])
    yield harsh, (117, 118, 119, 120, 121)
    yield test_materials.start(**test_materials.LOUD), (96, 99, 101)


def homecoming(laid_up: int) -> Simulation:
    """Tariffs that end after work has left for dear places: it returns; plants are laid up then."""
    duties = tiny.duties(48)
    duties.extra[27:] = duties.announced[27:] = 0.0
    cheap = {"transfer_sunk": 0.002, "ems_sunk": 0.002, "fixed_project_usd": 1.0}
    slow = {"transfer_months": 1.0, "diffusion_sigma": 0.01}
    s = run(simulation(tiny.world(48, **{**BUSY, **cheap, **slow}), duties, lanes=1), 32)
    s.state.gap_paid[s.state.moved > 0.0] = 0.3
    run(s, laid_up - 32)
    s.state.mothballed[:] = s.state.capacity
    return s


def slump() -> Simulation:
    """Demand falls to a fifth: plants are closed down to the last piece."""
    dear = {"exit_cost_share": 0.001, "idle_cost_share": 0.2, "minimum_scale_units": 1e9}
    s = simulation(tiny.world(24, **{**BUSY, **dear}), tiny.duties(24, tariffs=False), lanes=1)
    s.demand_index[:, 6:] *= 0.2
    return s


@cache
def everything_seen() -> dict[str, Seen]:
    """Watch every step of the runs, by its name."""
    seen: dict[str, Seen] = {}
    for s, months in runs():
        while s.state.month <= max(months):
            for step in steps(s):
                if s.state.month in months:
                    look(s, step, seen.setdefault(step.name, Seen(step)))
                else:
                    step.run(s)
            s.state.month += 1
    return seen


def look(s: Simulation, step: Step, seen: Seen) -> None:
    """Run one step; whatever it should fill anew is spoiled in a copy, which must not matter."""
    before = copied(s)
    notes, changed = watched(s, step)
    written = notes.written | changed
    seen.read |= notes.read
    seen.written |= written
    anew = {name for name in written if not covers(step.reads, name)} - {"books", "events"}
    if anew and depends(before, step, anew):
        seen.kept |= {name for name in anew if depends(before, step, {name})}


NAMES = [
    *(phase.name for phase in PHASES),
    "partners after demand", "partners after investments", "partners before books",
    "licences after beliefs", "licences after costs", "licences before flows",
    "licences before investments", "licences after investments", "licences before books",
    "materials after costs", "materials after deliveries", "materials before investments",
    "materials after investments",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_step_looks_only_at_what_it_declares(name: str) -> None:
    seen = everything_seen()[name]
    known = (*seen.step.reads, *seen.step.writes)
    assert {one for one in seen.read if not covers(known, one)} == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_step_changes_only_what_it_declares(name: str) -> None:
    seen = everything_seen()[name]
    assert {one for one in seen.written if not covers(seen.step.writes, one)} == set()


@pytest.mark.parametrize("name", NAMES)
def test_what_a_step_writes_and_does_not_read_is_filled_anew(name: str) -> None:
    """Rubbish in such a field before the step makes no difference, to the last bit."""
    assert everything_seen()[name].kept == set()


@pytest.mark.parametrize("name", NAMES)
def test_a_step_declares_nothing_that_it_does_not_do(name: str) -> None:
    """The runs take every kind of decision, so nothing is declared for want of a case."""
    seen = everything_seen()[name]
    looked = {one for one in seen.step.reads if not any(covers((one,), x) for x in seen.read)}
    changed = {one for one in seen.step.writes if not any(covers((one,), x) for x in seen.written)}
    assert (looked, changed) == (set(), set())


def test_every_step_of_the_runs_is_among_the_names() -> None:
    assert set(everything_seen()) == set(NAMES)


def test_a_copy_of_a_simulation_shares_no_state() -> None:
    """What the watching rests on: a copy goes its own way and leaves the first as it was."""
    s = simulation(tiny.world(12), tiny.duties(12), lanes=2)
    before, other = contents(s), copied(s)
    for step in steps(other):
        step.run(other)
    assert contents(s) == before
    assert contents(other) != before
