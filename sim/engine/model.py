"""The Mesa face: one replication, stepped by hand, its agents alive (``docs/agents.md``).

>>> from sim.engine.model import RelocationModel
>>> model = RelocationModel(seed=7, last="2017-12")  # doctest: +SKIP
>>> model.step()  # doctest: +SKIP
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import mesa
import numpy as np
import pandas as pd

from sim.engine.agents import Firm
from sim.engine.assembly import build_simulation
from sim.engine.deciding.live import LiveAgents
from sim.engine.extensions import brought
from sim.engine.lane_model import LaneModel
from sim.engine.mechanism import Mechanism
from sim.engine.mechanisms import SHIPPED, inputs_of, with_parameters
from sim.engine.outcomes import OUTCOMES, with_theirs
from sim.engine.phases import step
from sim.engine.random_streams import Streams
from sim.engine.record.recorder import OutcomeRecorder
from sim.engine.record.relocations import relocations
from sim.engine.reporters import REPORTERS
from sim.engine.route_duty import route_duty
from sim.errors import Fault, InputError, OutsideRangeWarning
from sim.extensions import pinned
from sim.law.controls.history import ControlHistory
from sim.law.controls.reforms import ControlReform
from sim.law.law import Law, load_law
from sim.law.rates.monthly import monthly
from sim.world.build import load_world
from sim.world.chip_tools.controls import controls_of
from sim.world.layout import build_layout
from sim.world.narrowing import structural, structured
from sim.world.parameters import lane_values, parameter_table
from sim.world.world import World

SEED = 20170101
KEYS = {"experiment": "notebook", "policy": "law", "scenario": "base", "replication": 0}
"""Run keys of its tables."""


class RelocationModel(LaneModel):
    """One replication as a Mesa model that is stepped by hand.

    ``law`` defaults to the law as enacted; ``parameters`` override ``parameters.csv`` by the names
    of :func:`sim.world.parameters.lane_values`, with a warning where one leaves its range;
    ``firms`` maps a firm id to a subclass of :class:`~sim.engine.agents.Firm` whose ``decide``
    replaces the fast path for that firm; ``controls`` are reforms of the export-control law;
    ``mechanisms`` are those that take part, with those of ``extensions``, paths of Python files;
    ``data`` are folders of tables laid over those that ship (without a ``world`` of one's own).
    The same seed and replication give the same figures as the batch runner. ``rng`` is Mesa's other
    word for a seed; a generator gives one draw.

    Raises
    ------
    ValueError
        Both ``seed`` and ``rng`` are given.
    InputError
        A firm that the world does not have, a parameter or an input that there is not.
    """

    def __init__(
        self,
        seed: int | None = None,
        replication: int = 0,
        law: Law | None = None,
        world: World | None = None,
        last: str = "2030-12",
        parameters: Mapping[str, float] | None = None,
        inputs: Mapping[str, bool] | None = None,
        firms: Mapping[str, type[Firm]] | None = None,
        controls: Sequence[ControlReform] = (),
        mechanisms: Sequence[Mechanism] = SHIPPED,
        data: Sequence[Path | str] = (),
        extensions: Sequence[Path | str] = (),
        *,
        rng: int | np.random.Generator | np.random.SeedSequence | Sequence[int] | None = None,
    ) -> None:
        start, overrides = _seed(seed, rng), dict(parameters or {})
        self.brought = brought(pinned(extensions))
        mechanisms = (*mechanisms, *self.brought.mechanisms)
        year, month = (int(part) for part in last.split("-")[:2])
        shipped = world or load_world(last=date(year, month, 1), overlays=data)
        plain = with_parameters(shipped, mechanisms)
        world, fixed = structured(plain, overrides), structural(plain, overrides)
        rest = {key: value for key, value in overrides.items() if key not in fixed}
        _warn_outside(world, overrides)
        self.law = law or load_law()
        duties, layout = monthly(self.law, world.months), build_layout(world)
        simulation = build_simulation(
            world,
            layout,
            [route_duty(world, layout, duties)],
            np.zeros(1, dtype=np.int64),
            lane_values(world, [rest]),
            Streams(start, np.array([replication])),
            {name: (inputs or {}).get(name, True) for name in inputs_of(mechanisms)},
            controls_of(world, [ControlHistory(tuple(controls))]),
            mechanisms,
        )
        super().__init__(simulation, 0, duties, start, dict(firms or {}))
        simulation.agents = LiveAgents([self])
        self.datacollector = self._reported = mesa.DataCollector(model_reporters=REPORTERS)

    def __repr__(self) -> str:
        done = f"at {self.month:%Y-%m}" if self.simulation.state.month else "not stepped yet"
        last = self.simulation.world.months[-1]
        return (
            f"<{type(self).__name__} {done}, to {last:%Y-%m}:"
            f" {len(self.firms)} firms, {len(self.plants)} plants>"
        )

    def step(self) -> None:
        """Run the phases of one month; after the last one ``running`` is false.

        Its figures go to ``datacollector`` (:mod:`sim.engine.reporters`), unless a subclass has a
        collector of its own.

        Raises
        ------
        InputError
            The last month has been simulated already.
        """
        months = self.simulation.world.months
        if self.simulation.state.month >= len(months):
            self.steps -= 1  # Mesa has counted it
            raise InputError(_past(months[-1], "step"))
        step(self.simulation)
        if self.datacollector is self._reported:
            self._reported.collect(self)
        self.running = self.simulation.state.month < len(months)

    def run_until(self, last: str) -> None:
        """Step until the month ``last`` (``YYYY-MM``) has been simulated.

        Raises
        ------
        InputError
            The model ends before that month.
        """
        end = self.simulation.world.months[-1]
        if f"{end:%Y-%m}" < last:
            raise InputError(_past(end, f"run_until {last}"))
        while self.running and (self.simulation.state.month == 0 or f"{self.month:%Y-%m}" < last):
            self.step()

    @property
    def outcomes(self) -> pd.DataFrame:
        """Every outcome of the month simulated last, those of its mechanisms and extensions too."""
        own = with_theirs((*OUTCOMES, *self.brought.outcomes), self.simulation.mechanisms)
        kept = OutcomeRecorder(self.simulation, own)
        kept.record(self.simulation)
        return kept.frame(pd.DataFrame([KEYS]), pd.DatetimeIndex([self.month]))

    @property
    def relocations(self) -> pd.DataFrame:
        """Decisions so far, columns of the ``relocations`` table."""
        return relocations(self.simulation, {0: KEYS})


def _warn_outside(world: World, overrides: Mapping[str, float]) -> None:
    """Warn who makes the model of parameters that leave their range."""
    for doubt in parameter_table(world).outside(overrides):
        warnings.warn(str(doubt), OutsideRangeWarning, stacklevel=3)


def _past(last: date, key: str) -> Fault:
    """Tell that a model has no month after its last."""
    wrong = f"{last:%Y-%m} is the last month of this model"
    return Fault("", key, wrong, "make the model with a later `last`; look at `running` in a loop")


def _seed(seed: int | None, rng: object) -> int:
    """The number that all draws follow from."""
    if seed is not None and rng is not None:
        message = "give seed or rng, not both: they are two words for one thing"
        raise ValueError(message)
    if rng is None:
        return SEED if seed is None else int(seed)
    if isinstance(rng, int | np.integer):
        return int(rng)
    return int(np.random.default_rng(rng).integers(2**63))  # type: ignore[arg-type] # numpy judges it
