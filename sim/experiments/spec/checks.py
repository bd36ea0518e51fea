"""Rules that join several keys of an experiment: each check is one rule.

They read plain data, so that they can also judge a file whose other keys are wrong, and all
mistakes are told at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import log2

from sim.data.dataset import load_dataset
from sim.errors import nearest
from sim.law.controls.reforms import shipped_reforms
from sim.law.reforms.schema import seed_reforms
from sim.world.parameters import SCALE, load_parameters

Data = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake at a path of the data."""

    path: tuple[str | int, ...]
    wrong: str
    cure: str = ""


def cross_problems(data: Data) -> list[Problem]:
    """All problems that the checks find in ``data``."""
    return [problem for check in CHECKS for problem in check(data)]


def check_baseline(data: Data) -> Iterator[Problem]:
    """The baseline is one of the policies."""
    baseline, policies = data.get("baseline"), _mapping(data, "policies")
    if isinstance(baseline, str) and policies and baseline not in policies:
        yield Problem(("baseline",), f"no policy `{baseline}`", nearest(baseline, policies))


def check_extends(data: Data) -> Iterator[Problem]:
    """A policy extends another one of the file, and never itself by a detour."""
    policies = _mapping(data, "policies")
    parents = {name: _mapping(policies, name).get("extends") for name in policies}
    for name, parent in parents.items():
        path = ("policies", name, "extends")
        if not isinstance(parent, str):
            continue
        if parent not in parents:
            yield Problem(path, f"no policy `{parent}`", nearest(parent, parents))
        elif name in _line(parent, parents):
            yield Problem(path, "the policy extends itself", "end the circle")


def check_use(data: Data) -> Iterator[Problem]:
    """Reforms that are used by name ship with Kyoten."""
    known = (*seed_reforms(), *shipped_reforms())
    policies = _mapping(data, "policies")
    for name in policies:
        used = _mapping(policies, name).get("use")
        for place, word in enumerate(used if isinstance(used, list) else []):
            if isinstance(word, str) and word not in known:
                path = ("policies", name, "use", place)
                yield Problem(path, f"no shipped reform `{word}`", nearest(word, known))


def check_span(data: Data) -> Iterator[Problem]:
    """The first month is the base year's, the last comes after it and is within reach."""
    start, end = data.get("start", "2017-01"), data.get("end")
    if _is_month(start) and str(start)[:7] != "2017-01":
        cure = "write 2017-01 or leave it out; results of later months can be selected"
        yield Problem(("start",), "an experiment starts in the base year's first month", cure)
    if _is_month(end) and not "2017-02" <= str(end)[:7] <= "2050-12":
        yield Problem(("end",), f"`{end}` is out of reach", "choose a month in 2017-02..2050-12")


def check_design(data: Data) -> Iterator[Problem]:
    """Uncertainties and design belong together."""
    design = _mapping(data, "design")
    kind, names = design.get("kind", "none"), _mapping(data, "uncertainties")
    if names and kind == "none":
        cure = "set `design.kind`, or move fixed values to `parameters`"
        yield Problem(("uncertainties",), "no design draws from them", cure)
    if not names and kind in {"factorial", "latin_hypercube", "sobol"}:
        yield Problem(("design", "kind"), "there are no uncertainties to vary", "add them")
    samples = design.get("samples", 64)
    if kind == "sobol" and isinstance(samples, int) and samples > 0 and log2(samples) % 1:
        cure = f"choose {2 ** round(log2(samples))}"
        yield Problem(("design", "samples"), "a Sobol design needs a power of two", cure)


def check_ranges(data: Data) -> Iterator[Problem]:
    """A range has its low end below its high end, and a positive one on a log scale."""
    for name, bounds in _mapping(data, "uncertainties").items():
        if not isinstance(bounds, Mapping):
            continue
        low, high, path = bounds.get("low"), bounds.get("high"), ("uncertainties", name)
        if not (isinstance(low, int | float) and isinstance(high, int | float)):
            continue
        if low >= high:
            yield Problem(path, f"`low` {low} is not below `high` {high}", "swap them")
        elif bounds.get("scale") == "log" and low <= 0:
            yield Problem((*path, "low"), "a log scale needs a positive bound", "raise it")


def check_parameters(data: Data) -> Iterator[Problem]:
    """Parameters and uncertainties name something that the model has, each only once."""
    known = known_parameters()
    for section in ("parameters", "uncertainties"):
        for name in _mapping(data, section):
            if name not in known:
                yield Problem((section, name), "no such parameter", nearest(name, known))
    for name in _mapping(data, "parameters"):
        if name in _mapping(data, "uncertainties"):
            yield Problem(("parameters", name), "also an uncertainty", "keep one of the two")


@cache
def known_parameters() -> tuple[str, ...]:
    """Keys that set a parameter: of all lines, of one class, or as a factor of either.

    >>> [key for key in known_parameters() if key.startswith("theta") and "cars" in key][:2]
    ['theta.cars', 'theta_slice.cars']
    """
    names = tuple(dict.fromkeys(parameter.name for parameter in load_parameters()))
    classes = sorted({row.text("line_class") for row in load_dataset()["lines"]})
    stems = names + tuple(f"{name}.{code}" for name in names for code in classes)
    return stems + tuple(f"{stem}.{SCALE}" for stem in stems)


CHECKS: tuple[Callable[[Data], Iterator[Problem]], ...] = (
    check_baseline,
    check_extends,
    check_use,
    check_span,
    check_design,
    check_ranges,
    check_parameters,
)


def _mapping(data: Data, key: str) -> Data:
    """The mapping under ``key``, empty when it is absent or something else."""
    value = data.get(key)
    return value if isinstance(value, Mapping) else {}


def _line(name: str, parents: Mapping[str, object]) -> list[str]:
    line: list[str] = []
    following: object = name
    while isinstance(following, str) and following in parents and following not in line:
        line.append(following)
        following = parents[following]
    return line


def _is_month(value: object) -> bool:
    return re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])(-01)?", str(value)) is not None
