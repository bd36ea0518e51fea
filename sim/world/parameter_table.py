"""The table of parameters: its rows, the keys that name them, and what may be said by a key."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sim.data.dataset import Dataset, load_dataset
from sim.data.kinds import KINDS, Kind
from sim.data.shared_columns import ALL
from sim.errors import Fault, nearest

SCALE = "scale"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of ``parameters.csv``; ``value`` is NaN where the class has no such thing.

    ``value`` is the calibrated one where ``calibrated.csv`` has it, and ``declared`` what stood
    there before; ``rows`` names the targets that a calibrated value answers to. ``kind`` is one of
    :data:`sim.data.kinds.KINDS` and says which values have a meaning; ``settled`` is one of
    :data:`sim.data.kinds.SETTLED`, and ``by`` is ``all`` where classes cannot differ.
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
    kind: str = "number"
    settled: str = "lane"
    by: str = "class"


def load_parameters(data: Dataset | None = None) -> tuple[Parameter, ...]:
    """Every parameter row in the order of the table, calibrated values in their place.

    A value that was calibrated for one class of a parameter declared for all adds a row.

    >>> next(p.value for p in load_parameters() if p.name == "theta")
    7.7
    """
    declared = {(one.name, one.scope): one for one in declared_parameters(data)}
    found = dict(declared)
    for row in (data or load_dataset())["calibrated"]:
        name, scope = row.text("parameter"), row.text("scope")
        prior = declared.get((name, scope)) or declared[name, ALL]
        found[name, scope] = replace(
            prior,
            scope=scope,
            value=row.number("value"),
            evidence=row.text("evidence"),
            note="; calibrated on sim/data/targets/calibration.csv, ".join(
                (prior.note, row.text("note"))
            ),
            rows=tuple(row.text("rows").split()),
        )
    return tuple(found.values())


def declared_parameters(data: Dataset | None = None) -> tuple[Parameter, ...]:
    """Every row of ``parameters.csv`` as declared, before calibration."""
    return tuple(
        Parameter(
            name=row.text("parameter"),
            scope=row.text("scope"),
            value=row.number("value"),
            low=row.number("low"),
            high=row.number("high"),
            unit=row.text("unit"),
            kind=row.text("kind"),
            settled=row.text("settled"),
            by=row.text("by"),
            source_url=row.text("source_url"),
            evidence=row.text("evidence"),
            note=row.text("note"),
            declared=row.number("value"),
        )
        for row in (data or load_dataset())["parameters"]
    )


def split_key(key: str) -> tuple[str, str, bool]:
    """Name, class (or ``all``) and whether the key scales.

    >>> split_key("theta.cars.scale")
    ('theta', 'cars', True)
    """
    name, *rest = key.split(".")
    scaled = bool(rest) and rest[-1] == SCALE
    scope = [part for part in rest if part != SCALE]
    return name, ".".join(scope) if scope else ALL, scaled


def key_order(key: str) -> tuple[bool, bool, str]:
    """Order in which keys act: set before scaled, every class before one class."""
    _, scope, scaled = split_key(key)
    return scaled, scope != ALL, key


def known_keys(names: Iterable[str], classes: Iterable[str]) -> tuple[str, ...]:
    """Every key that sets a parameter: of all lines, of one class, or as a factor of either.

    >>> known_keys(["theta"], ["cars"])
    ('theta', 'theta.cars', 'theta.scale', 'theta.cars.scale')
    """
    stems = list(dict.fromkeys(names))
    stems += [f"{name}.{code}" for name in stems for code in sorted(set(classes))]
    return (*stems, *(f"{stem}.{SCALE}" for stem in stems))


def unknown(key: str, known: Iterable[str]) -> Fault:
    """What is told of a key that names no parameter."""
    return Fault("", key, "no such parameter", nearest(key, known))


class ParameterTable:
    """Rows of the parameters for some classes of lines: what a key may say.

    >>> table = ParameterTable(load_parameters(), ["cars", "printers"])
    >>> [str(fault) for fault in table.faults({"theta": -5.0})]
    ['theta: -5 has no meaning for an elasticity that divides; give a number above 0 and at most 1000']
    >>> [str(fault) for fault in table.outside({"theta": 20.0})]
    ['theta: 20 is outside its declared range 5..11.5']
    """  # noqa: E501 (a message is one line)

    def __init__(self, rows: Sequence[Parameter], classes: Iterable[str]) -> None:
        self.classes = tuple(sorted(set(classes)))
        self.keys = known_keys((row.name for row in rows), self.classes)
        self._known = set(self.keys)
        held = {(row.name, row.scope): row for row in rows}
        self._row = {
            (name, code): held.get((name, code)) or held[name, ALL]
            for name in {row.name for row in rows}
            for code in self.classes
            if (name, code) in held or (name, ALL) in held
        }
        self._base_year = {row.name for row in rows if row.settled == "base_year"}
        self._alike = {row.name for row in rows if row.by == "all"}
        self._kind = {row.name: KINDS[row.kind] for row in rows}

    def faults(self, mapping: Mapping[str, float]) -> list[Fault]:
        """Keys that name nothing and values without a meaning, alone or after their factors."""
        told: dict[str, Fault] = {}
        for key, value in mapping.items():
            if key not in self._known:
                told[key] = unknown(key, self.keys)
            elif split_key(key)[0] in self._base_year:
                wrong = "is settled when the base year is built, for all runs alike"
                told[key] = Fault("", key, wrong, "change its row in the table of parameters")
            elif split_key(key)[0] in self._alike and split_key(key)[1] != ALL:
                told[key] = Fault("", key, "is the same for all classes", "leave the class out")
            elif not math.isfinite(value):
                told[key] = Fault("", key, f"`{value}` is no finite number", "give a number")
            elif not split_key(key)[2] and not (kind := self._kind[split_key(key)[0]]).holds(value):
                told[key] = Fault("", key, f"{value:g} has no meaning for {kind.what}", kind.cure)
        blamed = {split_key(key)[0] for key in told}
        for key, code, value in self._settled(mapping, blamed):
            kind = self._kind[split_key(key)[0]]
            if split_key(key)[2] and not kind.holds(value):
                told.setdefault(key, _scaled_fault(key, code, value, mapping[key], kind))
        return list(told.values())

    def outside(self, mapping: Mapping[str, float]) -> list[Fault]:
        """Keys whose values have a meaning and lie outside the range declared for them."""
        told: dict[tuple[str, float, float, float], list[str]] = {}
        blamed = {split_key(fault.key)[0] for fault in self.faults(mapping)}
        for key, code, value in self._settled(mapping, blamed):
            row = self._row[split_key(key)[0], code]
            slack = 1e-9 * max(abs(row.low), abs(row.high))
            if value < row.low - slack or value > row.high + slack:
                told.setdefault((key, value, row.low, row.high), []).append(code)
        return [
            Fault("", key, f"{value:g} is outside {self._range(key, low, high, codes)}")
            for (key, value, low, high), codes in told.items()
        ]

    def _range(self, key: str, low: float, high: float, codes: list[str]) -> str:
        name, scope, _ = split_key(key)
        whole = scope != ALL or codes == [code for n, code in sorted(self._row) if n == name]
        of = "" if whole else f" of {', '.join(codes)}"
        return f"its declared range {low:g}..{high:g}{of}"

    def _settled(
        self, mapping: Mapping[str, float], blamed: set[str]
    ) -> Iterator[tuple[str, str, float]]:
        """Key, class and the value that all keys of the parameter together give the class.

        Parameters in ``blamed``, and those that a class does not have, are left out.
        """
        keys = sorted((key for key in mapping if split_key(key)[0] not in blamed), key=key_order)
        values: dict[tuple[str, str], float] = {}
        for key in keys:
            name, scope, scaled = split_key(key)
            for code in self.classes if scope == ALL else (scope,):
                before = values.get((name, code), self._row[name, code].value)
                if not math.isnan(before):
                    values[name, code] = before * mapping[key] if scaled else mapping[key]
        for key in keys:
            name, scope, _ = split_key(key)
            for code in self.classes if scope == ALL else (scope,):
                if (name, code) in values:
                    yield key, code, values[name, code]


def _scaled_fault(key: str, code: str, value: float, factor: float, kind: Kind) -> Fault:
    wrong = f"{factor:g} makes it {value:g} for {code}, which has no meaning for {kind.what}"
    return Fault("", key, wrong, kind.cure)
