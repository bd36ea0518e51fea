"""Parameters of lines and lanes: the table's values by class, and what overrides them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim.arrays import Floats
from sim.data.dataset import Dataset
from sim.data.shared_columns import ALL
from sim.errors import InputError
from sim.world.lines import Line
from sim.world.parameter_table import (
    Parameter,
    ParameterTable,
    key_order,
    load_parameters,
    split_key,
)
from sim.world.world import World


def for_lines(lines: Sequence[Line], data: Dataset | None = None) -> dict[str, Floats]:
    """Default value of every parameter for every line, float64[N].

    A row of the line's class goes before the row for ``all``.
    """
    return line_values(lines, load_parameters(data))


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
        Every unknown key (with the nearest spelling) and every value without a meaning: not finite,
        or outside what its kind allows (:data:`sim.data.kinds.KINDS`).

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
        for key in sorted(mapping, key=key_order):
            name, scope, scaled = split_key(key)
            rows = np.ones(len(classes), dtype=np.bool_) if scope == ALL else classes == scope
            rows = rows & ~np.isnan(world.parameters[name])
            if scaled:
                lanes[name][rows, lane] *= mapping[key]
            else:
                lanes[name][rows, lane] = mapping[key]
    return lanes


def parameter_table(world: World) -> ParameterTable:
    """What may be said of the parameters of a world."""
    return ParameterTable(world.parameter_rows, (line.line_class for line in world.lines))


def _check_overrides(world: World, overrides: Sequence[Mapping[str, float]]) -> None:
    """Refuse keys that name nothing and values without a meaning."""
    table = parameter_table(world)
    distinct = {tuple(sorted(mapping.items())) for mapping in overrides}
    faults = {fault: None for items in sorted(distinct) for fault in table.faults(dict(items))}
    if faults:
        raise InputError(faults)
