"""Many questions from a CSV file: tools and materials, answered row by row into another file."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sim.errors import DataError, Fault, nearest
from sim.law.controls.files import read_rows
from sim.law.controls.law import ControlLaw, enacted
from sim.law.controls.lookup import faults_of, faults_of_material
from sim.law.controls.procedure import decide_material, decide_table
from sim.law.controls.query import MaterialQuery, Query
from sim.law.controls.switches import Switches

ANSWERS = ("us", "japan", "china", "reason")
"""Columns that are written; columns of these names in the input are replaced."""

TOOL_COLUMNS = ("tool_class", "us_content", "made", "shipped_from", "to", "customer", "on")
MATERIAL_COLUMNS = ("made", "shipped_from", "to", "on")

_YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_MILITARY = re.compile(r"(?<!non-)(?<!non )\b(military|defen[cs]e)\b", re.IGNORECASE)
_WAFER = re.compile(r"\b(200|300)[ -]?mm\b")
_DIRECT = re.compile(r"(?<!non-)(?<!no )(?<!not )(?<!not a )\bdirect product\b", re.IGNORECASE)
_TECHNOLOGY = re.compile(r"\btechnology\b", re.IGNORECASE)
_FORMS = r"(?=\s+(?:metal|oxide|compound|target|powder|ingot|magnet|item)s?\b)"


@dataclass(frozen=True, slots=True)
class Asked:
    """One row as a question on a day."""

    query: Query | MaterialQuery
    on: date


def decide_cases(
    source: Path,
    target: Path,
    switches: Switches | None = None,
    law: ControlLaw | None = None,
) -> int:
    """Answer every row of ``source`` into ``target``; the number of rows.

    A row with a ``tool_class`` asks about a tool: ``us_content, made, shipped_from, to, customer,
    on`` and, where they are there, ``owner, owner_share, node, wafer_mm, military, exporter_hq,
    direct_product, rare_earth_share``. A row with an ``item`` or a ``measure`` asks about a
    material: ``made, shipped_from, to, on`` and ``party, content_share, technology, military,
    owner, owner_share``. What a row leaves out is read from its ``text``: for a tool "200 mm" and
    "direct product", for a material the first percentage (the content), "technology", "military".

    Raises
    ------
    DataError
        For every wrong cell of every row, with its line.
    """
    law = law or enacted()
    rows = read_rows(source)
    asked = read_cases(rows, str(source), law)
    tools = [(row.query, row.on) for row in asked if isinstance(row.query, Query)]
    decided = iter(decide_table(tools, switches, law))
    answers: list[Mapping[str, str]] = []
    for row in asked:
        if isinstance(row.query, Query):
            answers.append(next(decided).as_dict())
        else:
            answers.append(decide_material(row.query, row.on, switches, law).as_dict())
    _write(target, rows, answers)
    return len(rows)


def read_cases(rows: Sequence[Mapping[str, str]], file: str, law: ControlLaw) -> list[Asked]:
    """Rows as questions.

    Raises
    ------
    DataError
        For every missing column and every wrong cell, with its line.
    """
    if not rows:
        raise DataError(Fault(file, "", "no rows", "the first line names the columns"))
    faults = list(_missing_columns(rows[0], file))
    if faults:
        raise DataError(faults)
    asked: list[Asked] = []
    for line, row in enumerate(rows, start=2):
        cells = _Cells(row, file, line, [])
        query = _tool(cells) if cells.text("tool_class") else _material(cells, law)
        on = cells.day("on")
        cells.faults.extend(_judged(law, query, file, line, cells.faults))
        faults += cells.faults
        if query is not None and on is not None:
            asked.append(Asked(query, on))
    if faults:
        raise DataError(faults)
    return asked


def _judged(
    law: ControlLaw, query: Query | MaterialQuery | None, file: str, line: int, known: list[Fault]
) -> list[Fault]:
    """What the law finds wrong with a query, without cells that are already known to be wrong."""
    if query is None:
        return []
    told = {fault.key for fault in known}
    if isinstance(query, Query):
        faults = faults_of(law, query, file, line)
    else:
        faults = faults_of_material(law, query, file, line)
    return [fault for fault in faults if fault.key not in told]


def _missing_columns(header: Mapping[str, str], file: str) -> Iterator[Fault]:
    tools, materials = "tool_class" in header, {"item", "measure"} & set(header)
    if not tools and not materials:
        cure = nearest("tool_class", header)
        yield Fault(file, "tool_class", "neither a tool nor a material column", cure, 1)
        return
    for name in TOOL_COLUMNS if tools else MATERIAL_COLUMNS:
        if name not in header:
            yield Fault(file, name, "no such column", f"the columns are {', '.join(header)}", 1)


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of one row, read by kind; what is wrong is collected."""

    row: Mapping[str, str]
    file: str
    line: int
    faults: list[Fault]

    def text(self, key: str) -> str:
        return self.row.get(key, "")

    def number(self, key: str) -> float | None:
        cell = self.text(key)
        if not cell:
            return None
        try:
            return float(cell)
        except ValueError:
            self.wrong(key, f"`{cell}` is no number", "5 % is 0.05")
            return None

    def whole(self, key: str) -> int | None:
        number = self.number(key)
        return None if number is None else int(number)

    def flag(self, key: str) -> bool | None:
        cell = self.text(key)
        if not cell:
            return None
        if cell.lower() not in _YES:
            self.wrong(key, f"`{cell}` is neither yes nor no")
            return None
        return _YES[cell.lower()]

    def day(self, key: str) -> date | None:
        cell = self.text(key)
        try:
            return date.fromisoformat(cell)
        except ValueError:
            self.wrong(key, f"`{cell}` is no date", "write it as 2025-02-15")
            return None

    def needed(self, key: str) -> float:
        number = self.number(key)
        if number is None and not self.text(key):
            self.wrong(key, "empty", "an unknown share cannot be decided on")
        return 0.0 if number is None else number

    def wrong(self, key: str, wrong: str, cure: str = "") -> None:
        self.faults.append(Fault(self.file, key, wrong, cure, self.line))


def _tool(cells: _Cells) -> Query:
    text, direct = cells.text("text"), cells.flag("direct_product")
    wafer = _WAFER.search(text)
    return Query(
        tool_class=cells.text("tool_class"),
        us_content=cells.needed("us_content"),
        made=cells.text("made"),
        shipped_from=cells.text("shipped_from"),
        to=cells.text("to"),
        customer=cells.text("customer"),
        owner=cells.text("owner") or None,
        owner_share=cells.number("owner_share"),
        node=cells.text("node") or None,
        wafer_mm=cells.whole("wafer_mm") or (int(wafer[1]) if wafer else None),
        direct_product=(True if _DIRECT.search(text) else None) if direct is None else direct,
        exporter_hq=cells.text("exporter_hq") or None,
        military=bool(cells.flag("military")),
        rare_earth_share=cells.number("rare_earth_share"),
    )


def _material(cells: _Cells, law: ControlLaw) -> MaterialQuery | None:
    item = cells.text("item") or _item_of(cells, law)
    if item is None:
        return None
    text, said = cells.text("text"), f"{cells.text('text')} {cells.text('party')}"
    content, percent = cells.number("content_share"), _PERCENT.search(text)
    if content is None and percent is not None:
        content = float(percent[1]) / 100.0
    technology, military = cells.flag("technology"), cells.flag("military")
    return MaterialQuery(
        item=item,
        made=cells.text("made"),
        shipped_from=cells.text("shipped_from"),
        to=cells.text("to"),
        party=cells.text("party"),
        content_share=content,
        technology=bool(_TECHNOLOGY.search(text)) if technology is None else technology,
        military=bool(_MILITARY.search(said)) if military is None else military,
        owner=cells.text("owner") or None,
        owner_share=cells.number("owner_share"),
    )


def _item_of(cells: _Cells, law: ControlLaw) -> str | None:
    """The material that a row's text names, else the one its measure stands for."""
    measure, text = cells.text("measure"), cells.text("text")
    known = {label: item.id for item in law.materials.values() for label in item.measures}
    if measure not in known:
        cells.faults.append(
            Fault(
                cells.file,
                "measure",
                f"no measure `{measure}`",
                nearest(measure, known),
                cells.line,
            )
        )
        return None
    for item in law.materials.values():
        words = [word for word in (item.id, *item.aliases) if re.search(_pattern(word), text)]
        if words and item.family == law.materials[known[measure]].family:
            return item.id
    return known[measure]


def _pattern(word: str) -> str:
    """A whole word; a chemical symbol only before a form, so that "In" is not read as indium."""
    if len(word) <= 2 or "/" in word:
        return rf"(?<![\w/]){re.escape(word)}{_FORMS}"
    return rf"(?i)\b{re.escape(word.replace('_', ' '))}\b"


def _write(
    target: Path, rows: Sequence[Mapping[str, str]], answers: Sequence[Mapping[str, str]]
) -> None:
    """Rows with their answers; the columns of the input first, in their order."""
    kept = [name for name in rows[0] if name not in ANSWERS]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*kept, *ANSWERS], restval="", extrasaction="ignore")
        writer.writeheader()
        for row, answer in zip(rows, answers, strict=True):
            writer.writerow({**{name: row[name] for name in kept}, **answer})
