"""Policies that would run alike: what they change begins after the last month, or never."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from sim.data.dataset import load_dataset
from sim.experiments.spec.config import ExperimentConfig
from sim.law.controls.history import ControlHistory
from sim.law.controls.law import enacted
from sim.law.law import Law, load_law
from sim.law.reforms.edits import apply_reforms
from sim.law.telling.first_difference import first_announced, first_in_force

_NO_LAW = ("title", "reforms")
"""Keys of a resolved policy that are no other change than that of the law."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A policy under which the same is in force as under another for as long as the run lasts."""

    policy: str
    other: str
    in_force: date | None
    """First day, after the run, on which something else is in force; None where there is none."""
    announced: date | None
    """First month of the run in which something else is announced, which firms may act on."""


def laws_of(config: ExperimentConfig) -> dict[str, Law]:
    """Law of every policy, in the configuration's order: the law at hand with its reforms."""
    law = load_law(config.law_overlays)
    return {policy: apply_reforms(law, config.reforms(policy)) for policy in config.policies}


def controls_histories(config: ExperimentConfig) -> dict[str, ControlHistory]:
    """Export-control law of every policy, in the configuration's order."""
    law = enacted(config.law_overlays)
    return {
        policy: ControlHistory(config.control_reforms(policy), law) for policy in config.policies
    }


def alike(config: ExperimentConfig) -> list[Alike]:
    """Every policy under which the same is in force in every simulated month as under another.

    The baseline comes first. Laws are compared as the simulation reads them: duties, preferences
    and credits on goods that somebody makes, and export controls.
    """
    laws, controls = laws_of(config), controls_histories(config)
    rest, goods = _beside_the_law(config), _goods(config)
    last = config.end + relativedelta(months=1) - timedelta(days=1)
    different: list[str] = []
    found = []
    for name in sorted(config.policies, key=lambda name: name != config.reference):
        for other in (one for one in different if rest[one] == rest[name]):
            day = _first(
                _first_controls(controls[name], controls[other]),
                first_in_force(laws[name], laws[other], goods),
            )
            if day is None or day > last:
                announced = first_announced(laws[name], laws[other], goods)
                within = announced is not None and announced <= last
                found.append(Alike(name, other, day, announced if within else None))
                break
        else:
            different.append(name)
    return found


def _first(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _beside_the_law(config: ExperimentConfig) -> dict[str, dict[str, object]]:
    """What a policy sets beside the law, from the first month on."""
    return {
        name: {key: value for key, value in policy.items() if key not in _NO_LAW}
        for name, policy in config.resolved()["policies"].items()
    }


def _goods(config: ExperimentConfig) -> set[str]:
    """Products that somebody makes, and their parts: duties on others move nothing."""
    rows = load_dataset(overlays=config.data)["lines"]
    return {row.text(column) for row in rows for column in ("product", "parts_product")}


def _first_controls(one: ControlHistory, other: ControlHistory) -> date | None:
    """First day on which two histories of export control know another law."""
    days = sorted({reform.start for each in (one, other) for reform in each.reforms})
    return next((day for day in days if one.on(day) != other.on(day)), None)


def told(found: Alike, end: date) -> str:
    """One line for a reader: what is alike, from when it would not be, and what to do."""
    said = f"`{found.policy}` asks the same as `{found.other}` in every month of this run"
    if found.announced is not None:
        said += f", though from {found.announced:%Y-%m} something else is announced"
    if found.in_force is None:
        nothing = "it alters no duty, subsidy or control on goods that are simulated"
        return f"{said}: {nothing}; give it another reform"
    return (
        f"{said}: they differ from {found.in_force:%Y-%m} on, after `end` ({end:%Y-%m});"
        " set `end` later"
    )
