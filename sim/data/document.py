"""A YAML 1.2 document that remembers where each key and value stands: the one reader of YAML.

::

    document = read(path)  # a mistake of the file itself is raised
    document.data, document.texts  # plain data; every scalar as its text
    document.faults  # every repeated key
    document.fault(("reforms", 0, "rate"), "must be a number")  # a fault with its place
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from sim.data.key_paths import KeyPath, dotted
from sim.data.nodes import Keys, Listing, Node, Place, WrongYamlError, compose, plain_data, steps
from sim.data.text_files import read_text
from sim.errors import ConfigError, DataError, Fault, InputError

if TYPE_CHECKING:
    from ruamel.yaml.error import StringMark

MOST_BYTES = 4_000_000
"""A file of rules or settings that is larger is none."""

Holds = Literal["keys", "list", "any"]


@dataclass(frozen=True)
class Document:
    """Plain data of one YAML file, the place of every key in it, and its repeated keys."""

    file: str
    root: Node = field(repr=False)
    faults: tuple[Fault, ...] = ()

    @cached_property
    def data(self) -> Any:
        """Dictionaries, lists and scalars under the YAML 1.2 core schema."""
        return plain_data(self.root)

    @cached_property
    def texts(self) -> Any:
        """The same with every scalar as its text, for readers that judge each word themselves."""
        return plain_data(self.root, texts=True)

    def place(self, path: KeyPath) -> Place:
        """Line and column of ``path``, or of its nearest ancestor that stands in the file."""
        place = (1, 1)
        for place in steps(self.root, path):  # noqa: B007  (the last one that is there)
            pass
        return place

    def fault(self, path: KeyPath, wrong: str, cure: str = "") -> Fault:
        r"""A :class:`Fault` at ``path``, or at its nearest ancestor that stands in the file.

        >>> print(parse("seed: x\n", "a.yaml").fault(("seed",), "not a number"))
        a.yaml:1:1: seed: not a number
        """
        return Fault(self.file, dotted(path), wrong, cure, *self.place(path))


def read(
    path: Path, name: str = "", *, holds: Holds = "keys", error: type[InputError] = ConfigError
) -> Document:
    """Parse the file at ``path``; ``name`` is how messages call it.

    Raises
    ------
    InputError
        Of the kind ``error``: the file cannot be read, is too large, not UTF-8 or not YAML, or its
        root is not what it ``holds``.
    """
    try:
        text = read_text(path, name, most_bytes=MOST_BYTES)
    except DataError as wrong:
        raise error(wrong.faults) from wrong
    return parse(text, name or str(path), holds=holds, error=error)


def parse(
    text: str, file: str, *, holds: Holds = "keys", error: type[InputError] = ConfigError
) -> Document:
    r"""Parse ``text``; ``file`` names it in errors.

    >>> parse("start: 2017-01\ncountry: NO\n", "a.yaml").data
    {'start': '2017-01', 'country': 'NO'}

    Raises
    ------
    InputError
        Of the kind ``error``: ``text`` is not YAML or its root is not what it ``holds``.
    """
    try:
        root, repeated = compose(text)
    except MarkedYAMLError as wrong:
        raise error(_syntax_fault(wrong, file, text)) from wrong
    except YAMLError as wrong:
        raise error(_sign_fault(wrong, file, text)) from wrong
    except WrongYamlError as wrong:
        raise error(_fault(wrong, file)) from wrong
    if root is None:
        cure = "write `key: value` lines"
        raise error(Fault(file, "", "the file is empty", cure, 1, 1))
    _refuse_root(root, file, holds, error)
    return Document(file, root, tuple(_fault(wrong, file) for wrong in repeated))


def _refuse_root(root: Node, file: str, holds: Holds, error: type[InputError]) -> None:
    if holds == "keys" and not isinstance(root, Keys):
        cure = "write `key: value` lines"
        raise error(Fault(file, "", "the file holds no keys", cure, *root.place))
    if holds == "list" and not isinstance(root, Listing):
        cure = "begin each entry with `- `"
        raise error(Fault(file, "", "the file holds no list", cure, *root.place))


def _fault(wrong: WrongYamlError, file: str) -> Fault:
    return Fault(file, dotted(wrong.path), wrong.wrong, wrong.cure, *wrong.place)


def _sign_fault(error: YAMLError, file: str, text: str) -> Fault:
    """A sign that no YAML may hold (the parser tells it without a line)."""
    at = getattr(error, "position", None)
    if not isinstance(at, int):
        return Fault(file, "", f"not YAML: {str(error).strip().splitlines()[0]}", "", 1, 1)
    before = text[:at].split("\n")
    wrong = f"the sign U+{ord(text[at]):04X}, which YAML does not allow"
    return Fault(file, "", wrong, "take it out", len(before), len(before[-1]) + 1)


def _syntax_fault(error: MarkedYAMLError, file: str, text: str) -> Fault:
    problem, context = str(error.problem or ""), str(error.context or "")
    unclosed = "end of stream" in problem or "stream end" in problem
    mark: StringMark | None = error.context_mark if unclosed else error.problem_mark
    place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    wrong, cure = f"not YAML: {problem or context}", ""
    if unclosed:
        wrong, cure = "a quote or bracket is never closed", "close it"
    for sign, words in _SYNTAX.items():
        if sign in problem:
            wrong, cure = words
    lines = text.splitlines()
    shown = f" in `{lines[place[0] - 1].strip()[:60]}`" if place[0] <= len(lines) else ""
    return Fault(file, "", f"{wrong}{shown}", cure, *place)


_SYNTAX = {
    "'\\t'": ("a tab", "indent with spaces"),
    "mapping values are not allowed": ("a second `:` in one line", "put the text in quotes"),
}
