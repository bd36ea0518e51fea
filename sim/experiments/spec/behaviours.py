"""Who decides for a firm: classes of an experiment's extension files, by firm and policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from sim.data.dataset import load_dataset
from sim.errors import Fault, InputError, nearest
from sim.experiments.spec.brought import brought_of, idle_files
from sim.experiments.spec.checks import Problem
from sim.extensions import ExtensionFile, members
from sim.spelling import Spellings

if TYPE_CHECKING:
    from sim.engine.agents import Firm
    from sim.experiments.spec.config import ExperimentConfig


def firm_classes(extensions: Iterable[ExtensionFile]) -> dict[str, type[Firm]]:
    """Kinds of firm that the extension files define, by name."""
    from sim.engine.agents import Firm  # noqa: PLC0415 -- Mesa takes a while, most runs need none

    return members(extensions, Firm)


def behaviour_problems(config: ExperimentConfig) -> tuple[list[Problem], list[Fault]]:
    """Problems of the keys that name behaviours, and faults of the files that hold them."""
    problems = list(_twice(config.extensions))
    given = [
        ((*path, firm), firm, kind)
        for path, behaviours in _places(config)
        for firm, kind in behaviours.items()
    ]
    if not given and not config.extensions:
        return problems, []
    try:
        classes = firm_classes(config.extensions)
        brought_of(config.extensions, config.data)
    except InputError as error:
        return problems, list(error.faults)
    if idle := list(idle_files(config.extensions)):
        return problems, idle
    rows = load_dataset(overlays=config.data)["firms"]
    firms = Spellings({row.text("id"): (row.text("name"),) for row in rows})
    for path, firm, kind in given:
        if firm not in firms.names:
            problems.append(Problem(path, f"no firm `{firm}`", firms.cure(firm)))
        if kind not in classes:
            cure = nearest(kind, classes) if classes else "name its file under `extensions`"
            problems.append(Problem(path, f"no extension defines a firm `{kind}`", cure))
    return problems, []


def _twice(extensions: Iterable[ExtensionFile]) -> Iterator[Problem]:
    """Files of one name: a run folder keeps each under its name."""
    seen: set[str] = set()
    for place, one in enumerate(extensions):
        if one.name in seen:
            yield Problem(("extensions", place), f"two files are named {one.name}", "rename one")
        seen.add(one.name)


def _places(
    config: ExperimentConfig,
) -> Iterator[tuple[tuple[str, ...], Mapping[str, str]]]:
    yield ("behaviours",), config.behaviours
    for name, policy in config.policies.items():
        yield ("policies", name, "behaviours"), policy.behaviours
