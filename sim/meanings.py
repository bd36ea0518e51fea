"""What an outcome is: its unit, its kind and the keys by which its rows are told apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from sim.errors import Fault, InputError, nearest
from sim.units import Every, Unit


class Group(NamedTuple):
    """What a row of ``outcomes`` is about: a code for each key, empty where it is not told apart.

    >>> Group(product="cars", country="US").told
    {'product': 'cars', 'country': 'US'}
    """

    product: str = ""
    country: str = ""
    firm: str = ""
    customer: str = ""
    rule: str = ""

    @property
    def told(self) -> dict[str, str]:
        """The keys that have a code."""
        return {key: code for key, code in self._asdict().items() if code}


Kind = Literal["flow", "stock", "share", "price"]


@dataclass(frozen=True, slots=True)
class OutcomeMeaning:
    """What a reader of an outcome must know; run folders keep it beside the figures.

    ``unit`` is the unit of a month's value; ``keys`` are those of :class:`Group` by which rows are
    told apart. A year of a ``flow`` is the sum of its months, of a ``stock`` its last month, of a
    ``share`` or a ``price`` their mean; :meth:`unit_of` gives the unit of either.
    """

    name: str
    unit: str
    kind: Kind
    keys: tuple[str, ...]
    description: str

    def __post_init__(self) -> None:
        """Refuse, as an :class:`InputError`, what no reader of results could use."""
        faults = []
        if not re.fullmatch("[a-z][a-z0-9_]*", self.name):
            cure = "use lower-case letters, digits and `_`"
            faults.append(Fault("", self.name, "is no name of an outcome", cure))
        if self.kind not in get_args(Kind):
            wrong = f"kind `{self.kind}` is not known"
            faults.append(Fault("", self.name, wrong, nearest(self.kind, get_args(Kind))))
        for key in self.keys:
            if key not in Group._fields or self.keys.count(key) > 1:
                wrong = f"key `{key}` is given twice" if key in Group._fields else f"no key `{key}`"
                faults.append(Fault("", self.name, wrong, nearest(key, Group._fields)))
        if self.accrues and Unit.read(self.unit).per != "month":
            cure = f"write `{Unit(Unit.read(self.unit).amount, 'month')}`"
            faults.append(Fault("", self.name, f"`{self.unit}` is no unit of a flow", cure))
        if faults:
            raise InputError(faults)

    def unit_of(self, every: Every, product: str = "") -> Unit:
        """Unit of a month's or of a year's value; with ``product``, of rows of that product.

        >>> made = OutcomeMeaning("output", "units a month", "flow", ("product",), "made")
        >>> str(made.unit_of("month")), str(made.unit_of("year")), str(made.unit_of("year", "cars"))
        ('units a month', 'units a year', 'vehicles a year')
        """
        own = Unit.read(self.unit)
        return (own._replace(per=every) if self.accrues else own).of(product)

    @property
    def year_is(self) -> str:
        """How a year's value follows from its months, in words."""
        return "sum of months" if self.accrues else "at year's end" if self.is_stock else "mean"

    @property
    def accrues(self) -> bool:
        """Whether months add up to a year."""
        return self.kind == "flow"

    @property
    def is_stock(self) -> bool:
        """Whether a year is its last month's value."""
        return self.kind == "stock"

    @property
    def additive(self) -> bool:
        """Whether groups add up, so that a row that was never written counts as 0."""
        return self.kind in ("flow", "stock")
