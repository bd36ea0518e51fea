"""Legal questions that no source settles: named switches with a declared default each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from functools import cache

from sim.errors import Fault, LawError, nearest
from sim.law.controls.files import read_yaml

FILE = "switches.yaml"


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
        return _default()

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


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the data says of one switch: key S1 to S7, kind, default, meaning, reason and source."""

    name: str
    key: str
    kind: str
    default: object
    meaning: str
    why: str
    source: str


@cache
def declarations() -> dict[str, Declaration]:
    """Name -> declaration of every switch, in the order of the file."""
    raw = read_yaml(FILE)
    return {name: Declaration(name=name, **entry) for name, entry in raw.items()}


@cache
def _default() -> Switches:
    known = {spec.name for spec in fields(Switches)}
    if known != set(declarations()):
        odd = sorted(known ^ set(declarations()))
        raise LawError(Fault(FILE, odd[0], "declared in the data or in the code, not in both"))
    values = {name: _plain(name, spec.default) for name, spec in declarations().items()}
    return Switches(**values)  # type: ignore[arg-type]  # kinds are checked by `_fault`


def _plain(name: str, value: object) -> object:
    """``value`` in the type of its switch: ISO dates become dates, lists tuples."""
    kind = declarations()[name].kind
    if kind == "date" and isinstance(value, str):
        return date.fromisoformat(value)
    if kind == "countries" and isinstance(value, Iterable):
        return tuple(value)
    return value


def _fault(name: str, value: object) -> Fault | None:
    if name not in declarations():
        return Fault("switches", name, "unknown switch", nearest(name, declarations()))
    kind = declarations()[name].kind
    if kind == "flag":
        return None if isinstance(value, bool) else Fault("switches", name, "must be true or false")
    if kind == "countries":
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
