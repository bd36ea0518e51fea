"""Calibration: turn parameters within their declared ranges until the targets' bands are met.

Each stage is a tree-structured Parzen study (Optuna) with a fixed seed; every trial runs the same
random seeds. Loss: distances outside the bands in band widths, and a weak pull to what was
declared. Only rows of the target file are looked at.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import Fault, InputError
from sim.experiments.calibration.evaluator import Bench
from sim.experiments.calibration.loss import PULL, distance, open_units
from sim.experiments.calibration.scoreboard import config_file
from sim.experiments.calibration.stages import STAGES, Group, Stage
from sim.experiments.calibration.tunables import Dial, dial, overrides, standing
from sim.experiments.spec.config import ExperimentConfig
from sim.experiments.spec.reading import load_config
from sim.results.scoring.score import Verdict
from sim.results.scoring.targets import Target

Say = Callable[[str], None]
Place = Mapping[str, float]
"""Dial name -> where it stands."""

SEED = 20170101
AT_ONCE = 7
"""Trials of a study that are asked for before any of them is told."""
STEP = 0.15
"""Half step of the local sensitivity, in whole ranges."""
FELT = 0.1
"""A dial is identified by a row that moves by this many band widths over the dial's range."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a study found: where every dial stands, the verdicts there and as declared."""

    stage: Stage
    dials: tuple[Dial, ...]
    best: Place
    verdicts: Mapping[str, Verdict]
    declared: Mapping[str, Verdict]
    sensitivity: Mapping[tuple[str, str], float]
    """(Dial, row) -> move of the row over the dial's range, in band widths."""

    def rows_of(self, name: str) -> tuple[str, ...]:
        """Rows that identify a dial, the most sensitive first."""
        felt = {row: abs(x) for (dial, row), x in self.sensitivity.items() if dial == name}
        told = [row for row, x in felt.items() if x >= FELT]
        return tuple(sorted(told, key=lambda row: -felt[row]))


def calibrate(
    targets: Sequence[Target],
    configs: Path,
    *,
    trials: int = 64,
    stages: Sequence[str] = (),
    say: Say = print,
) -> list[Answer]:
    """Run the stages (all when none is named) and return what each found.

    Raises
    ------
    InputError
        A stage or target that is not there, or Optuna is not installed.
    """
    names = [stage.name for stage in STAGES]
    unknown = [name for name in stages if name not in names]
    if unknown:
        cure = f"known: {', '.join(names)}"
        raise InputError(Fault("", name, "no such stage", cure) for name in unknown)
    chosen = [stage for stage in STAGES if not stages or stage.name in stages]
    return [_run_stage(stage, targets, configs, trials, say) for stage in chosen]


def benches(stage: Stage, targets: Sequence[Target], configs: Path) -> list[Bench]:
    """What judges a stage."""
    by_id = {target.id: target for target in targets}
    missing = [name for group in stage.groups for name in group.targets if name not in by_id]
    if missing:
        raise InputError(Fault("", name, "the targets lack this row") for name in missing)
    return [
        Bench(
            _config(configs, group),
            tuple(by_id[name] for name in group.targets),
            group.products,
            group.replications,
        )
        for group in stage.groups
    ]


def _config(configs: Path, group: Group) -> ExperimentConfig:
    path = config_file(configs, group.experiment)
    if path is None:
        raise InputError(Fault(str(configs), group.experiment, "no such experiment ships"))
    config = load_config(path)
    inputs = config.inputs.model_dump()
    return config if group.noise else config.having(inputs={**inputs, "noise": False})


class _Judge:
    """Places to verdicts and loss."""

    def __init__(self, dials: Sequence[Dial], tried: Sequence[Bench]) -> None:
        self._dials, self._benches = dials, tried
        self.units: dict[str, float] = {}

    def verdicts(self, places: Sequence[Place]) -> list[dict[str, Verdict]]:
        sets = [overrides(self.values(place)) for place in places]
        told: list[dict[str, Verdict]] = [{} for _ in places]
        for bench in self._benches:
            for mine, found in zip(told, bench.judge(sets), strict=True):
                mine.update(found)
        return told

    def values(self, place: Place) -> dict[tuple[str, str], float]:
        merged: dict[tuple[str, str], float] = {}
        for one in self._dials:
            merged |= one.values(place[one.name])
        return merged

    def loss(self, place: Place, verdicts: Mapping[str, Verdict]) -> float:
        missed = sum(distance(one, self.units.get(name, 1.0)) for name, one in verdicts.items())
        pull = sum(one.pull(place[one.name]) ** 2 for one in self._dials)
        return missed + PULL * pull


def _run_stage(
    stage: Stage, targets: Sequence[Target], configs: Path, trials: int, say: Say
) -> Answer:
    dials = tuple(dial(name) for name in stage.dials)
    judge = _Judge(dials, benches(stage, targets, configs))
    start = {one.name: one.start for one in dials}
    declared = judge.verdicts([start])[0]
    judge.units = open_units(declared)
    say(f"{stage.name}: {within(declared)} as declared, loss {judge.loss(start, declared):.3f}")
    best = _search(stage, dials, judge, trials, say)
    sensitivity = _sensitivity(dials, judge, best)
    identified = {name for (name, _), move in sensitivity.items() if abs(move) >= FELT}
    kept = {one.name: best[one.name] if one.name in identified else one.start for one in dials}
    verdicts = judge.verdicts([kept])[0]
    say(f"{stage.name}: {within(verdicts)} calibrated, loss {judge.loss(kept, verdicts):.3f}")
    return Answer(stage, dials, kept, verdicts, declared, sensitivity)


def within(verdicts: Mapping[str, Verdict]) -> str:
    """How many rows are met.

    >>> within({})
    '0 of 0 rows within'
    """
    return f"{sum(one.within for one in verdicts.values())} of {len(verdicts)} rows within"


def _search(
    stage: Stage, dials: Sequence[Dial], judge: _Judge, trials: int, say: Say
) -> dict[str, float]:
    """The best place of a study that starts from what was declared."""
    optuna = _optuna()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        sampler = optuna.samplers.TPESampler(
            seed=SEED, multivariate=True, constant_liar=True, n_startup_trials=16
        )
    study = optuna.create_study(sampler=sampler, study_name=stage.name)
    study.enqueue_trial({one.name: one.start for one in dials})
    study.enqueue_trial({one.name: standing(one) for one in dials})
    for first in range(0, trials, AT_ONCE):
        asked = [study.ask() for _ in range(min(AT_ONCE, trials - first))]
        places = [
            {one.name: trial.suggest_float(one.name, one.low, one.high) for one in dials}
            for trial in asked
        ]
        for trial, place, told in zip(asked, places, judge.verdicts(places), strict=True):
            study.tell(trial, judge.loss(place, told))
        say(f"{stage.name}: {first + len(asked)} of {trials} trials, best {study.best_value:.3f}")
    return dict(study.best_params)


def _optuna() -> Any:
    try:
        import optuna  # noqa: PLC0415 - an extra: only calibration needs it
    except ImportError:
        cure = "install the extra: python -m pip install 'kyoten[calibrate]'"
        raise InputError(Fault("", "optuna", "is not installed", cure)) from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna


def _sensitivity(dials: Sequence[Dial], judge: _Judge, best: Place) -> dict[tuple[str, str], float]:
    """Move of every row over every dial's range, in band widths, by central differences."""
    places, spans = [], []
    for one in dials:
        step = STEP * (one.high - one.low)
        down, up = max(one.low, best[one.name] - step), min(one.high, best[one.name] + step)
        places += [{**best, one.name: down}, {**best, one.name: up}]
        spans.append((up - down) / (one.high - one.low))
    told = judge.verdicts(places)
    moves = {}
    for number, one in enumerate(dials):
        below, above = told[2 * number], told[2 * number + 1]
        for row, verdict in above.items():
            width = _width(verdict, judge.units)
            low, high = below[row].simulated, verdict.simulated
            if low is not None and high is not None:
                moves[one.name, row] = (high - low) / width / spans[number]
    return moves


def _width(verdict: Verdict, units: Mapping[str, float]) -> float:
    if verdict.low is None or verdict.high is None:
        return units.get(verdict.id, 1.0)
    return verdict.high - verdict.low
