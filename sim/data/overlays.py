"""Overlays: folders of tables whose rows add to the shipped ones or replace them by key.

A table of an overlay has the name and the columns of the shipped one. Its rows stand in the place
of shipped rows with the same key, others come after them; a later overlay goes over an earlier.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from sim.data.columns import Row, Spec
from sim.data.edition import tree_digest
from sim.data.reading import read_table
from sim.errors import Fault, nearest

Tables = dict[str, tuple[Row, ...]]


def lay_over(tables: Tables, folder: Path, specs: Sequence[Spec]) -> tuple[Tables, list[Fault]]:
    """Tables with the rows of one overlay, and everything that is wrong with its files."""
    files, faults = _files(folder, specs)
    laid = dict(tables)
    for spec in specs:
        if spec.name in files:
            rows, wrong = read_table(files[spec.name], spec)
            faults += wrong
            laid[spec.name] = _merged(tables[spec.name], rows, spec.key)
    return laid, faults


def tables_of(folder: Path) -> Path:
    """Where an overlay's tables lie: in the folder itself, or in its ``world`` where it has one."""
    inner = folder / "world"
    return inner if inner.is_dir() else folder


def overlay_digest(folder: Path) -> str:
    """SHA-256 over names and contents of an overlay's tables, wherever the folder lies."""
    place = tables_of(folder)
    return tree_digest(place, place.glob("*.csv"))


def _files(folder: Path, specs: Iterable[Spec]) -> tuple[dict[str, Path], list[Fault]]:
    """Table name -> file of every known table in the folder; unknown ones are faults."""
    known = [spec.name for spec in specs]
    place = tables_of(folder)
    if not place.is_dir():
        return {}, [Fault(str(folder), "data", "no such folder", "give a folder of tables")]
    found = {path.stem: path for path in sorted(place.glob("*.csv"))}
    faults = [
        Fault(str(path), "", "is no table of the world", nearest(name, known))
        for name, path in found.items()
        if name not in known
    ]
    if not found:
        cure = "put tables there, such as firms.csv"
        faults.append(Fault(str(folder), "data", "holds no table", cure))
    return {name: path for name, path in found.items() if name in known}, faults


def _merged(rows: Iterable[Row], more: Iterable[Row], key: tuple[str, ...]) -> tuple[Row, ...]:
    by_key = {tuple(row.values[name] for name in key): row for row in rows}
    by_key |= {tuple(row.values[name] for name in key): row for row in more}
    return tuple(by_key.values())
