"""The world's tables as one checked whole: a fault in any of them stops the load, all together.

>>> load_dataset()["firms"][0].text("id")
'toyota'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from sim.data.columns import Row, Spec
from sim.data.meaning.every import meaning_faults
from sim.data.overlays import lay_over, tables_of
from sim.data.reading import read_table
from sim.data.schema import TABLES
from sim.errors import DataError, Fault, nearest


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Rows of every table by its name, the folder they came from and what was laid over it."""

    folder: Path
    tables: Mapping[str, tuple[Row, ...]]
    overlays: tuple[Path, ...] = ()

    def __getitem__(self, name: str) -> tuple[Row, ...]:
        return self.tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables)

    def where(self, name: str, **wanted: str) -> Iterator[Row]:
        """Rows of a table whose cells have the wanted texts."""
        for row in self.tables[name]:
            if all(row.text(column) == value for column, value in wanted.items()):
                yield row

    def path(self, name: str) -> Path:
        """File of a table."""
        return table_path(self.folder, name)


def packaged_folder() -> Path:
    """Folder of the tables that come with the package."""
    return Path(str(files("sim.data") / "world"))


def table_path(folder: Path, name: str) -> Path:
    """File of one table."""
    return folder / f"{name}.csv"


def read_dataset(
    folder: Path | None = None, overlays: Sequence[Path] = ()
) -> tuple[Dataset, list[Fault]]:
    """Every table under ``folder`` with its overlays, and every fault of cells, references, rows.

    What rows mean together is judged once every cell can be read.
    """
    place = packaged_folder() if folder is None else folder
    tables: dict[str, tuple[Row, ...]] = {}
    faults: list[Fault] = []
    for spec in TABLES:
        tables[spec.name], wrong = read_table(table_path(place, spec.name), spec)
        faults += wrong
    for overlay in overlays:
        tables, wrong = lay_over(tables, overlay, TABLES)
        faults += wrong
    dataset = Dataset(place, tables, tuple(overlays))
    sound = not faults
    whole = {spec.name for spec in TABLES} - {Path(fault.file).stem for fault in faults}
    faults += _dangling(dataset, TABLES, whole)
    if sound:
        faults += meaning_faults(place, tables)
    return dataset, faults


def load_dataset(folder: Path | None = None, overlays: Sequence[Path | str] = ()) -> Dataset:
    """Checked tables of the world; rows of ``overlays`` add to them or replace them by key.

    Raises
    ------
    DataError
        Every fault of every table at once, each with file, line, column and cure.
    """
    place = packaged_folder() if folder is None else Path(folder).resolve()
    over = tuple(Path(one).resolve() for one in overlays)
    return _load(place, over, folder_stamp(place, *over))


def folder_stamp(*folders: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, size and time of every table under ``folders``: it changes when a table does."""
    return tuple(
        (path.name, path.stat().st_size, path.stat().st_mtime_ns)
        for folder in folders
        for path in sorted(tables_of(folder).glob("*.csv"))
    )


@lru_cache(maxsize=4)
def _load(
    folder: Path, overlays: tuple[Path, ...], stamp: tuple[tuple[str, int, int], ...]
) -> Dataset:
    del stamp  # part of the key only: an edited table is read again
    dataset, faults = read_dataset(folder, overlays)
    if faults:
        raise DataError(faults)
    return dataset


def _dangling(dataset: Dataset, specs: Iterable[Spec], whole: set[str]) -> Iterator[Fault]:
    """Cells that refer to an id that its table does not hold (only tables read without fault)."""
    for spec in specs:
        for field in spec.fields:
            table, _, column = field.refers.partition(".")
            if not table or table not in whole:
                continue
            known = [row.text(column) for row in dataset[table]]
            held = set(known)
            for row in dataset[spec.name]:
                value = row.text(field.name)
                if value and value not in held:
                    wrong = f"`{value}` is not in {table}.csv"
                    yield Fault(row.file, field.name, wrong, nearest(value, known), row.line)
