"""Which law a command asks: the one that ships, with folders laid over it and reforms made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from datetime import date

    from sim.law.law import Law

AS_ENACTED = "as_enacted"

Laws = Annotated[
    list[str] | None,
    typer.Option(
        "--law",
        metavar="DIR|REFORM",
        help="A folder laid over the law, a reform or its file; may be given again.",
    ),
]
Overlays = Annotated[
    list[Path] | None,
    typer.Option("--law", metavar="DIR", help="A folder laid over the law; may be given again."),
]


def law_of(words: Sequence[str | Path]) -> Law:
    """The law with the folders among ``words`` laid over it, then the reforms among them made."""
    from sim.law.law import load_law
    from sim.law.reforms.edits import apply_reforms
    from sim.law.reforms.schema import named_reforms

    overlays = [Path(word) for word in words if Path(word).is_dir()]
    law = load_law(overlays)
    for word in words:
        if str(word) != AS_ENACTED and Path(word) not in overlays:
            law = apply_reforms(law, named_reforms(str(word), overlays))
    return law


def day(text: str) -> date:
    """A day as the user wrote it; a LawError when it is none."""
    from sim.errors import Fault, LawError

    written = written_day(text)
    if written is None:
        raise LawError(Fault("", "date", f"`{text}` is not a date", "write YYYY-MM-DD"))
    return written


def written_day(text: str) -> date | None:
    """The day that ``text`` is, or None."""
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
