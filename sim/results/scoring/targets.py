"""Target files: facts, experiments of the literature and bands that a run is scored against.

A CSV with the columns ``id, policy, against, ask, low, high, unit, source`` in any order; other
columns are kept out of the score. ``low`` or ``high`` may be empty: no bound on that side.
"""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from pathlib import Path

from sim.errors import DataError, Fault, nearest

COLUMNS = ("id", "policy", "against", "ask", "low", "high", "unit", "source")


@dataclass(frozen=True, slots=True)
class Target:
    """One row: what is asked of which policy, and the band in which the answer should lie."""

    id: str
    policy: str
    against: str
    ask: str
    low: float
    high: float
    unit: str
    source: str
    line: int

    @property
    def bounded(self) -> bool:
        """Whether the row gives a band at all."""
        return math.isfinite(self.low) or math.isfinite(self.high)


def read_targets(path: Path) -> list[Target]:
    """Read a target file.

    Raises
    ------
    DataError
        All mistakes at once: the file is missing or empty, a column is missing, an id is empty or
        repeated, a bound is not a number, ``low`` is above ``high``.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        wrong = f"cannot be read: {fault}"
        raise DataError(Fault(str(path), "", wrong, "give a CSV of targets")) from fault
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    names = list(reader.fieldnames or [])
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise DataError(
            Fault(str(path), name, "column is missing", nearest(name, names), 1) for name in missing
        )
    faults: list[Fault] = []
    targets = _rows(path, reader, faults)
    if not targets and not faults:
        faults.append(Fault(str(path), "", "holds no target", f"columns: {', '.join(COLUMNS)}"))
    if faults:
        raise DataError(faults)
    return targets


def _rows(path: Path, reader: csv.DictReader[str], faults: list[Fault]) -> list[Target]:
    targets: list[Target] = []
    seen: dict[str, int] = {}
    try:
        for row in reader:
            line = reader.line_num
            target = _target(path, line, row, faults)
            if target.id in seen:
                wrong = f"`{target.id}` stands in line {seen[target.id]} already"
                faults.append(Fault(str(path), "id", wrong, "give every row its own id", line))
            seen[target.id] = line
            targets.append(target)
    except csv.Error as fault:
        faults.append(Fault(str(path), "", f"not CSV: {fault}", "", reader.line_num))
    return targets


def _target(
    path: Path, line: int, row: dict[str | None, str | None], faults: list[Fault]
) -> Target:
    text = {name: (row.get(name) or "").strip() for name in COLUMNS}
    if None in row:
        wrong = "more cells than columns"
        faults.append(Fault(str(path), "", wrong, 'put an ask that has commas in "quotes"', line))
    if not text["id"]:
        faults.append(Fault(str(path), "id", "is empty", "give every row an id", line))
    low = _bound(path, line, "low", text["low"], -math.inf, faults)
    high = _bound(path, line, "high", text["high"], math.inf, faults)
    if low > high:
        faults.append(Fault(str(path), "low", f"{low:g} is above high {high:g}", "swap them", line))
    words = {name: text[name] for name in COLUMNS if name not in ("low", "high")}
    return Target(**words, low=low, high=high, line=line)


def _bound(path: Path, line: int, key: str, text: str, empty: float, faults: list[Fault]) -> float:
    if not text:
        return empty
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        cure = "write a number, or leave it empty for no bound"
        faults.append(Fault(str(path), key, f"`{text}` is not a number", cure, line))
        return empty
    return value
