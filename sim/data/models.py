"""Numbers and days of pydantic models that come from files."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError


def _no_flag(value: object) -> object:
    if isinstance(value, bool):
        shown = str(value).lower()
        raise PydanticCustomError("flag", "must be a number, not `{shown}`", {"shown": shown})
    return value


NO_FLAG = BeforeValidator(_no_flag)
"""``true`` and ``false`` are no numbers; stands last, after a number's own bounds."""
Number = Annotated[float, NO_FLAG]
"""A number; ``true`` is none."""
Count = Annotated[int, NO_FLAG]
"""A whole number; ``true`` is none."""


def _only_days(value: object) -> object:
    """Refuse numbers, of which the library would make seconds since 1970."""
    written = isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)
    if value is None or isinstance(value, date) or written:
        return value
    shown = str(value).lower() if isinstance(value, bool) else str(value)
    message = "`{shown}` is not a date; write it as 2025-04-03"
    raise PydanticCustomError("day", message, {"shown": shown})


Day = Annotated[date, BeforeValidator(_only_days)]
"""A day, written ``2025-04-03``."""
