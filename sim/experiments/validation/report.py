"""The page that says how far the model is to be trusted: ``docs/validation.md`` by one command.

Runs what has not been run (the scored experiments, and the history once more without brand trends),
scores every row, sets both baselines beside it and writes the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.experiments.calibration.calibrated_set import Felt, read_felt
from sim.experiments.calibration.scoreboard import (
    Fact,
    Say,
    config_file,
    read_facts,
    run_all,
    run_one,
    scoreboard,
)
from sim.experiments.spec.reading import load_config
from sim.experiments.validation.baselines import baselines
from sim.results.run_folder.query import open_run
from sim.results.scoring.score import Verdict, score
from sim.results.scoring.targets import Target

TRENDLESS = "history_without_brand_trends"
TRENDLESS_REPLICATIONS = 16
PICTURE = Path("figures") / "validation.svg"
"""The scoreboard as a picture, beside the page."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the page is made of."""

    facts: Sequence[Fact]
    verdicts: Mapping[str, Verdict]
    trendless: Mapping[str, Verdict]
    """The same rows of the history, brands held at 2017."""
    baselines: Mapping[str, Mapping[str, float]]
    felt: Sequence[Felt]

    @property
    def asked(self) -> list[Fact]:
        """Rows that a run answers."""
        return [fact for fact in self.facts if not fact.is_property]

    @property
    def counted(self) -> list[Fact]:
        """Rows that may count: they restate no parameter and no given path."""
        return [fact for fact in self.asked if not fact.restates]

    def met(self, facts: Sequence[Fact]) -> int:
        """How many of these rows are within their band."""
        return sum(self.verdicts[fact.id].within for fact in facts)

    def error(self, fact: Fact, value: float | None) -> float | None:
        """Distance of a forecast from the recorded value; None where either is missing."""
        return None if value is None or fact.value is None else abs(value - fact.value)

    def duel(self, name: str) -> tuple[int, int]:
        """Counted rows in which the model is nearer than a baseline, of those both answer.

        A row that the baseline answers and the model misses to answer is lost; a tie is lost too.
        """
        won = fought = 0
        for fact in self.counted:
            other = self.error(fact, self.baselines[name].get(fact.id))
            if other is None:
                continue
            own = self.error(fact, self.verdicts[fact.id].simulated)
            fought += 1
            won += own is not None and own < other - 1e-12
        return won, fought


def gather(
    targets: Path, configs: Path, runs: Path, *, workers: int | None = None, say: Say = print
) -> Report:
    """Run what is missing and score it."""
    facts = read_facts(targets)
    run_all(facts, configs, runs, workers=workers, say=say)
    history = config_file(configs, "history")
    trendless: dict[str, Verdict] = {}
    if history is not None:
        own = [fact.target for fact in facts if fact.run == "history"]
        trendless = _without_trends(history, own, runs, workers, say)
    return Report(
        facts=facts,
        verdicts=scoreboard(facts, runs),
        trendless=trendless,
        baselines=baselines(),
        felt=read_felt(targets.with_name("sensitivity.csv")),
    )


def _without_trends(
    path: Path, targets: Sequence[Target], runs: Path, workers: int | None, say: Say
) -> dict[str, Verdict]:
    config = load_config(path)
    config = config.having(
        experiment=TRENDLESS,
        replications=min(config.replications, TRENDLESS_REPLICATIONS),
        inputs={**config.inputs.model_dump(), "brand_trends": False},
    )
    with open_run(run_one(config, runs, workers=workers, say=say)) as run:
        return {one.id: one for one in score(run, targets)}
