"""Numbers of pydantic models that come from files."""

from __future__ import annotations

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
