"""Numbers, dates and words from text, strictly: what looks like one in another script is told."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NO_NUMBER = re.compile(r"[+-]?\.?(nan|inf|infinity)", re.IGNORECASE)


class WrongTextError(Exception):
    """What is wrong with a text and how to mend it; a reader adds the place."""

    def __init__(self, wrong: str, cure: str = "") -> None:
        super().__init__(wrong)
        self.wrong, self.cure = wrong, cure


def number(text: str, low: float = -math.inf, high: float = math.inf) -> float:
    """A finite number within ``low``..``high``; raises :class:`WrongTextError`.

    >>> number("2.5e-1", 0, 1)
    0.25
    """
    if _NO_NUMBER.fullmatch(text):
        raise WrongTextError(f"`{text}` is not finite", "leave it empty where it is unknown")
    if not _NUMBER.fullmatch(text):
        raise WrongTextError(f"`{text}` is no number", _plainer(text, "digits with a point"))
    return _within(float(text), text, low, high)


def integer(text: str, low: float = -math.inf, high: float = math.inf) -> int:
    """A whole number within ``low``..``high``; raises :class:`WrongTextError`."""
    if not _INTEGER.fullmatch(text):
        raise WrongTextError(f"`{text}` is no whole number", _plainer(text, "digits alone"))
    return int(_within(int(text), text, low, high))


def day(text: str) -> date:
    """A day of the calendar, written as ISO 8601; raises :class:`WrongTextError`.

    >>> day("2025-04-03")
    datetime.date(2025, 4, 3)
    """
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError as error:
        wrong = f"`{text}` is no date of the calendar"
        raise WrongTextError(wrong, "mend the month or the day") from error
    raise WrongTextError(f"`{text}` is no date", _plainer(text, "it as 2017-01-01"))


def month(text: str) -> date:
    """The first day of a month, written in full; raises :class:`WrongTextError`."""
    found = day(text)
    if found.day != 1:
        raise WrongTextError(f"`{text}` is not the first day of a month", "write day 01")
    return found


def flag(text: str) -> bool:
    """``yes`` or ``no``, or ``true`` or ``false``; raises :class:`WrongTextError`."""
    found = {"yes": True, "true": True, "no": False, "false": False}.get(text.lower())
    if found is None:
        raise WrongTextError(f"`{text}` is neither yes nor no", "write yes or no")
    return found


def _within(value: float, text: str, low: float, high: float) -> float:
    if not math.isfinite(value):
        raise WrongTextError(f"`{text}` is too large", "mend the figure or its unit")
    if not low <= value <= high:
        bounds = f"{low:g} .. {high:g}"
        raise WrongTextError(f"{text} is outside {bounds}", "mend the figure or its unit")
    return value


def _plainer(text: str, form: str) -> str:
    """Cure: the text in plain digits where it holds full-width ones, else the form it must have."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return f"write `{plain}` in plain digits" if plain != text else f"write {form}"
