"""How a key of a file is written in messages: ``policies.base.reforms[0].rate``, everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable

KeyPath = tuple[str | int, ...]
"""Way from the root of a document to a value: keys of mappings and indices of lists."""

_PART = re.compile(r"\[(\d+)\]|\.?([^.\[\]]+)")


def dotted(path: Iterable[str | int]) -> str:
    """A path as text.

    >>> dotted(("policies", "as_enacted", "reforms", 0, "from"))
    'policies.as_enacted.reforms[0].from'
    """
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def undotted(text: str) -> KeyPath:
    """The path that :func:`dotted` wrote, where no key holds a dot or a bracket.

    >>> undotted("policies.as_enacted.reforms[0].from")
    ('policies', 'as_enacted', 'reforms', 0, 'from')
    """
    return tuple(int(match[1]) if match[1] else match[2] for match in _PART.finditer(text))
