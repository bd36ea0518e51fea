"""Claims of shape as docstrings write them: ``float64[P, R]``, after the names they are about."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

KINDS = {
    "float64": "f8", "float32": "f4", "bool": "b1", "uint8": "u1", "uint32": "u4",
    "int8": "i1", "int16": "i2", "int32": "i4", "int64": "i8",
}  # fmt: skip
"""Type in a claim -> numpy's code."""

_CLAIM = re.compile(rf"\b({'|'.join(KINDS)})\[([^\]]*)\]")
_NAMED = re.compile(r"((?:``[\w, ]+``(?:,| and)?\s*)+)(?:\([^)]*\)\s*)?(?::|is|are|holds?)?\s*$")

_PARAMETER = re.compile(r"^(\w+(?:, \w+)*)\n    +(?=\S)", re.MULTILINE)
"""A parameter of a numpy docstring: its name on a line, what it is below."""


@dataclass(frozen=True)
class Claim:
    """One claim: the names it is about (none: the value itself), its type and its axes."""

    names: tuple[str, ...]
    kind: str
    axes: tuple[str, ...]

    @property
    def text(self) -> str:
        """The claim as written."""
        return f"{self.kind}[{', '.join(self.axes)}]"


def claims(docstring: str | None) -> Iterator[Claim]:
    """Every claim in a docstring, in order."""
    text = " ".join(_PARAMETER.sub(r"``\1``: ", inspect.cleandoc(docstring or "")).split())
    last = 0
    for match in _CLAIM.finditer(text):
        before = text[last : match.start()].rstrip(" `(")
        before = before + "``" if before.count("``") % 2 else before
        named = _NAMED.search(before)
        names = re.findall(r"\w+", named[1]) if named else []
        last = match.end()
        axes = tuple(axis.strip() for axis in match[2].split(",") if axis.strip())
        yield Claim(tuple(n for n in names if n != "and"), match[1], axes)


@cache
def attribute_claims(kind: type) -> dict[str, Claim]:
    """First claim of each attribute's own docstring, in a class as it is written."""
    try:
        body = ast.parse(inspect.getsource(kind).lstrip()).body[0].body  # type: ignore[attr-defined]
    except (OSError, TypeError, SyntaxError):
        return {}
    found = {}
    for field, text in pairwise(body):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(text, ast.Expr)
            and isinstance(text.value, ast.Constant)
        ):
            said = [one for one in claims(str(text.value.value)) if not one.names]
            if said:
                found[field.target.id] = said[0]
    return found


def shape_of(value: Any) -> tuple[str, tuple[int, ...]] | None:
    """Type code and shape of an array; None for what is none."""
    if not hasattr(value, "dtype") or not hasattr(value, "shape"):
        return None
    return value.dtype.str[1:], tuple(value.shape)
