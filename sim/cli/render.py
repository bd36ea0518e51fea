"""How results are printed: tables for people, JSON for scripts."""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sim.results.texts import without_controls

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Section = tuple[str, tuple[str, ...], list[tuple[object, ...]]]
"""Title, columns and rows of a table."""
_GAP = 2
"""Spaces between columns."""
WIDEST = 100
"""Columns beyond which a line of words is hard to read."""
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
"""The option that every query has."""


def console() -> Console:
    """Standard output as wide as the terminal; elsewhere as COLUMNS says, or as any table."""
    from rich.console import Console

    class Plain(Console):
        def print(self, *objects: Any, **look: Any) -> None:
            kept = (without_controls(one) if isinstance(one, str) else one for one in objects)
            super().print(*kept, **look)

    width = None if sys.stdout.isatty() else int(os.environ.get("COLUMNS") or 10_000)
    return Plain(highlight=False, markup=False, emoji=False, width=width)


def say(text: str) -> None:
    """Print words that may hold somebody's text: nothing in them is obeyed by the terminal."""
    print(without_controls(text))


def say_wrapped(text: str, mark: str = "", hang: int = 2) -> None:
    """Print words as wide as the screen, at most 100 columns, broken between words.

    Lines that begin with spaces keep them and hang by ``hang`` under themselves; a ``mark`` stands
    before the first one, and the others under its end. Addresses stay whole.
    """
    width = min(shutil.get_terminal_size((WIDEST, 24)).columns, WIDEST)
    for line in text.splitlines():
        margin = len(mark) if mark else len(line) - len(line.lstrip()) + hang
        kept = mark + _AMOUNT.sub("\\1\N{NO-BREAK SPACE}", line)
        told = textwrap.wrap(
            kept, width, subsequent_indent=" " * margin,
            break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip
        say("\n".join(told).replace("\N{NO-BREAK SPACE}", " "))


_AMOUNT = re.compile(r"(\d) (?=(?:%|bn|m|k|tn)(?!\w))")
"""A number and its unit, which stay on one line."""


def strong(text: str) -> Text:
    """Somebody's text in bold; its brackets are text too."""
    from rich.text import Text

    return Text(without_controls(text), style="bold")


def print_json(value: object) -> None:
    """``value`` as indented JSON; dates become ISO dates, NaN becomes null."""
    from pydantic_core import to_json

    print(to_json(value, indent=2, inf_nan_mode="null").decode())


def print_table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    breaks: int | None = None,
) -> None:
    """``rows`` under ``columns``; numbers stand to the right, with thousands separated.

    On a narrow screen the widest columns are wrapped, at words as long as there is room for these;
    only the first ``breaks`` columns, if that is given.
    """
    from rich.table import Table
    from rich.text import Text

    kept = [list(row) for row in rows]
    texts = [[Text(without_controls(shown(cell))) for cell in row] for row in kept]
    heads = [Text(without_controls(column)) for column in columns]
    table = Table(box=None, pad_edge=False)
    table.show_header = any(columns)
    out = console()
    widths = _widths([heads, *texts], out.width, breaks)
    for place, head in enumerate(heads):
        numeric = bool(kept) and all(isinstance(row[place], int | float) for row in kept)
        side: Literal["left", "right"] = "right" if numeric else "left"
        table.add_column(head, justify=side, overflow="fold", width=widths[place])
    for row in texts:
        table.add_row(*row)
    with out.capture() as captured:
        out.print(strong(title))
        out.print(table)
    print("\n".join(line.rstrip() for line in captured.get().splitlines()), end="\n\n")


def _widths(rows: Sequence[Sequence[Text]], room: int, breaks: int | None) -> list[int | None]:
    """Width of every column so that they fit ``room``, with whole words where that can be.

    The first column, which names the row, gives way last, and those from ``breaks`` on never; None
    where not even that helps.
    """
    columns = list(zip(*rows, strict=True))
    whole = [max(map(_line, column)) for column in columns]
    word = [max(_longest(cell.plain) for cell in column) for column in columns]
    kept = [width if breaks is not None and n >= breaks else 1 for n, width in enumerate(whole)]
    spare = room - (len(columns) - 1) * _GAP
    firm = [max(pair) for pair in zip(word, kept, strict=True)]
    for least in (firm, [word[0], *kept[1:]]):
        while sum(whole) > spare and any(w > n for w, n in zip(whole, least, strict=True)):
            wide = [place for place, width in enumerate(whole) if width > least[place]]
            whole[max(wide, key=whole.__getitem__)] -= 1
    return [*whole] if sum(whole) <= spare else [None] * len(columns)


def _line(cell: Text) -> int:
    return max((line.cell_len for line in cell.split()), default=0)


def _longest(text: str) -> int:
    return max(map(len, text.split()), default=0)


def shown(cell: object) -> str:
    """One cell as text.

    >>> from datetime import date
    >>> shown(1234567.0), shown(0.12345), shown(None), shown(date(2025, 4, 1)), shown(True)
    ('1,234,567', '0.123', '', '2025-04-01', 'yes')
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, float):
        return f"{cell:,.0f}" if abs(cell) >= 1000 else f"{cell:.3g}"
    return str(cell)


def duration(seconds: float) -> str:
    """Seconds in words, as exact as an estimate is.

    >>> duration(8), duration(70), duration(600), duration(9000)
    ('8 s', '70 s', '10 min', '2.5 h')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
