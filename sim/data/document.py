"""A YAML 1.2 document that remembers where each key and value stands.

Scalars follow the YAML 1.2 core schema (``NO`` and ``on`` are words, ``1e-3`` is a number); dates
stay text, so that the schema, which knows which key they belong to, judges them. Every repeated
key is found, not only the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from sim.errors import ConfigError, Fault, nearest

if TYPE_CHECKING:
    from ruamel.yaml.error import StringMark

KeyPath = tuple[str | int, ...]
"""Way from the root of a document to a value: keys of mappings and indices of lists."""

Place = tuple[int, int]
"""Line and column of a character, both counted from 1."""

_TAG = "tag:yaml.org,2002:"
_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True)
class Document:
    """Plain data of one YAML file and the place of every key in it."""

    file: str
    data: Mapping[str, object]
    places: Mapping[KeyPath, Place] = field(repr=False)
    faults: tuple[Fault, ...] = ()

    def fault(self, path: KeyPath, wrong: str, cure: str = "") -> Fault:
        r"""A :class:`Fault` at ``path``, or at its nearest ancestor that stands in the file.

        >>> print(parse("seed: x\n", "a.yaml").fault(("seed",), "not a number"))
        a.yaml:1:1: seed: not a number
        """
        ancestors = (path[:length] for length in range(len(path), 0, -1))
        line, column = next((self.places[p] for p in ancestors if p in self.places), (1, 1))
        return Fault(self.file, dotted(path), wrong, cure, line, column)


def dotted(path: KeyPath) -> str:
    """A path as text.

    >>> dotted(("policies", "as_enacted", "reforms", 0, "from"))
    'policies.as_enacted.reforms[0].from'
    """
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def read(path: Path) -> Document:
    """Parse the file at ``path``.

    Raises
    ------
    ConfigError
        When the file cannot be read, is not UTF-8 YAML, or holds no mapping.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigError(Fault(str(path), "", "no such file", _beside(path))) from error
    except UnicodeDecodeError as error:
        raise ConfigError(Fault(str(path), "", "not UTF-8 text", "save it as UTF-8")) from error
    except OSError as error:
        raise ConfigError(Fault(str(path), "", error.strerror or str(error))) from error
    return parse(text, str(path))


def parse(text: str, file: str) -> Document:
    r"""Parse ``text``; ``file`` names it in errors.

    >>> parse("start: 2017-01\ncountry: NO\n", "a.yaml").data
    {'start': '2017-01', 'country': 'NO'}

    Raises
    ------
    ConfigError
        When ``text`` is not YAML or its root is not a mapping.
    """
    try:
        root = YAML(typ="rt", pure=True).compose(text)
    except MarkedYAMLError as error:
        raise ConfigError(_syntax_fault(error, file, text)) from error
    except YAMLError as error:
        wrong = str(error).strip().splitlines()[0]
        raise ConfigError(Fault(file, "", f"not YAML: {wrong}")) from error
    if root is None:
        raise ConfigError(Fault(file, "", "the file is empty", "see configs/README.md", 1, 1))
    if not isinstance(root, MappingNode):
        cure = "write `key: value` lines; see configs/README.md"
        raise ConfigError(Fault(file, "", "the file holds no keys", cure, *_place(root)))
    reader = _Reader(file)
    data = reader.mapping(root, ())
    return Document(file, data, reader.places, tuple(reader.faults))


class _Reader:
    """Walks composed nodes into plain data, noting places and repeated keys."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.places: dict[KeyPath, Place] = {}
        self.faults: list[Fault] = []
        self._open: list[Node] = []

    def mapping(self, node: MappingNode, path: KeyPath) -> dict[str, object]:
        data: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            here = (*path, key)
            if key in data:
                first = self.places[here][0]
                wrong = f"this key was given before, in line {first}"
                self.faults.append(
                    Fault(self.file, dotted(here), wrong, "keep one of them", *_place(key_node))
                )
                continue
            self.places[here] = _place(key_node)
            data[key] = self.value(value_node, here)
        return data

    def value(self, node: Node, path: KeyPath) -> object:
        if isinstance(node, ScalarNode):
            return _scalar(node)
        if any(node is outer for outer in self._open):
            wrong = "an alias that holds itself"
            self.faults.append(Fault(self.file, dotted(path), wrong, "", *_place(node)))
            return None
        self._open.append(node)
        data = self._collection(node, path)
        self._open.pop()
        return data

    def _collection(self, node: Node, path: KeyPath) -> object:
        if isinstance(node, MappingNode):
            return self.mapping(node, path)
        items: list[object] = []
        for index, item in enumerate(node.value):
            self.places[(*path, index)] = _place(item)
            items.append(self.value(item, (*path, index)))
        return items


def _scalar(node: ScalarNode) -> object:
    """The value of a scalar under the YAML 1.2 core schema."""
    text: str = node.value.replace("\a", "") if node.style == ">" else node.value  # marks of folds
    kind = str(node.tag).removeprefix(_TAG)
    if kind in {"bool", "null"}:
        return _CONSTANTS.get(text.lower(), text)
    if kind == "int":
        return _integer(text.replace("_", "").lower())
    if kind == "float":
        return float(text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text


def _integer(text: str) -> int:
    """An integer; ``017`` is seventeen, as in YAML 1.2."""
    return int(text, 0) if text.lstrip("+-")[:2] in {"0x", "0o", "0b"} else int(text)


def _place(node: Node) -> Place:
    return node.start_mark.line + 1, node.start_mark.column + 1


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
    shown = f" in `{lines[place[0] - 1].strip()}`" if place[0] <= len(lines) else ""
    return Fault(file, "", f"{wrong}{shown}", cure, *place)


_SYNTAX = {
    "'\\t'": ("a tab", "indent with spaces"),
    "mapping values are not allowed": ("a second `:` in one line", "put the text in quotes"),
    "another document": ("a second document (`---`)", "one experiment a file"),
}


def _beside(path: Path) -> str:
    """Cure that names the files that are there."""
    folder = path.parent
    if not folder.is_dir():
        return f"there is no folder {folder} either"
    names = sorted(_yaml_names(folder))
    return nearest(path.name, names) if names else f"{folder} holds no YAML file"


def _yaml_names(folder: Path) -> Iterator[str]:
    return (entry.name for entry in folder.iterdir() if entry.suffix in {".yaml", ".yml"})
