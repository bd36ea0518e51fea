"""Reading a YAML page of law: every mistake is noted with file, line and key, none stops the rest.

Scalars arrive as text, so that a wrong date or number is this module's message and not a
traceback from the parser. Lines are looked up only when there is something to complain about.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from sim.errors import Fault, nearest

Where = tuple[str | int, ...]


class Page:
    """One YAML file as a tree of text, with the faults found so far."""

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self.name = name
        self.faults: list[Fault] = []
        self._noted: list[tuple[Where, str, str]] = []
        self.text = path.read_text(encoding="utf-8")
        self.root = Entry(self, (), self._parse())

    def note(self, where: Where, wrong: str, cure: str = "") -> None:
        """Remember a mistake at a place of the tree."""
        self._noted.append((where, wrong, cure))

    @property
    def clean(self) -> bool:
        """Whether nothing was wrong so far."""
        return not self.faults and not self._noted

    def all_faults(self) -> list[Fault]:
        """Every mistake, each with its line and column."""
        if not self._noted:
            return self.faults
        marks = _marks(self.text)
        return self.faults + [
            Fault(self.name, _dotted(where), wrong, cure, *_nearest_mark(marks, where))
            for where, wrong, cure in self._noted
        ]

    def _parse(self) -> Any:
        for number, line in enumerate(self.text.splitlines(), 1):
            if "\t" in line[: len(line) - len(line.lstrip())]:
                self.faults.append(
                    Fault(self.name, "", "a tab stands in the indent", "use spaces", number, 1)
                )
        if self.faults:
            return {}
        try:
            return YAML(typ="base", pure=True).load(self.text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = (mark.line + 1, mark.column + 1) if mark else (None, None)
            wrong = str(error.problem or error.context or "not YAML").strip()
            self.faults.append(Fault(self.name, "", wrong, "mend the YAML here", *place))
            return {}


class Entry:
    """A place in a page: reads itself as text, number, date or list and notes what is wrong."""

    def __init__(self, page: Page, where: Where, data: Any) -> None:
        self.page = page
        self.where = where
        self.data = data

    def note(self, wrong: str, cure: str = "") -> None:
        """Remember a mistake at this place."""
        self.page.note(self.where, wrong, cure)

    def keys(self, required: Iterable[str], optional: Iterable[str] = ()) -> bool:
        """Note unknown and missing keys; False when this is not a mapping."""
        if not isinstance(self.data, dict):
            self.note("must be a mapping", "write `key: value` lines below it")
            return False
        required = tuple(required)
        known = (*required, *optional)
        for key in self.data:
            if key not in known:
                self.page.note((*self.where, key), "unknown key", nearest(key, known))
        for key in required:
            if key not in self.data or self.data[key] in ("", None):
                self.note(f"`{key}` is missing", f"add `{key}:`")
        return True

    def get(self, key: str) -> Entry | None:
        """The entry below ``key``; None when it is absent or empty."""
        if not isinstance(self.data, dict) or self.data.get(key) in ("", None):
            return None
        return Entry(self.page, (*self.where, key), self.data[key])

    def items(self) -> list[tuple[str, Entry]]:
        """Key and entry pairs of a mapping."""
        if not isinstance(self.data, dict):
            self.note("must be a mapping")
            return []
        return [(key, Entry(self.page, (*self.where, key), v)) for key, v in self.data.items()]

    def list(self) -> list[Entry]:
        """Entries of a sequence; a single scalar counts as a list of one."""
        data = self.data if isinstance(self.data, list) else [self.data]
        return [Entry(self.page, (*self.where, index), item) for index, item in enumerate(data)]

    def text(self) -> str:
        """This scalar as text."""
        if isinstance(self.data, str):
            return " ".join(self.data.split())
        self.note("must be text")
        return ""

    def number(self, low: float, high: float, unit: str) -> float:
        """This scalar as a number within ``low``..``high``."""
        try:
            value = float(self.data)
        except (TypeError, ValueError):
            self.note(f"`{self.data}` is not a number", f"write {unit}")
            return low
        if not low <= value <= high:
            self.note(f"{value:g} is outside {low:g}..{high:g}", f"write {unit}")
            return low
        return value

    def day(self) -> date:
        """This scalar as an ISO date."""
        try:
            return date.fromisoformat(str(self.data))
        except ValueError:
            self.note(f"`{self.data}` is not a date", "write YYYY-MM-DD")
            return date.min

    def flag(self) -> bool:
        """This scalar as true or false."""
        if self.data in ("true", "false"):
            return bool(self.data == "true")
        self.note(f"`{self.data}` is neither true nor false", "write true or false")
        return False

    def word(self, known: Iterable[str]) -> str:
        """This scalar as one of the known words."""
        known = tuple(known)
        word = self.text()
        if word and word not in known:
            self.note(f"`{word}` is unknown", nearest(word, known))
        return word

    def words(self, known: Iterable[str]) -> tuple[str, ...]:
        """This sequence (or single scalar) as known words."""
        known = tuple(known)
        return tuple(entry.word(known) for entry in self.list())


def _dotted(where: Where) -> str:
    return ".".join(str(part) for part in where)


def _marks(text: str) -> dict[Where, tuple[int, int]]:
    """Line and column of every key and item of the document; empty when it cannot be composed."""
    marks: dict[Where, tuple[int, int]] = {}
    try:
        root = YAML(pure=True).compose(text)
    except MarkedYAMLError:
        return marks
    if root is not None:
        _walk(root, (), marks)
    return marks


def _walk(node: Node, where: Where, marks: dict[Where, tuple[int, int]]) -> None:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            place = (*where, key.value)
            marks[place] = (key.start_mark.line + 1, key.start_mark.column + 1)
            _walk(value, place, marks)
    elif isinstance(node, SequenceNode):
        for index, value in enumerate(node.value):
            place = (*where, index)
            marks[place] = (value.start_mark.line + 1, value.start_mark.column + 1)
            _walk(value, place, marks)


def _nearest_mark(
    marks: dict[Where, tuple[int, int]], where: Where
) -> tuple[int | None, int | None]:
    for size in range(len(where), 0, -1):
        if where[:size] in marks:
            return marks[where[:size]]
    return (1, 1) if marks else (None, None)
