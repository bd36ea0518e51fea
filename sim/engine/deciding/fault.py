"""A mistake in code that a user brought: told with its file and line, as a mistake of the user."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sim.errors import Fault, InputError, KyotenError

Result = TypeVar("Result")

_PACKAGE = Path(__file__).parents[2]


def told(agent: object, call: Callable[[], Result], method: str) -> Result:
    """What ``call`` gives; an exception of the user's code becomes an input error with its place.

    Raises
    ------
    InputError
        The code raised; the exception itself is the cause, for a notebook.
    """
    try:
        return call()
    except KyotenError:
        raise
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        theirs = [one for one in frames if _PACKAGE not in Path(one.filename).parents]
        at = (theirs or frames)[-1]
        key = f"{type(agent).__name__}.{method}"
        wrong = f"{type(error).__name__}: {error}"
        raise InputError(Fault(at.filename, key, wrong, line=at.lineno)) from error


def place_of(method: Callable[..., Any]) -> tuple[str, int | None]:
    """File and line of a method's definition; empty where Python does not know them."""
    code = getattr(method, "__code__", None)
    return ("", None) if code is None else (code.co_filename, code.co_firstlineno)
