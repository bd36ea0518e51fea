"""What calibration may turn: parameters within their declared ranges, alone or as a group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sim.data.dataset import load_dataset
from sim.data.shared_columns import ALL
from sim.errors import Fault, InputError
from sim.world.parameter_table import Parameter, declared_parameters, load_parameters, unknown

NOT_GOODS = (ALL, "cars", "chip_tools")
"""Scopes that a group of ordinary goods leaves out."""


@dataclass(frozen=True, slots=True)
class Dial:
    """One thing to turn, between ``low`` and ``high`` from ``start``.

    A dial with one member turns its value; one with several turns a factor on the declared values
    of all, each kept in its own range.
    """

    name: str
    low: float
    high: float
    start: float
    members: tuple[Parameter, ...]

    def values(self, place: float) -> dict[tuple[str, str], float]:
        """Parameter and scope -> value when the dial stands at ``place``."""
        if len(self.members) == 1:
            only = self.members[0]
            return {(only.name, only.scope): place}
        return {
            (one.name, one.scope): min(max(one.declared * place, one.low), one.high)
            for one in self.members
        }

    def pull(self, place: float) -> float:
        """How far the dial is from what was declared, in whole ranges."""
        return (place - self.start) / (self.high - self.low)


def dial(text: str, folder: Path | None = None) -> Dial:
    """Make a dial of ``parameter``, ``parameter.class`` or ``parameter.*`` (every goods class).

    Raises
    ------
    InputError
        No such parameter, or it has no range to move in.

    >>> one = dial("invoice_lag.cars")
    >>> one.low, one.start, one.high
    (0.4, 0.6, 0.8)
    >>> group = dial("reallocation_share.*")
    >>> group.start, len(group.members)
    (1.0, 17)
    """
    name, _, scope = text.partition(".")
    rows = [row for row in declared_parameters(load_dataset(folder)) if row.name == name]
    if not rows:
        known = dict.fromkeys(row.name for row in declared_parameters(load_dataset(folder)))
        raise InputError(unknown(name, known))
    if scope == "*":
        return _group(text, [row for row in rows if row.scope not in NOT_GOODS])
    wanted = scope or ALL
    held = {row.scope: row for row in rows}
    row = held.get(wanted, held.get(ALL))
    if row is None or not row.low < row.high:
        raise InputError(Fault("", text, "has no range to move in", "declare low and high"))
    member = replace(row, scope=wanted)
    return Dial(text, row.low, row.high, row.declared, (member,))


def standing(one: Dial, folder: Path | None = None) -> float:
    """Where the calibrated set has the dial now; its declared place when it is not calibrated.

    >>> one = dial("theta")
    >>> standing(one) == one.start
    True
    """
    held = {(row.name, row.scope): row for row in load_parameters(load_dataset(folder))}
    first = one.members[0]
    row = held.get((first.name, first.scope))
    if row is None or not row.rows:
        return one.start
    place = row.value if len(one.members) == 1 else row.value / row.declared
    return min(max(place, one.low), one.high)


def _group(text: str, rows: Iterable[Parameter]) -> Dial:
    members = tuple(row for row in rows if row.low < row.high)
    low = min(row.low / row.declared for row in members)
    high = max(row.high / row.declared for row in members)
    return Dial(text, low, high, 1.0, members)


def overrides(
    values: Mapping[tuple[str, str], float], folder: Path | None = None
) -> dict[str, float]:
    """Keys for lanes of values by parameter and scope.

    A value for all is given to every class that has no row of its own, never to the others.
    """
    data = load_dataset(folder)
    classes = [row.text("id") for row in data["line_classes"]]
    used = {row.text("line_class") for row in data["lines"]}
    own: dict[str, set[str]] = {}
    for row in (*data["parameters"], *data["calibrated"]):
        own.setdefault(row.text("parameter"), set()).add(row.text("scope"))
    keys: dict[str, float] = {}
    for (name, scope), value in values.items():
        if scope != ALL:
            keys[f"{name}.{scope}"] = value
            continue
        given = {other for other_name, other in values if other_name == name}
        for code in classes:
            if code in used and code not in own.get(name, set()) | given:
                keys[f"{name}.{code}"] = value
    return keys
