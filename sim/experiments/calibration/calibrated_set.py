"""What calibration leaves behind: the calibrated set, and which rows feel which parameter."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.experiments.calibration.search import Answer
from sim.results.run_folder.files import write_whole

SOURCE = "declared"
SET_COLUMNS = (
    "parameter",
    "scope",
    "value",
    "rows",
    "source_url",
    "note",
    "confidence",
    "evidence",
)
FELT_COLUMNS = ("stage", "dial", "row", "move")


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
    kept = [row for row in _read(set_path) if row["note"].removeprefix("stage ") not in stages]
    _write(set_path, SET_COLUMNS, [*kept, *calibrated_rows(answers)])
    felt = [row for row in _read(felt_path) if row["stage"] not in stages]
    _write(felt_path, FELT_COLUMNS, [*felt, *_felt_rows(answers)])


def calibrated_rows(answers: Iterable[Answer]) -> list[dict[str, str]]:
    """Rows of ``calibrated.csv``: a dial that no row identifies stays where it was declared."""
    rows = []
    for answer in answers:
        for one in answer.dials:
            felt = answer.rows_of(one.name)
            if answer.best[one.name] == one.start:
                continue
            for (name, scope), value in one.values(answer.best[one.name]).items():
                rows.append({
                    "parameter": name, "scope": scope, "value": f"{value:.4g}",
                    "rows": " ".join(felt), "source_url": SOURCE,
                    "note": f"stage {answer.stage.name}",
                    "confidence": "medium", "evidence": "derived",
                })  # fmt: skip
    return rows


def _felt_rows(answers: Iterable[Answer]) -> list[dict[str, str]]:
    return [
        {"stage": answer.stage.name, "dial": dial, "row": row, "move": f"{move:.3f}"}
        for answer in answers
        for (dial, row), move in answer.sensitivity.items()
    ]


def read_felt(path: Path) -> list[Felt]:
    """Rows of ``sensitivity.csv``; none when calibration has not been run."""
    return [Felt(row["stage"], row["dial"], row["row"], float(row["move"])) for row in _read(path)]


def _read(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write a table, whole or not at all."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_whole(path, lambda file: file.write(text.getvalue().encode()))
