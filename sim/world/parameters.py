"""Parameters by line class: published values, declared estimates with ranges, and overrides."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.data.dataset import load_dataset
from sim.data.schema import ALL
from sim.errors import Fault, InputError, nearest
from sim.world.world import Line, World

Floats = NDArray[np.float64]

SCALE = "scale"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of ``parameters.csv``; ``value`` is NaN where the class has no such thing.

    ``value`` is the calibrated one where ``calibrated.csv`` has it, and ``declared`` what stood
    there before; ``rows`` names the targets that a calibrated value answers to.
    """

    name: str
    scope: str
    value: float
    low: float
    high: float
    unit: str
    source_url: str
    evidence: str
    note: str
    declared: float
    rows: tuple[str, ...] = ()


def load_parameters(folder: Path | None = None) -> tuple[Parameter, ...]:
    """Every parameter row in the order of the file, calibrated values in their place.

    A value that was calibrated for one class of a parameter declared for all adds a row.

    >>> next(p.value for p in load_parameters() if p.name == "theta")
    7.7
    """
    declared = {(one.name, one.scope): one for one in declared_parameters(folder)}
    found = dict(declared)
    for row in load_dataset(folder)["calibrated"]:
        name, scope = row.text("parameter"), row.text("scope")
        prior = declared.get((name, scope)) or declared[name, ALL]
        found[name, scope] = replace(
            prior,
            scope=scope,
            value=row.number("value"),
            evidence=row.text("evidence"),
            note=f"calibrated on sim/data/targets/calibration.csv, {row.text('note')}",
            rows=tuple(row.text("rows").split()),
        )
    return tuple(found.values())


def declared_parameters(folder: Path | None = None) -> tuple[Parameter, ...]:
    """Every row of ``parameters.csv`` as declared, before calibration."""
    return tuple(
        Parameter(
            name=row.text("parameter"),
            scope=row.text("scope"),
            value=row.number("value"),
            low=row.number("low"),
            high=row.number("high"),
            unit=row.text("unit"),
            source_url=row.text("source_url"),
            evidence=row.text("evidence"),
            note=row.text("note"),
            declared=row.number("value"),
        )
        for row in load_dataset(folder)["parameters"]
    )


def for_lines(lines: Sequence[Line], folder: Path | None = None) -> dict[str, Floats]:
    """Default value of every parameter for every line, float64[N].

    A row of the line's class goes before the row for ``all``.
    """
    return line_values(lines, load_parameters(folder))


def line_values(lines: Sequence[Line], rows: Sequence[Parameter]) -> dict[str, Floats]:
    """Value of every parameter for every line by these rows, float64[N]; NaN where none holds."""
    values: dict[str, Floats] = {}
    ordered = sorted(rows, key=lambda parameter: parameter.scope != ALL)
    for parameter in ordered:
        column = values.setdefault(parameter.name, np.full(len(lines), np.nan))
        for n, line in enumerate(lines):
            if parameter.scope in {ALL, line.line_class}:
                column[n] = parameter.value
    return values


def lane_values(world: World, overrides: Sequence[Mapping[str, float]]) -> dict[str, Floats]:
    """Parameters of every lane, float64[N, R].

    Parameters
    ----------
    world
        Gives the lines and their defaults.
    overrides
        One mapping a lane. ``theta`` sets every class, ``theta.cars`` one class; ``theta.scale``
        and ``theta.cars.scale`` multiply. Values are set before they are scaled, every class
        before one class. A parameter that a class does not have (NaN) stays so.

    Raises
    ------
    InputError
        Every unknown key (with the nearest spelling) and every value that is no finite number.

    >>> from sim.world.build import load_world
    >>> lanes = lane_values(load_world(), [{}, {"theta.scale": 2.0}])
    >>> lanes["theta"][0].tolist()
    [7.7, 15.4]
    """
    _check_overrides(world, overrides)
    classes = np.array([line.line_class for line in world.lines])
    lanes = {
        name: np.repeat(default[:, None], len(overrides), axis=1)
        for name, default in world.parameters.items()
    }
    for lane, mapping in enumerate(overrides):
        for key in sorted(mapping, key=_order):
            name, scope, scaled = split_key(key)
            rows = np.ones(len(classes), dtype=np.bool_) if scope == ALL else classes == scope
            rows = rows & ~np.isnan(world.parameters[name])
            if scaled:
                lanes[name][rows, lane] *= mapping[key]
            else:
                lanes[name][rows, lane] = mapping[key]
    return lanes


def split_key(key: str) -> tuple[str, str, bool]:
    """Name, class (or ``all``) and whether the key scales.

    >>> split_key("theta.cars.scale")
    ('theta', 'cars', True)
    """
    name, *rest = key.split(".")
    scaled = bool(rest) and rest[-1] == SCALE
    scope = [part for part in rest if part != SCALE]
    return name, ".".join(scope) if scope else ALL, scaled


def _order(key: str) -> tuple[bool, bool, str]:
    _, scope, scaled = split_key(key)
    return scaled, scope != ALL, key


def known_keys(world: World) -> list[str]:
    """Every key that :func:`lane_values` takes."""
    classes = sorted({line.line_class for line in world.lines})
    stems = list(world.parameters)
    stems += [f"{name}.{code}" for name in world.parameters for code in classes]
    return stems + [f"{stem}.{SCALE}" for stem in stems]


def _check_overrides(world: World, overrides: Sequence[Mapping[str, float]]) -> None:
    known = set(known_keys(world))
    faults: dict[str, Fault] = {}
    for mapping in overrides:
        for key, value in mapping.items():
            if key not in known:
                cure = nearest(key, sorted(known))
                faults[key] = Fault("", key, "no such parameter", cure)
            elif not math.isfinite(value):
                faults[key] = Fault("", key, f"`{value}` is no finite number", "give a number")
    if faults:
        raise InputError(faults.values())
