"""Reading the files of export control: entries of several folders by their key, into models."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from sim.data.columns import Field as Column
from sim.data.columns import Spec
from sim.data.document import Document, read
from sim.data.key_paths import KeyPath, dotted
from sim.data.reading import load_table, read_table
from sim.errors import Fault, InputError, LawError
from sim.law.files import shown, standing


class Frozen(BaseModel):
    """Base of every data model here: nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


Model = TypeVar("Model", bound=BaseModel)


def read_yaml(path: Path) -> Any:
    """Plain data of a YAML 1.2 file.

    Raises
    ------
    LawError
        When the file is missing or is not YAML; with line and column.
    """
    return read(path, shown(path), holds="any", error=LawError).data


def read_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file with any columns, each cell stripped.

    Raises
    ------
    DataError
        When the file is missing, is not UTF-8 text, or a row has too many or too few cells.
    """
    rows = load_table(path, Spec(path.stem, (), others=True, may_be_empty=True))
    return [{name: row.text(name) for name in row.values} for row in rows]


@dataclass(frozen=True)
class Placed:
    """One entry of a file: its key in words, its data, and how a fault in it is told."""

    name: str
    data: Mapping[str, Any]
    file: str
    fault: Callable[[KeyPath, str, str], Fault] = field(repr=False)


@dataclass
class Reading:
    """The files of some folders while they are read; every fault of every file is remembered.

    A later folder's entry stands in the place of the one of the same key.
    """

    folders: Sequence[Path]
    faults: list[Fault] = field(default_factory=list)
    _placed: dict[str, Placed] = field(default_factory=dict)

    def rows(self, model: type[Model], name: str, *key: str) -> list[Model]:
        """Rows of a CSV as models; the values of ``key`` together are unique."""
        columns = tuple(Column(column, required=False) for column in key)
        spec = Spec(name, columns, key=key, others=True, may_be_empty=True)
        entries: dict[str, Placed] = {}
        for path in standing(self.folders, name):
            rows, wrong = read_table(path, spec, shown(path))
            self.faults += wrong
            for row in rows:
                cells = {column: row.text(column) for column in row.values}
                known = " ".join(cells[column] for column in key if cells[column])
                entries[known] = Placed(known, cells, row.file, _in_row(known, row.file, row.line))
        return self._models(model, entries)

    def listed(self, model: type[Model], names: Iterable[str]) -> list[Model]:
        """Entries of YAML lists, each with an ``id`` that is unique over all the files."""
        entries: dict[str, Placed] = {}
        for folder in self.folders:
            own: dict[str, Placed] = {}
            for path in [path for name in names for path in standing([folder], name)]:
                document = self._document(path, "list")
                for index, data in enumerate(document.data if document else ()):
                    placed = _in_document(document, (index,), _id_of(data, index), data)
                    if placed.name in own:
                        taken = f"`{placed.name}` is also in {own[placed.name].file}"
                        self.faults.append(placed.fault(("id",), taken, "give it another id"))
                    own[placed.name] = placed
            entries |= own
        return self._models(model, entries)

    def named(self, model: type[Model], name: str, identity: str) -> list[Model]:
        """Entries of a YAML mapping; the key is the model's ``identity``."""
        entries: dict[str, Placed] = {}
        for path in standing(self.folders, name):
            document = self._document(path, "keys")
            for key, data in (document.data if document else {}).items():
                whole = {identity: key, **data} if isinstance(data, dict) else data
                entries[key] = _in_document(document, (key,), key, whole)
        return self._models(model, entries)

    def note(self, name: str, key: KeyPath, wrong: str, cure: str = "") -> None:
        """Remember what is wrong with the entry of that name."""
        self.faults.append(self._placed[name].fault(key, wrong, cure))

    def _document(self, path: Path, holds: Any) -> Document | None:
        try:
            document = read(path, shown(path), holds=holds, error=LawError)
        except InputError as error:
            self.faults += error.faults
            return None
        self.faults += document.faults
        return document

    def _models(self, model: type[Model], entries: Mapping[str, Placed]) -> list[Model]:
        self._placed |= entries
        made: list[Model] = []
        for placed in entries.values():
            try:
                made.append(model.model_validate(placed.data))
            except ValidationError as error:
                self.faults += [placed.fault(e["loc"], e["msg"], "") for e in error.errors()]
        return made


def _id_of(data: Any, index: int) -> str:
    return str(data.get("id", index)) if isinstance(data, dict) else str(index)


def _in_row(name: str, file: str, line: int) -> Callable[[KeyPath, str, str], Fault]:
    return lambda path, wrong, cure: Fault(file, f"{name}.{dotted(path)}", wrong, cure, line)


def _in_document(document: Document | None, root: KeyPath, name: str, data: Any) -> Placed:
    if document is None:
        raise ValueError("there is no document")
    file = document.file

    def fault(path: KeyPath, wrong: str, cure: str) -> Fault:
        return Fault(file, dotted((name, *path)), wrong, cure, *document.place((*root, *path)))

    return Placed(name, data, file, fault)


def models(model: type[Model], name: str, entries: Sequence[Mapping[str, Any]]) -> list[Model]:
    """``entries`` that stand in no file of their own as models; every wrong key at once.

    Raises
    ------
    LawError
        With ``name``, the entry's id and key, and what is wrong with it.
    """
    made: list[Model] = []
    faults: list[Fault] = []
    for entry in entries:
        first = str(entry.get("id") or entry.get("party") or entry.get("name") or "entry")
        try:
            made.append(model.model_validate(entry))
        except ValidationError as error:
            faults += [Fault(name, dotted((first, *e["loc"])), e["msg"]) for e in error.errors()]
    if faults:
        raise LawError(faults)
    return made


def load_model(model: type[Model], path: Path) -> Model:
    """The model that a YAML file holds.

    Raises
    ------
    LawError
        With every wrong key of the file and its place.
    """
    document = read(path, shown(path), error=LawError)
    faults = list(document.faults)
    try:
        made = model.model_validate(document.data)
    except ValidationError as error:
        faults += [document.fault(e["loc"], e["msg"]) for e in error.errors()]
    if faults:
        raise LawError(faults)
    return made
