"""Rules that join several keys of an experiment: each check is one rule.

They read plain data, so that they can also judge a file whose other keys are wrong, and all
mistakes are told at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import isfinite, log2
from pathlib import Path

from sim.data.dataset import Dataset, load_dataset
from sim.errors import nearest
from sim.experiments.spec.brought import brought_by
from sim.experiments.spec.inputs import Inputs
from sim.law.controls.reforms import shipped_reforms
from sim.law.reforms.schema import seed_reforms
from sim.world.parameter_table import Parameter, ParameterTable, load_parameters, split_key
from sim.world.posterior import posterior_draws

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
    laid = [Path(folder) for folder in overlays_of(data, "law")]
    known = (*seed_reforms(laid), *shipped_reforms(laid))
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
    if not names and kind in ("factorial", "latin_hypercube", "sobol"):
        yield Problem(("design", "kind"), "there are no uncertainties to vary", "add them")
    samples = design.get("samples", 64)
    if names and kind == "posterior":
        cure = "take the uncertainties out, or choose another design"
        yield Problem(("uncertainties",), "the posterior draws vary parameters themselves", cure)
    if kind == "posterior" and isinstance(samples, int) and (most := _draws(data)) < samples:
        yield Problem(("design", "samples"), f"there are {most} draws", f"choose up to {most}")
    if kind == "sobol" and isinstance(samples, int) and samples > 0 and log2(samples) % 1:
        cure = f"choose {2 ** round(log2(samples))}"
        yield Problem(("design", "samples"), "a Sobol design needs a power of two", cure)


def _draws(data: Data) -> int:
    """How many posterior draws the experiment's tables hold."""
    return len(posterior_draws(load_dataset(overlays=overlays_of(data))))


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
    """Parameters and uncertainties name what the model has, each once, with values that mean it."""
    if _unreadable(data):
        return
    told = dict.fromkeys(
        Problem((section, fault.key), fault.wrong, fault.cure)
        for section, mapping in parameter_corners(data)
        for fault in table_of(data).faults(mapping)
        if fault.key in _mapping(data, section)
    )
    yield from told
    for name in _mapping(data, "parameters"):
        if name in _mapping(data, "uncertainties"):
            yield Problem(("parameters", name), "also an uncertainty", "keep one of the two")


def check_inputs(data: Data) -> Iterator[Problem]:
    """Inputs that are switched are exogenous paths or mechanisms, those of extensions too."""
    theirs = brought_by(data, overlays_of(data))
    if _unreadable(data):
        return
    known = (*Inputs.model_fields, *(theirs.inputs if theirs else ()))
    for name in _mapping(data, "inputs"):
        if name not in known:
            yield Problem(("inputs", name), "unknown key", nearest(name, known))


def outside_ranges(data: Data) -> list[Problem]:
    """Parameters and uncertainties that leave the range declared for them; the run goes on."""
    told = dict.fromkeys(
        Problem((section, fault.key), fault.wrong)
        for section, mapping in parameter_corners(data)
        for fault in table_of(data).outside(mapping)
        if fault.key in _mapping(data, section)
    )
    return list(told)


def parameter_corners(data: Data) -> Iterator[tuple[str, dict[str, float]]]:
    """Sets of values that together reach every extreme, with the section that they belong to.

    Keys of one parameter act on each other (``theta`` and ``theta.scale``), so their ends are
    crossed with each other; those of different parameters do not.
    """
    fixed = _numbers(_mapping(data, "parameters"))
    yield "parameters", fixed
    drawn: dict[str, dict[str, list[float]]] = {}
    for key, uncertainty in _mapping(data, "uncertainties").items():
        if ends := _ends(uncertainty):
            drawn.setdefault(split_key(key)[0], {})[key] = ends
    for name, keys in drawn.items():
        beside = {key: value for key, value in fixed.items() if split_key(key)[0] == name}
        for corner in product(*keys.values()):
            yield "uncertainties", beside | dict(zip(keys, corner, strict=True))


def _ends(uncertainty: object) -> list[float]:
    """Least and greatest value of an uncertainty; none where it is badly formed."""
    held = uncertainty
    if isinstance(held, Mapping):
        held = [held.get("low"), held.get("high")]
    if not isinstance(held, list | tuple):
        return []
    numbers = _numbers({str(place): value for place, value in enumerate(held)})
    return sorted(set(numbers.values())) if len(numbers) == len(held) else []


def _numbers(held: Data) -> dict[str, float]:
    """Finite numbers; what else stands there is told by the schema."""
    return {
        key: float(value)
        for key, value in held.items()
        if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
    }


def overlays_of(data: Data, key: str = "data") -> tuple[str, ...]:
    """Folders of tables, or of law, that an experiment lays over the shipped ones."""
    listed = data.get(key)
    every = listed if isinstance(listed, list | tuple) else ()
    return tuple(one for one in every if isinstance(one, str))


def table_of(data: Data) -> ParameterTable:
    """What may be said of the parameters of an experiment's tables and mechanisms."""
    overlays = overlays_of(data)
    theirs = brought_by(data, overlays)
    return parameter_table(overlays, theirs.parameters if theirs else ())


def parameter_table(
    overlays: tuple[str, ...] = (), more: tuple[Parameter, ...] = ()
) -> ParameterTable:
    """What may be said of the parameters of the tables, and of ``more`` rows.

    >>> [key for key in parameter_table().keys if key.endswith("a.cars")][:2]
    ['theta.cars', 'eta.cars']
    """
    return _table_of(load_dataset(overlays=overlays), more)


@lru_cache(maxsize=8)
def _table_of(data: Dataset, more: tuple[Parameter, ...]) -> ParameterTable:
    rows = (*load_parameters(data), *more)
    return ParameterTable(rows, (row.text("line_class") for row in data["lines"]))


def _unreadable(data: Data) -> bool:
    """Whether an extension file is wrong: what names its content cannot be judged then."""
    return bool(data.get("extensions")) and brought_by(data, overlays_of(data)) is None


CHECKS: tuple[Callable[[Data], Iterator[Problem]], ...] = (
    check_baseline,
    check_extends,
    check_use,
    check_span,
    check_design,
    check_ranges,
    check_parameters,
    check_inputs,
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
