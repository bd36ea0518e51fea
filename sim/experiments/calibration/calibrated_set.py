"""What calibration leaves behind: the calibrated set, and which rows feel which parameter."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sim.data.columns import Field, Row, Spec, Value
from sim.data.reading import load_table
from sim.data.schema import CALIBRATED
from sim.experiments.calibration.search import Answer
from sim.results.run_folder.files import write_whole

SOURCE = "declared"
SET_COLUMNS = tuple(field.name for field in CALIBRATED.fields)
FELT_COLUMNS = ("stage", "dial", "row", "move")
_SET = replace(CALIBRATED, key=(), may_be_empty=True)
_FELT = Spec(
    "sensitivity",
    (Field("stage"), Field("dial"), Field("row"), Field("move", "number")),
    ("stage", "dial", "row"),
    may_be_empty=True,
)


@dataclass(frozen=True, slots=True)
class Felt:
    """How far a row moves over a dial's whole range, in widths of the row's band."""

    stage: str
    dial: str
    row: str
    move: float


def save(answers: Sequence[Answer], set_path: Path, felt_path: Path) -> None:
    """Write both files; rows of stages that were not run stay as they are."""
    stages = {answer.stage.name for answer in answers}
    kept = [
        row
        for row in _read(set_path, _SET)
        if row.text("note").removeprefix("stage ") not in stages
    ]
    _write(set_path, SET_COLUMNS, [*map(_cells, kept), *calibrated_rows(answers)])
    felt = [row for row in read_felt(felt_path) if row.stage not in stages]
    felt += [
        Felt(answer.stage.name, dial, row, move)
        for answer in answers
        for (dial, row), move in answer.sensitivity.items()
    ]
    _write(felt_path, FELT_COLUMNS, [asdict(one) | {"move": f"{one.move:.3f}"} for one in felt])


def calibrated_rows(answers: Iterable[Answer]) -> list[dict[str, str]]:
    """Rows of ``calibrated.csv``: a dial that no row identifies stays where it was declared."""
    rows = []
    for answer in answers:
        for one in answer.dials:
            felt = answer.rows_of(one.name)
            if answer.best[one.name] == one.start:
                continue
            for (name, scope), value in one.values(answer.best[one.name]).items():
                rows.append(
                    {
                        "parameter": name,
                        "scope": scope,
                        "value": f"{value:.4g}",
                        "rows": " ".join(felt),
                        "source_url": SOURCE,
                        "note": f"stage {answer.stage.name}",
                        "confidence": "medium",
                        "evidence": "derived",
                    }
                )
    return rows


def read_felt(path: Path) -> list[Felt]:
    """Rows of ``sensitivity.csv``; none when calibration has not been run."""
    return [
        Felt(row.text("stage"), row.text("dial"), row.text("row"), row.number("move"))
        for row in _read(path, _FELT)
    ]


def _read(path: Path, spec: Spec) -> tuple[Row, ...]:
    return load_table(path, spec) if path.is_file() else ()


def _cells(row: Row) -> dict[str, str]:
    return {name: _cell(value) for name, value in row.values.items()}


def _cell(value: Value) -> str:
    """A cell as it is written; a number keeps the digits that tell it apart."""
    if isinstance(value, float):
        return f"{value:.12g}"
    return "" if value is None else str(value)


def _write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write a table, whole or not at all."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_whole(path, lambda file: file.write(text.getvalue().encode()))
