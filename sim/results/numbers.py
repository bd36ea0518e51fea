"""Amounts as people read them: vehicles, money in thousands, millions and billions."""

from __future__ import annotations

from sim.axes import VEHICLES

"""Products counted in vehicles; every other one counts in USD at 2017 prices."""


def unit(product: str) -> str:
    """Give the unit in which a product is counted.

    >>> unit("cars"), unit("printers")
    ('vehicles', 'USD of 2017')
    """
    return "vehicles" if product in VEHICLES else "USD of 2017"


def short(value: float, *, signed: bool = False) -> str:
    """Give a number with three digits and a letter for its size.

    >>> short(1_234_000_000), short(-56_700, signed=True), short(8.0)
    ('1.23 bn', '-56.7 k', '8')
    """
    sign = "-" if value < 0 else "+" if signed and value > 0 else ""
    size = abs(value)
    for step, letter in ((1e9, " bn"), (1e6, " m"), (1e3, " k")):
        if size >= 0.9995 * step:
            return f"{sign}{_three(size / step)}{letter}"
    return f"{sign}{_three(size)}"


def _three(size: float) -> str:
    digits = 0 if size >= 99.95 else 1 if size >= 9.995 else 2
    text = f"{size:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: float, *, signed: bool = False) -> str:
    """Give an amount in USD.

    >>> money(4_100_000, signed=True)
    '+4.1 m USD'
    """
    return f"{short(value, signed=signed)} USD"


def count(value: float, product: str) -> str:
    """Give a quantity of a product with its unit.

    >>> count(30_000_000, "printers"), count(41_500, "cars")
    ('30 m USD of 2017', '41,500 vehicles')
    """
    return f"{value:,.0f} vehicles" if product in VEHICLES else f"{short(value)} USD of 2017"
