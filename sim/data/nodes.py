"""YAML 1.2 as a tree whose keys and values know their place, read within bounds.

The tree is built from the parser's events, so that a hostile file costs no more than its bytes:
nesting deeper than :data:`MOST_LEVELS`, and aliases that unfold to more than :data:`MOST_VALUES`
values, end the reading with their place. Scalars follow the YAML 1.2 core schema (``NO`` and ``on``
are words, ``1e-3`` is a number); dates stay text, so that the schema, which knows which key they
belong to, judges them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from sim.data.key_paths import KeyPath

Place = tuple[int, int]
"""Line and column of a character, both counted from 1."""

MOST_LEVELS = 40
MOST_VALUES = 200_000

_TAG = "tag:yaml.org,2002:"
_PLAIN_TAGS = {f"{_TAG}{kind}" for kind in ("int", "float", "bool", "null")}
_TAGS = {"!", *_PLAIN_TAGS, *(f"{_TAG}{kind}" for kind in ("str", "map", "seq"))}
_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}
_INTEGER = re.compile(r"[-+]?[0-9][0-9_]{0,39}|0x[0-9a-fA-F]{1,30}|0o[0-7]{1,30}|0b[01]{1,99}")
_FLOAT = re.compile(r"[-+]?([0-9][0-9_]*(\.[0-9_]*)?|\.[0-9_]+)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


class WrongYamlError(Exception):
    """What is wrong in a file, at its place; the reader of documents makes a fault of it."""

    def __init__(self, wrong: str, place: Place, path: KeyPath = (), cure: str = "") -> None:
        super().__init__(wrong)
        self.wrong, self.place, self.path, self.cure = wrong, place, path, cure


@dataclass(slots=True)
class Scalar:
    """A word of the file: its text, and whether it stands there plain (not quoted, no tag)."""

    place: Place
    text: str
    plain: bool
    size: int = 1
    depth: int = 0

    def value(self) -> object:
        """The value under the core schema; quoted text stays text."""
        if not self.plain:
            return self.text
        word = self.text.lower()
        if word in _CONSTANTS and self.text in {word, word.upper(), word.title()}:
            return _CONSTANTS[word]
        if _INTEGER.fullmatch(self.text):
            return _integer(self.text.replace("_", "").lower())
        if _FLOAT.fullmatch(self.text):
            return float(self.text.replace("_", ""))
        if _SPECIAL.fullmatch(self.text):
            return float(word.replace(".", ""))
        return self.text


@dataclass(slots=True)
class Listing:
    """A list; ``size`` counts the values in it and ``depth`` its levels, aliases unfolded."""

    place: Place
    items: list[Node] = field(default_factory=list)
    size: int = 1
    depth: int = 1


@dataclass(slots=True)
class Keys:
    """A mapping: key -> place of the key and its value."""

    place: Place
    entries: dict[str, tuple[Place, Node]] = field(default_factory=dict)
    size: int = 1
    depth: int = 1


Node = Scalar | Listing | Keys


def compose(text: str) -> tuple[Node | None, list[WrongYamlError]]:
    """The tree of a document (None when it is empty) and every repeated key.

    Raises
    ------
    WrongYamlError
        What ends the reading: too deep, too many values, an alias of what is not there or of what
        holds it, an unknown tag, a second document.
    ruamel.yaml.error.YAMLError
        The text is not YAML.
    """
    builder = _Builder()
    for event in YAML(typ="safe", pure=True).parse(text):
        builder.take(event)
    return builder.root, builder.repeated


def plain_data(node: Node, *, texts: bool = False) -> object:
    """The tree as dictionaries, lists and values; with ``texts`` every scalar is its text."""
    if isinstance(node, Scalar):
        return node.text if texts else node.value()
    if isinstance(node, Listing):
        return [plain_data(item, texts=texts) for item in node.items]
    return {key: plain_data(value, texts=texts) for key, (_, value) in node.entries.items()}


def steps(root: Node, path: KeyPath) -> Iterator[Place]:
    """Place of every part of ``path`` that stands in the tree, from the root on."""
    node = root
    for part in path:
        if isinstance(node, Keys) and part in node.entries:
            place, node = node.entries[str(part)]
        elif isinstance(node, Listing) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
            place = node.place
        else:
            return
        yield place


class _Builder:
    """Takes events one by one; open collections lie on a stack: depth costs no recursion."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.repeated: list[WrongYamlError] = []
        self._open: list[Listing | Keys] = []
        self._key: list[tuple[str, Place] | None] = []
        self._anchors: dict[str, Node] = {}
        self._documents = 0

    def take(self, event: Event) -> None:
        place = (event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise WrongYamlError("a second document (`---`)", place, (), "one document a file")
        elif isinstance(event, CollectionEndEvent):
            self._close()
        elif isinstance(event, AliasEvent):
            self._add(self._aliased(str(event.anchor), place), place)
        elif isinstance(event, NodeEvent):
            self._start(event, place)

    def _start(self, event: NodeEvent, place: Place) -> None:
        tag: str | None = getattr(event, "tag", None)
        if tag is not None and tag not in _TAGS:
            shown = tag.replace(_TAG, "!!")
            raise WrongYamlError(f"the tag `{shown}`", place, self._path(), "take it out")
        if isinstance(event, ScalarEvent):
            plain = event.implicit[0] if tag is None else tag in _PLAIN_TAGS
            node: Node = Scalar(place, str(event.value), bool(plain))
        else:
            node = Listing(place) if isinstance(event, SequenceStartEvent) else Keys(place)
        if event.anchor is not None:
            self._anchors[str(event.anchor)] = node
        if isinstance(node, Scalar):
            self._add(node, place)
        else:
            self._enter(node)

    def _enter(self, node: Listing | Keys) -> None:
        if self._open and isinstance(self._open[-1], Keys) and self._key[-1] is None:
            cure = "write `key: value` with a word as the key"
            raise WrongYamlError("a list or mapping as a key", node.place, self._path(), cure)
        self._open.append(node)
        self._key.append(None)
        _refuse_depth(len(self._open), node.place)

    def _close(self) -> None:
        node = self._open.pop()
        self._key.pop()
        self._add(node, node.place)

    def _add(self, node: Node, place: Place) -> None:
        if not self._open:
            self.root = node
            return
        outer = self._open[-1]
        if isinstance(outer, Listing):
            outer.items.append(node)
        elif (key := self._key[-1]) is None:
            self._key[-1] = (self._word(node, place), place)
            return
        else:
            self._set(outer, *key, node)
        outer.depth = max(outer.depth, node.depth + 1)
        _refuse_depth(outer.depth, place)
        outer.size += node.size
        if outer.size > MOST_VALUES:
            wrong = f"more than {MOST_VALUES:,} values, aliases unfolded"
            raise WrongYamlError(wrong, place, (), "write what the aliases stand for once")

    def _set(self, outer: Keys, key: str, place: Place, node: Node) -> None:
        self._key[-1] = None
        if key in outer.entries:
            wrong = f"this key was given before, in line {outer.entries[key][0][0]}"
            path = (*self._path(), key)
            self.repeated.append(WrongYamlError(wrong, place, path, "keep one of them"))
        else:
            outer.entries[key] = (place, node)

    def _word(self, node: Node, place: Place) -> str:
        if not isinstance(node, Scalar):
            cure = "write `key: value` with a word as the key"
            raise WrongYamlError("a list or mapping as a key", place, self._path(), cure)
        return node.text

    def _aliased(self, anchor: str, place: Place) -> Node:
        node = self._anchors.get(anchor)
        if node is None:
            cure = f"name it with `&{anchor}` above"
            raise WrongYamlError(f"`*{anchor}` is nowhere", place, self._path(), cure)
        if any(node is outer for outer in self._open):
            raise WrongYamlError("an alias that holds itself", place, self._path(), "take it out")
        return node

    def _path(self) -> KeyPath:
        """Way to the value that is being read."""
        path: list[str | int] = []
        for node, key in zip(self._open, self._key, strict=True):
            if isinstance(node, Listing):
                path.append(len(node.items))
            elif key is not None:
                path.append(key[0])
        return tuple(path)


def _refuse_depth(levels: int, place: Place) -> None:
    if levels > MOST_LEVELS:
        raise WrongYamlError(f"nested deeper than {MOST_LEVELS} levels", place, (), "flatten it")


def _integer(text: str) -> int:
    """An integer; ``017`` is seventeen, as in YAML 1.2."""
    return int(text, 0) if text.lstrip("+-")[:2] in {"0x", "0o", "0b"} else int(text)
