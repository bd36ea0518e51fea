"""Units of amounts: what is counted, and over which time."""

from __future__ import annotations

from typing import Literal, NamedTuple

from sim.axes import VEHICLES

Every = Literal["month", "year"]


def unit(product: str) -> str:
    """Give the unit in which a product is counted.

    >>> unit("cars"), unit("printers")
    ('vehicles', 'USD of 2017')
    """
    return "vehicles" if product in VEHICLES else "USD of 2017"


class Unit(NamedTuple):
    """What is counted (``amount``) and over which time (``per``: month, year, or empty).

    >>> print(Unit("USD", "year"), "/", Unit("share"))
    USD a year / share
    """

    amount: str
    per: str = ""

    @classmethod
    def read(cls, text: str) -> Unit:
        """Take apart what :meth:`__str__` writes.

        >>> Unit.read("units a month"), Unit.read("2017 = 1")
        (Unit(amount='units', per='month'), Unit(amount='2017 = 1', per=''))
        """
        amount, _, per = text.rpartition(" a ")
        return cls(amount, per) if per in ("month", "year") else cls(text)

    def of(self, product: str) -> Unit:
        """Say what ``units`` of a product are; unchanged without a product.

        >>> print(Unit("units", "year").of("cars"))
        vehicles a year
        """
        return self._replace(amount=unit(product)) if product and self.amount == "units" else self

    def __str__(self) -> str:
        return f"{self.amount} a {self.per}" if self.per else self.amount
