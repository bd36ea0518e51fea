"""Reading the data files of export control: text in, plain rows out, faults with their line."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

from sim.errors import DataError, Fault, LawError

FOLDER = Path(str(files("sim") / "data" / "law" / "controls"))
"""Where rules, listings, customers, groups, items and switches lie."""

Model = TypeVar("Model", bound=BaseModel)


def read_yaml(name: str | Path) -> Any:
    """Plain data of a YAML 1.2 file, by its name in the data folder or by its path.

    Raises
    ------
    LawError
        When the file is missing or is not YAML; with line and column.
    """
    path = FOLDER / name
    try:
        return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise LawError(Fault(str(path), "", "no such file")) from error
    except MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
        wrong = error.problem or "not YAML"
        raise LawError(Fault(str(path), "", wrong, "", line, column)) from error


def read_rows(name: str | Path) -> list[dict[str, str]]:
    """Rows of a CSV file, each cell stripped, by its name in the data folder or by its path.

    Raises
    ------
    DataError
        When the file is missing, is not UTF-8 text, or a row has too many or too few cells.
    """
    path = FOLDER / name
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except FileNotFoundError as error:
        raise DataError(Fault(str(path), "", "no such file")) from error
    except UnicodeDecodeError as error:
        raise DataError(Fault(str(path), "", "not UTF-8 text", "save it as UTF-8")) from error
    faults = [
        Fault(str(path), "", "the row has another number of cells than the header", "", line)
        for line, row in enumerate(rows, start=2)
        if None in row or None in row.values()
    ]
    if faults:
        raise DataError(faults)
    return [{key.strip(): cell.strip() for key, cell in row.items()} for row in rows]


def models(model: type[Model], name: str, entries: Sequence[Mapping[str, Any]]) -> list[Model]:
    """``entries`` of the file ``name`` as models; every wrong key of every entry at once.

    Raises
    ------
    LawError
        With the entry's id and key, what is wrong with it, and its line where the file has one.
    """
    made: list[Model] = []
    faults: list[Fault] = []
    for index, entry in enumerate(entries):
        try:
            made.append(model.model_validate(entry))
        except ValidationError as error:
            faults += _faults(error, name, index, entry)
    if faults:
        raise LawError(faults)
    return made


def _faults(error: ValidationError, name: str, index: int, entry: Mapping[str, Any]) -> list[Fault]:
    """The faults of one entry, keyed by its id and the way to the value."""
    first = str(entry.get("id") or entry.get("party") or entry.get("name") or "entry")
    root = _placed(name, index, first)
    return [
        Fault(
            name, ".".join([first, *map(str, e["loc"])]), e["msg"], "", _line(root, e["loc"], index)
        )
        for e in error.errors()
    ]


def _placed(name: str, index: int, first: str) -> Any:
    """The entry of a YAML file with its places, None for a CSV or text that is no file."""
    path = FOLDER / name
    if path.suffix not in {".yaml", ".yml"} or not path.is_file():
        return None
    root = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    return root[index] if isinstance(root, list) else root.get(first, root)


def _line(node: Any, way: Sequence[int | str], index: int) -> int | None:
    """Line of the deepest key of ``way`` that stands in the file; for a CSV, of the row."""
    if node is None:
        return index + 2
    line: int = node.lc.line + 1
    for part in way:
        if isinstance(node, CommentedMap) and part in node:
            line = node.lc.key(part)[0] + 1
        elif isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
            line = node.lc.item(part)[0] + 1
        else:
            continue  # the name of a kind of change, or a key that is missing
        node = node[part]
    return line
