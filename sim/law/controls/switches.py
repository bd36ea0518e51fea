"""Legal questions that no source settles: named switches with a declared default each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from sim.errors import Fault, LawError, nearest
from sim.law.controls.files import Frozen, Reading
from sim.law.files import LAW_FOLDER

FILE = "controls/switches.yaml"


@dataclass(frozen=True, slots=True)
class Switches:
    """The answers a run gives to the open legal questions; :meth:`default` has the declared ones.

    The fields are the names of ``sim/data/law/controls/switches.yaml``, which tells meaning,
    default, reason and source of each.

    >>> Switches.default().affiliates_2026_11
    True
    >>> Switches.default().but(korea_in_supp4=date(2027, 1, 1)).korea_in_supp4.year
    2027
    """

    affiliates_2026_11: bool
    china_61_revived: bool
    china_us_ban_2026_11: bool
    match_act: date | None
    facility_limb_from: date | None
    korea_in_supp4: date | None
    fn1_tools_are_direct_products: bool
    match_act_aligned: tuple[str, ...] = field(default=())

    @classmethod
    def default(cls) -> Switches:
        """The defaults declared in the data."""
        return defaults(declarations())

    def but(self, **answers: object) -> Switches:
        """The same switches with some answers changed.

        Raises
        ------
        LawError
            When a name is unknown or a value is of the wrong kind; all of them at once.
        """
        faults = [fault for name, value in answers.items() if (fault := _fault(name, value))]
        if faults:
            raise LawError(faults)
        changed = self.as_dict() | {name: _plain(name, v) for name, v in answers.items()}
        return Switches(**changed)  # type: ignore[arg-type]  # kinds were checked above

    def flag(self, name: str) -> bool:
        """Value of a yes-or-no switch."""
        return bool(getattr(self, name))

    def day(self, name: str) -> date | None:
        """Value of a dated switch; None stands for never."""
        value: date | None = getattr(self, name)
        return value

    def countries(self, name: str) -> tuple[str, ...]:
        """Value of a switch that holds countries."""
        value: tuple[str, ...] = getattr(self, name)
        return value

    def as_dict(self) -> dict[str, object]:
        """Name -> value, for a manifest."""
        return asdict(self)


class Declaration(Frozen):
    """What the data says of one switch: key S1 to S7, kind, default, meaning, reason and source."""

    name: str
    key: str
    kind: Literal["flag", "date", "countries"]
    default: Any
    meaning: str
    why: str
    source: str


def read_declarations(reading: Reading) -> dict[str, Declaration]:
    """Name -> declaration of every switch; what is wrong is noted in ``reading``."""
    listed = {one.name: one for one in reading.named(Declaration, FILE, "name")}
    for name, one in listed.items():
        if name not in _KINDS:
            reading.note(name, (), "unknown switch", nearest(name, _KINDS))
        elif one.kind != _KINDS[name]:
            reading.note(name, ("kind",), f"is `{_KINDS[name]}` and stays so")
        elif (fault := _fault(name, one.default)) is not None:
            reading.note(name, ("default",), fault.wrong)
    return listed


def defaults(declared: Mapping[str, Declaration]) -> Switches:
    """The answers that the declarations give."""
    values = {name: _plain(name, declared[name].default) for name in _KINDS}
    return Switches(**values)  # type: ignore[arg-type]  # kinds are checked by `_fault`


@lru_cache(maxsize=1)
def declarations() -> dict[str, Declaration]:
    """Name -> declaration of every switch as it ships, in the order of the file.

    Raises
    ------
    LawError
        When the file is wrong, or the code knows a switch that it does not declare.
    """
    reading = Reading([LAW_FOLDER])
    declared = read_declarations(reading)
    faults = reading.faults + [
        Fault(FILE, name, "is not declared") for name in _KINDS if name not in declared
    ]
    if faults:
        raise LawError(faults)
    return declared


_KIND_OF_TYPE = {"bool": "flag", "date | None": "date", "tuple[str, ...]": "countries"}
_KINDS = {spec.name: _KIND_OF_TYPE[str(spec.type)] for spec in fields(Switches)}


def _plain(name: str, value: object) -> object:
    """``value`` in the type of its switch: ISO dates become dates, lists tuples."""
    if _KINDS[name] == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    if _KINDS[name] == "countries" and isinstance(value, Iterable):
        return tuple(value)
    return value


def _fault(name: str, value: object) -> Fault | None:
    if name not in _KINDS:
        return Fault("switches", name, "unknown switch", nearest(name, _KINDS))
    if _KINDS[name] == "flag":
        return None if isinstance(value, bool) else Fault("switches", name, "must be true or false")
    if _KINDS[name] == "countries":
        good = isinstance(value, list | tuple) and all(isinstance(code, str) for code in value)
        return None if good else Fault("switches", name, "must be a list of country codes")
    return None if _dated(value) else Fault("switches", name, "must be an ISO date or empty")


def _dated(value: object) -> bool:
    if value is None or isinstance(value, date):
        return True
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True
