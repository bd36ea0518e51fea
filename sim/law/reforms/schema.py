"""What-if edits of the law, written as data: set, add, delay, suspend, repeal, cap, extend, freeze.

A reform names what it touches by instrument, stacking group, legal basis or kind, by flow
(importer, exporters, products), or by agreement; days are ISO dates, ``end`` is the last day.
Reforms are pydantic models, so that experiment files embed them, and are applied in order by
:func:`sim.law.reforms.edits.apply_reforms`.

>>> from sim.law.law import load_law
>>> reforms = parse_reforms([{"op": "cap", "basis": "section_232", "rate": 0.15}])
>>> from datetime import date
>>> from sim.law.rates.schedule import rate
>>> from sim.law.reforms.edits import apply_reforms
>>> rate(apply_reforms(load_law(), reforms), "JP", "US", "cars", date(2025, 6, 15)).total
0.175
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from sim.axes import LEGAL_BASES
from sim.data.entries import Page
from sim.data.key_paths import dotted, undotted
from sim.data.models import Day
from sim.errors import Fault, LawError, nearest
from sim.law.files import reform_files, shown
from sim.law.instrument import ALL
from sim.law.reforms.window import Subsidise, Window
from sim.law.reforms.words import (
    Bases,
    Exporters,
    Importer,
    Importers,
    Kinds,
    Products,
    Share,
    Words,
    known,
)


class Selection(Window):
    """Which measures, and on which of their flows. Every given field must match."""

    instrument: Words = Field(
        (), description="Ids of instruments, of terminating acts or of subsidies."
    )
    group: Words = Field((), description="Stacking groups.")
    basis: Bases = Field((), description="Legal bases.")
    kind: Kinds = Field((), description="Kinds of measure.")
    importer: Importers = Field((), description="Countries that charge the duty.")
    exporters: Exporters = Field((), description="Countries of origin.")
    products: Products = Field((), description="Products.")

    @property
    def by_flow_only(self) -> bool:
        """Whether no measure is named, only flows."""
        return not (self.instrument or self.group or self.basis or self.kind)

    @model_validator(mode="after")
    def _selects(self) -> Selection:
        chosen = (
            self.instrument,
            self.group,
            self.basis,
            self.kind,
            self.importer,
            self.exporters,
            self.products,
            getattr(self, "agreement", None),
        )
        if not any(chosen) and not isinstance(self, Freeze):
            raise ValueError("say what it touches: instrument, group, basis, kind or a flow")
        return self


class Set(Selection):
    """Set the rate: of the named measures, or (by flow only) of everything above the base rate."""

    op: Literal["set"]
    rate: Share
    new_basis: Annotated[str, known(LEGAL_BASES, plural=False)] = Field(
        "other", description="Legal basis of the duty that a flow is given."
    )
    announced: Day | None = None


class Cap(Selection):
    """No matching measure charges more than ``rate``."""

    op: Literal["cap"]
    rate: Share


class Repeal(Selection):
    """The matching measures, or the agreement, end with the day before ``start``."""

    op: Literal["repeal"]
    agreement: str | None = Field(None, description="Agreement whose preferences end.")


class Suspend(Selection):
    """The matching measures charge nothing from ``start`` to ``end``, then come back."""

    op: Literal["suspend"]
    start: Day
    end: Day


class Delay(Selection):
    """Values that start within ``start``..``end`` start later, by months or until a day.

    The day of the month stays; where the later month is too short, its last day stands in.
    """

    op: Literal["delay"]
    months: int | None = Field(None, ge=1, le=600)
    until: Day | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Delay:
        if (self.months is None) == (self.until is None):
            raise ValueError("give either `months` or `until`")
        return self


class Freeze(Selection):
    """What starts on or after ``start`` never happens; what was in force stays as it was."""

    op: Literal["freeze"]
    start: Day
    end: None = None


class Add(Window):
    """A new duty. Without ``stacking`` it is a group of its own and adds to everything."""

    op: Literal["add"]
    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    importer: Importer
    exporters: Exporters = (ALL,)
    products: Products = (ALL,)
    rate: Share
    start: Day
    kind: Literal["additional", "all_in_ceiling", "replaces_mfn"] = "additional"
    basis: Annotated[str, known(LEGAL_BASES, plural=False)] = "other"
    stacking: str | None = None
    spares: Words = Field((), description="Agreements whose goods do not pay it.")
    announced: Day | None = None
    withdrawn: Day | None = Field(
        None, description="Day on which it is taken back: a threat that is never charged."
    )
    stage: Literal["ordered", "proposed", "said"] = Field(
        "ordered", description="How far it has come when it is announced; firms weigh these apart."
    )

    @model_validator(mode="after")
    def _threat_in_order(self) -> Add:
        if self.withdrawn is None:
            return self
        if self.announced is None or not self.announced < self.withdrawn <= self.start:
            raise ValueError("`withdrawn` lies after `announced` and not after `start`")
        return self


class Extend(Window):
    """An instrument reaches further exporters, or an agreement takes in a new member.

    A new member and the others lower their rates to each other in ``years`` equal yearly steps
    (0: at once); products in ``except_products`` stay out.
    """

    op: Literal["extend"]
    instrument: str | None = None
    agreement: str | None = None
    to: Exporters
    years: int = Field(0, ge=0, le=30)
    except_products: Products = ()

    @model_validator(mode="after")
    def _one_thing(self) -> Extend:
        if (self.instrument is None) == (self.agreement is None):
            raise ValueError("give either `instrument` or `agreement`")
        if self.agreement is not None and self.start is None:
            raise ValueError("an accession needs its `start`")
        return self


Reform = Annotated[
    Set | Cap | Repeal | Suspend | Delay | Freeze | Add | Subsidise | Extend,
    Field(discriminator="op"),
]
"""One edit of the law; ``op`` says which."""

_REFORM: TypeAdapter[Any] = TypeAdapter(Reform)
_OPS: dict[str, type[BaseModel]] = {
    "set": Set,
    "cap": Cap,
    "repeal": Repeal,
    "suspend": Suspend,
    "delay": Delay,
    "freeze": Freeze,
    "add": Add,
    "subsidise": Subsidise,
    "extend": Extend,
}


def parse_reforms(raw: Iterable[Mapping[str, object]], file: str = "") -> tuple[Reform, ...]:
    """Reforms from plain mappings; every mistake at once as a :class:`LawError`."""
    reforms: list[Reform] = []
    faults: list[Fault] = []
    for place, item in enumerate(raw):
        try:
            reforms.append(_REFORM.validate_python(dict(item)))
        except ValidationError as error:
            faults += _faults(error, item, f"reforms[{place}]", file)
        except (TypeError, ValueError):
            faults.append(Fault(file, f"reforms[{place}]", "is not a mapping", "write `op: ...`"))
    if faults:
        raise LawError(faults)
    return tuple(reforms)


def load_reforms(path: Path | str) -> tuple[Reform, ...]:
    """The reforms of a YAML file with the keys ``title``, ``description`` and ``reforms``."""
    path = Path(path)
    if not path.is_file():
        raise LawError(Fault(str(path), "", "no such file", nearest(path.stem, seed_reforms())))
    page = Page(path, shown(path))
    page.root.keys(("title", "reforms"), ("description",))
    listed = page.root.get("reforms")
    if not page.clean or listed is None:
        raise LawError(page.all_faults())
    try:
        return parse_reforms([entry.data for entry in listed.list()], page.name)
    except LawError as error:
        for fault in error.faults:
            page.note(undotted(fault.key), fault.wrong, fault.cure)
        raise LawError(page.all_faults()) from error


def seed_reforms(overlays: Sequence[Path] = ()) -> dict[str, Path]:
    """Name -> file of the reforms that ship with the law, and with overlays."""
    return reform_files(overlays, "reforms")


def named_reforms(name: str, overlays: Sequence[Path] = ()) -> tuple[Reform, ...]:
    """Reforms by the name of a file that ships or lies in an overlay, or by a path."""
    known = seed_reforms(overlays)
    return load_reforms(known.get(name, Path(name)))


def _faults(
    error: ValidationError, item: Mapping[str, object], where: str, file: str
) -> list[Fault]:
    op = str(item.get("op", ""))
    if op not in _OPS:
        return [Fault(file, f"{where}.op", f"`{op}` is unknown", nearest(op, _OPS))]
    known = list(_OPS[op].model_fields)
    faults = []
    for problem in error.errors():
        path = [part for part in problem["loc"] if part != op]
        key = f"{where}.{dotted(path)}".removesuffix(".")
        if problem["type"] == "extra_forbidden":
            faults.append(Fault(file, key, "unknown key", nearest(str(path[-1]), known)))
        else:
            wrong = problem["msg"].removeprefix("Value error, ")
            faults.append(Fault(file, key, wrong))
    return faults
