"""A page of law read word by word: every mistake is noted with its place, none stops the rest.

Scalars arrive as text, so that a wrong date or number is told in this project's words.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from sim.data import scalars
from sim.data.document import Document, parse, read
from sim.data.key_paths import KeyPath
from sim.data.scalars import WrongTextError
from sim.errors import Fault, InputError, nearest


class Page:
    """One YAML file as a tree of text, with the faults found so far."""

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self.name = name
        self.faults: list[Fault] = []
        self.document = self._read()
        self.root = Entry(self, (), self.document.texts)

    def note(self, where: KeyPath, wrong: str, cure: str = "") -> None:
        """Remember a mistake at a place of the tree."""
        self.faults.append(self.document.fault(where, wrong, cure))

    @property
    def clean(self) -> bool:
        """Whether nothing was wrong so far."""
        return not self.faults

    def all_faults(self) -> list[Fault]:
        """Every mistake, each with its line and column."""
        return list(self.faults)

    def _read(self) -> Document:
        """The file; an empty page where it cannot be read."""
        try:
            document = read(self.path, self.name)
        except InputError as error:
            self.faults += error.faults
            return parse("{}", self.name)
        self.faults += document.faults
        return document


class Entry:
    """A place in a page: reads itself as text, number, date or list and notes what is wrong."""

    def __init__(self, page: Page, where: KeyPath, data: Any) -> None:
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
            return scalars.number(str(self.data), low, high)
        except WrongTextError as error:
            self.note(error.wrong, f"write {unit}")
            return low

    def day(self) -> date:
        """This scalar as an ISO date."""
        try:
            return scalars.day(str(self.data))
        except WrongTextError as error:
            self.note(error.wrong, error.cure)
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
