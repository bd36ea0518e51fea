"""The exception tree. A user's mistake is a :class:`InputError`: exit 2, never a traceback.

::

    KyotenError
    ├── InputError            the user's input; collects every :class:`Fault` at once
    │   ├── ConfigError       an experiment file
    │   ├── DataError         a CSV under sim/data or one the user brings
    │   ├── LawError          an instrument file, a reform, a lane that no schedule knows
    │   └── QueryError        a run folder, an outcome or a target that is not there
    └── RunError              the run itself failed (disk full, worker died): exit 1
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake: where it is, which key, what is wrong and how to mend it.

    >>> print(Fault("configs/x.yaml", "polices", "unknown key", "did you mean `policies`?", 3, 1))
    configs/x.yaml:3:1: polices: unknown key; did you mean `policies`?
    """

    file: str
    key: str
    wrong: str
    cure: str = ""
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = (self.file, self.line, self.column)
        place = ":".join(str(part) for part in parts if part is not None)
        text = ": ".join(part for part in (place, self.key, self.wrong) if part)
        return f"{text}; {self.cure}" if self.cure else text


class KyotenError(Exception):
    """Root of every error this package raises on purpose."""

    exit_code = 1


class InputError(KyotenError):
    """The user's input is wrong; ``faults`` holds all mistakes that were found."""

    exit_code = 2

    def __init__(self, faults: Fault | str | Iterable[Fault]) -> None:
        if isinstance(faults, str):
            faults = Fault("", "", faults)
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Fault, ...]]]:
        return type(self), (self.faults,)


class ConfigError(InputError):
    """An experiment file is wrong."""


class DataError(InputError):
    """A data table is wrong: the file, row and column are named."""


class LawError(InputError):
    """An instrument, a reform or a lane is wrong."""


class QueryError(InputError):
    """A run folder, table, outcome or target is not there."""


class OutsideRangeWarning(UserWarning):
    """A parameter has a value outside the range that was declared for it; the run goes on."""


class RunError(KyotenError):
    """The run failed for a reason that is not the user's input."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Cure text that names the nearest known spelling, or the known words when none is near.

    >>> nearest("polices", ["policies", "seed"])
    'did you mean `policies`?'
    """
    words = list(known)
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    if close:
        return f"did you mean `{close[0]}`?"
    shown = ", ".join(words[:12]) + (", ..." if len(words) > 12 else "")
    return f"known: {shown}"
