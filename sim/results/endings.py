"""A file is what its name says: the ending decides what is written, or is refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.errors import Fault, QueryError, nearest


def ending_of(path: str | Path, known: Sequence[str]) -> str:
    """Ending of a file that is to be written, in small letters and without its dot.

    >>> ending_of("Figure.PDF", ("html", "pdf"))
    'pdf'

    Raises
    ------
    QueryError
        The name has no ending, or one that is not ``known``; the nearest is told.
    """
    ending = Path(path).suffix[1:].lower()
    if ending in known:
        return ending
    dotted = [f".{one}" for one in known]
    if not ending:
        cure = f"end it with one of {', '.join(dotted)}"
        raise QueryError(
            Fault(str(path), "", "the name has no ending that says what to write", cure)
        )
    cure = nearest(f".{ending}", dotted)
    raise QueryError(
        Fault(str(path), "", f"`.{ending}` is no kind of file that can be written here", cure)
    )
