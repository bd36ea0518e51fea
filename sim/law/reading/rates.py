"""Reading the schedules: ``mfn.csv`` and ``preferences.csv`` under ``sim/data/law/schedules``."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from sim.axes import COUNTRIES, LAW_COUNTRIES, PRODUCTS
from sim.errors import Fault, nearest
from sim.law.agreement import BaseRate, Preference
from sim.law.instrument import CONFIDENCES, EVIDENCES, FOREVER, Provenance

SCHEDULE_START = date(2017, 1, 1)
"""No rate is known before this day."""

_RATES = ("start", "end", "rate_share", "low_share", "high_share", "source_url", "note",
          "confidence", "evidence")  # fmt: skip
MFN_COLUMNS = ("importer", "product", *_RATES)
PREFERENCE_COLUMNS = ("agreement", "importer", "exporters", "products", *_RATES)


class Row:
    """One line of a table that notes what is wrong with its cells."""

    def __init__(self, file: str, line: int, cells: Mapping[str, str], faults: list[Fault]) -> None:
        self.file, self.line, self.cells, self.faults = file, line, cells, faults

    def note(self, column: str, wrong: str, cure: str = "") -> None:
        """Remember a mistake in a column of this line."""
        self.faults.append(Fault(self.file, column, wrong, cure, self.line))

    def word(self, column: str, known: Iterable[str]) -> str:
        """The cell as one of the known words."""
        known = tuple(known)
        if self.cells[column] not in known:
            self.note(
                column, f"`{self.cells[column]}` is unknown", nearest(self.cells[column], known)
            )
        return self.cells[column]

    def words(self, column: str, known: Iterable[str]) -> tuple[str, ...]:
        """The cell as known words between semicolons."""
        known = tuple(known)
        words = tuple(part.strip() for part in self.cells[column].split(";"))
        for word in words:
            if word not in known:
                self.note(column, f"`{word}` is unknown", nearest(word, known))
        return words

    def day(self, column: str) -> date | None:
        """The cell as a date; None when it is empty."""
        if not self.cells[column]:
            return None
        try:
            return date.fromisoformat(self.cells[column])
        except ValueError:
            self.note(column, f"`{self.cells[column]}` is not a date", "write YYYY-MM-DD")
            return None

    def share(self, column: str) -> float:
        """The cell as a rate; an unknown rate is no rate, so an empty cell is a mistake."""
        try:
            value = float(self.cells[column])
        except ValueError:
            self.note(
                column, f"`{self.cells[column]}` is not a number", "write a share, 0.25 for 25 %"
            )
            return 0.0
        if not 0.0 <= value <= 4.0:
            self.note(column, f"{value:g} is outside 0..4", "write a share, 0.25 for 25 %")
        return value

    def provenance(self) -> Provenance:
        """Source, confidence and evidence of the line."""
        if not self.cells["source_url"].startswith(("http://", "https://")):
            self.note("source_url", "no source", "give the address of the page that says so")
        return Provenance(
            self.cells["source_url"],
            self.word("confidence", CONFIDENCES),
            self.word("evidence", EVIDENCES),
            self.cells["note"],
        )

    def range(self) -> tuple[float, float, float]:
        """Rate with its low and high bound, in order."""
        low, rate, high = (self.share(c) for c in ("low_share", "rate_share", "high_share"))
        if not low <= rate <= high:
            self.note("rate_share", f"{rate:g} is outside its range {low:g}..{high:g}")
        return rate, low, high


def _rows(path: Path, name: str, columns: tuple[str, ...], faults: list[Fault]) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        header = tuple(next(reader, ()))
        if header != columns:
            faults.append(
                Fault(name, "", "the header is not right", f"write {','.join(columns)}", 1)
            )
            return
        for cells in reader:
            if len(cells) == len(columns):
                yield Row(name, reader.line_num, dict(zip(columns, cells, strict=True)), faults)
            else:
                wrong = f"{len(cells)} cells where {len(columns)} belong"
                faults.append(
                    Fault(name, "", wrong, "quote cells that hold a comma", reader.line_num)
                )


def read_mfn(path: Path, name: str) -> tuple[tuple[BaseRate, ...], list[Fault]]:
    """MFN rates in file order; every importer and product must be covered from the first day on."""
    faults: list[Fault] = []
    rates: list[BaseRate] = []
    lines: dict[tuple[str, str], list[tuple[date, date, int]]] = {}
    for row in _rows(path, name, MFN_COLUMNS, faults):
        rate, low, high = row.range()
        found = BaseRate(
            row.word("importer", COUNTRIES), row.word("product", PRODUCTS),
            row.day("start") or SCHEDULE_START, row.day("end"), rate, low, high, row.provenance(),
        )  # fmt: skip
        rates.append(found)
        lines.setdefault((found.importer, found.product), []).append(
            (found.start, found.end or FOREVER, row.line)
        )
    faults += [fault for key in _lanes() for fault in _coverage(name, key, lines.get(key, []))]
    return tuple(rates), faults


def _lanes() -> Iterator[tuple[str, str]]:
    for importer in COUNTRIES:
        for product in PRODUCTS:
            yield importer, product


def _coverage(
    name: str, key: tuple[str, str], spells: list[tuple[date, date, int]]
) -> Iterator[Fault]:
    """A gap or an overlap in the days that one importer's rates for a product cover."""
    lane = f"{key[0]} {key[1]}"
    cure = "add a row; without a source, a declared estimate with a range"
    due = SCHEDULE_START
    for start, end, line in sorted(spells):
        if start > due:
            yield Fault(name, lane, f"no rate from {due}", cure, line)
        elif start < due:
            yield Fault(name, lane, f"two rates on {start}", "end the earlier one", line)
        if end == FOREVER:
            return
        due = date.fromordinal(end.toordinal() + 1)
    yield Fault(name, lane, f"no rate from {due}", cure)


def read_preferences(
    path: Path, name: str, agreements: Iterable[str]
) -> tuple[tuple[Preference, ...], list[Fault]]:
    """Preferential rates in file order; a later start on a lane ends the rate before it."""
    faults: list[Fault] = []
    known = tuple(agreements)
    preferences: list[Preference] = []
    for row in _rows(path, name, PREFERENCE_COLUMNS, faults):
        rate, low, high = row.range()
        found = Preference(
            row.word("agreement", known), row.word("importer", COUNTRIES),
            row.words("exporters", LAW_COUNTRIES), row.words("products", PRODUCTS),
            row.day("start") or SCHEDULE_START, row.day("end"), rate, low, high, row.provenance(),
        )  # fmt: skip
        if found.importer in found.exporters:
            row.note("exporters", f"`{found.importer}` is the importer itself", "leave it out")
        preferences.append(found)
    return tuple(preferences), faults
