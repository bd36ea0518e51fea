"""Parameters: one kind each, values with a meaning, calibrated ones within their range."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from sim.data.kinds import KINDS
from sim.data.meaning.faults import Tables, fault, missing_rows
from sim.data.shared_columns import ALL
from sim.errors import Fault, nearest


def parameter_faults(folder: Path, tables: Tables) -> Iterator[Fault]:
    """Faults of parameters, declared and calibrated."""
    yield from _scopes(folder, tables)
    yield from _kinds(folder, tables)
    yield from _calibrated(folder, tables)


def _scopes(folder: Path, tables: Tables) -> Iterator[Fault]:
    """Parameters: known scopes, and every class has a value or an open one."""
    classes = {row.text("id"): row for row in tables["line_classes"]}
    held: dict[str, set[str]] = defaultdict(set)
    for row in tables["parameters"]:
        scope = row.text("scope")
        held[row.text("parameter")].add(scope)
        if scope not in (ALL, *classes):
            cure = nearest(scope, (ALL, *classes))
            yield fault(folder, "parameters", "scope", f"`{scope}` is no class", cure, row)
    for name, scopes in held.items():
        missing = [code for code in classes if ALL not in scopes and code not in scopes]
        if missing:
            wrong = f"{name} has no value for {', '.join(missing)}"
            needed_by = classes[missing[0]]
            yield missing_rows("parameters", "parameter", wrong, "add a row for `all`", needed_by)


def _kinds(folder: Path, tables: Tables) -> Iterator[Fault]:
    """A parameter is of one kind, and its value and range have a meaning for that kind."""
    first = {row.text("parameter"): row for row in reversed(tables["parameters"])}
    for row in tables["parameters"]:
        name, kind = row.text("parameter"), KINDS[row.text("kind")]
        for column in ("kind", "settled", "by"):
            if row.text(column) != first[name].text(column):
                wrong = f"{name} has `{first[name].text(column)}` in an earlier row"
                yield fault(folder, "parameters", column, wrong, "a parameter has one", row)
        for column in ("value", "low", "high"):
            number = row.number(column)
            if not math.isnan(number) and not kind.holds(number):
                wrong = f"{number:g} has no meaning for {kind.what}"
                yield fault(folder, "parameters", column, wrong, kind.cure, row)


def _calibrated(folder: Path, tables: Tables) -> Iterator[Fault]:
    """A calibrated value has a class and stays in the range that was declared for it."""
    classes = [row.text("id") for row in tables["line_classes"]]
    declared = {(row.text("parameter"), row.text("scope")): row for row in tables["parameters"]}
    for row in tables["calibrated"]:
        name, scope, value = row.text("parameter"), row.text("scope"), row.number("value")
        if scope not in (ALL, *classes):
            cure = nearest(scope, (ALL, *classes))
            yield fault(folder, "calibrated", "scope", f"`{scope}` is no class", cure, row)
            continue
        prior = declared.get((name, scope)) or declared.get((name, ALL))
        if prior is None:
            wrong = f"{name} has no row for {scope}"
            yield fault(folder, "calibrated", "scope", wrong, "declare it first", row)
        elif not prior.number("low") <= value <= prior.number("high"):
            wrong = f"{value:g} leaves {prior.number('low'):g}..{prior.number('high'):g}"
            cure = "calibrate within the declared range"
            yield fault(folder, "calibrated", "value", wrong, cure, row)
