"""Whether the law takes every policy's reforms: each must name what exists and change something."""

from __future__ import annotations

from sim.data.key_paths import undotted
from sim.errors import Fault, LawError
from sim.experiments.spec.checks import Problem
from sim.experiments.spec.config import ExperimentConfig
from sim.experiments.spec.policy import ancestry, used_reforms
from sim.law.controls.law import ControlLaw
from sim.law.controls.law import enacted as enacted_controls
from sim.law.controls.reforms import ControlReform, enact_reforms
from sim.law.law import Law, load_law
from sim.law.reforms.edits import apply_reforms
from sim.law.reforms.schema import Reform


def enactment_problems(config: ExperimentConfig) -> list[Problem]:
    """Problems of all policies; a policy's own reforms are tried on its ancestors' law."""
    enacted = load_law(config.law_overlays)
    parents = {name: policy.extends for name, policy in config.policies.items()}
    laws: dict[str, tuple[Law, ControlLaw]] = {}
    problems: list[Problem] = []
    for name in sorted(config.policies, key=lambda name: len(ancestry(name, parents))):
        parent = parents[name]
        before = (
            laws[parent] if parent is not None else (enacted, enacted_controls(config.law_overlays))
        )
        laws[name] = _enact(before, name, config, problems)
    return problems


def _enact(
    laws: tuple[Law, ControlLaw], name: str, config: ExperimentConfig, problems: list[Problem]
) -> tuple[Law, ControlLaw]:
    """Both laws with a policy's reforms; those that they refuse are noted and left out."""
    (law, controls), policy = laws, config.policies[name]
    steps: list[tuple[str, int, tuple[Reform | ControlReform, ...]]] = [
        ("use", place, used_reforms(used, config.law_overlays))
        for place, used in enumerate(policy.use)
    ]
    steps += [("reforms", place, (reform,)) for place, reform in enumerate(policy.reforms)]
    for key, place, reforms in steps:
        try:
            law = apply_reforms(law, [one for one in reforms if not isinstance(one, ControlReform)])
            controls = enact_reforms(
                controls, [one for one in reforms if isinstance(one, ControlReform)]
            )
        except LawError as error:
            where = ("policies", name, key, place)
            problems += [_problem(where, fault) for fault in error.faults]
    return law, controls


def _problem(where: tuple[str | int, ...], fault: Fault) -> Problem:
    """The law's fault at its place in the experiment file."""
    inner = undotted(fault.key)[2:] if where[2] == "reforms" else []
    return Problem((*where, *inner), fault.wrong, fault.cure)
