"""What an experiment stands on: the world, each policy's law as monthly duties, and their account.

The account of it (:mod:`sim.experiments.running.account`) goes into the run folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from sim.engine.extensions import brought
from sim.engine.outcomes import OUTCOMES
from sim.experiments.running.account import (
    control_account,
    law_account,
    line_account,
    name_account,
)
from sim.experiments.running.chunk import Setting
from sim.experiments.spec.alike import controls_histories, laws_of
from sim.experiments.spec.config import ExperimentConfig
from sim.law.law import Law
from sim.law.rates.monthly import monthly
from sim.meanings import OutcomeMeaning
from sim.world.build import load_world
from sim.world.chip_tools.controls import controls_of


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """The setting that workers get, with its account: digests, instruments and lines."""

    setting: Setting
    law_sha256: Mapping[str, str]
    law: Mapping[str, Any]
    lines: list[dict[str, Any]]
    controls: Mapping[str, Any] = field(default_factory=dict)
    """Content of ``controls.json``: policy -> rule of export control -> what it says."""
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Content of ``names.json``: kind of id -> id -> the name that a reader knows."""
    outcomes: tuple[OutcomeMeaning, ...] = OUTCOMES
    """Content of ``outcomes.json``: what the outcomes that are recorded mean."""


def lay_ground(config: ExperimentConfig) -> Ground:
    """Read the world and the law of every policy.

    Raises
    ------
    DataError, LawError
        Every fault of the tables, of the law's files or of a reform.
    """
    laws, controls = laws_of(config), controls_histories(config)
    setting = _setting(config, laws)
    return Ground(
        setting=setting,
        law_sha256={
            policy: sha256((law.digest + controls[policy].digest).encode()).hexdigest()
            for policy, law in laws.items()
        },
        law=law_account(laws),
        lines=line_account(setting.world),
        controls=control_account(controls),
        names=name_account(setting.world),
        outcomes=brought(config.extensions).every_outcome,
    )


def build_setting(config: ExperimentConfig) -> Setting:
    """World and duties alone, for workers that were not given them."""
    return _setting(config, laws_of(config))


def _setting(config: ExperimentConfig, laws: Mapping[str, Law]) -> Setting:
    months = config.months
    duties = {law.digest: law for law in laws.values()}
    made = {digest: monthly(law, months) for digest, law in duties.items()}
    world = load_world(months[0], months[-1], overlays=config.data)
    return Setting(
        world=world,
        duties=tuple(made[law.digest] for law in laws.values()),
        controls=controls_of(world, list(controls_histories(config).values())),
        extensions=config.extensions,
    )
