"""Amounts as people read them: vehicles, money, shares, differences with their intervals."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor, isfinite, isnan, log10
from typing import Any

from sim.axes import VEHICLES
from sim.units import unit

_STEPS = ((1e12, " tn"), (1e9, " bn"), (1e6, " m"), (1e3, " k"))


def short(value: float, digits: int = 3, *, signed: bool = False) -> str:
    """Write a number with a letter for its size, ``digits`` significant.

    >>> short(1_234_000_000), short(-56_700, signed=True), short(8.0), short(float("nan"))
    ('1.23 bn', '-56.7 k', '8', 'n/a')
    """
    if not isfinite(value):
        return "n/a"
    size = float(f"{abs(value):.{digits}g}")
    step, letter = next((s for s in _STEPS if size >= s[0]), (1.0, ""))
    shown = size / step
    decimals = max(0, digits - 1 - floor(log10(shown))) if shown else 0
    text = f"{shown:,.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    sign = "" if not size else "-" if value < 0 else "+" if signed else ""
    return f"{sign}{text}{letter}"


def amount(value: float, *, signed: bool = False) -> str:
    """Write a quantity of which less than a hundredth does not count.

    >>> amount(0.8512), amount(-0.001), amount(41_500.0, signed=True)
    ('0.85', '0', '+41.5 k')
    """
    return short(value if abs(value) >= 1.0 else round(value, 2), signed=signed)


def money(value: float, *, signed: bool = False) -> str:
    """Give an amount in USD.

    >>> money(4_100_000, signed=True)
    '+4.1 m USD'
    """
    return f"{amount(value, signed=signed)} USD"


def dollars(value: float) -> str:
    """Give US dollars as a label has them; never with a dollar sign, which Plotly takes for TeX.

    >>> dollars(2.5e8), dollars(-1200)
    ('USD 250 m', 'USD -1.2 k')
    """
    text = short(value)
    return text if text == "n/a" else f"USD {text}"


def count(value: float, product: str) -> str:
    """Give a quantity of a product with its unit.

    >>> count(30_000_000, "printers"), count(41_500, "cars")
    ('30 m USD of 2017', '41,500 vehicles')
    """
    return f"{f'{value:,.0f}' if product in VEHICLES else amount(value)} {unit(product)}"


def percent(share: float, digits: int = 1) -> str:
    """Write a share of 0..1 as per cent.

    >>> percent(0.1234), percent(-0.0001), percent(0.275, 0), percent(float("nan"))
    ('12.3 %', '0.0 %', '28 %', 'n/a')
    """
    return f"{100.0 * share:z.{digits}f} %" if isfinite(share) else "n/a"


def interval(row: Mapping[Any, Any]) -> str:
    """Give ``difference`` with its interval ``low`` to ``high``, all three in the same thousands.

    >>> interval({"difference": -1234.0, "low": -1500.0, "high": -1000.0})
    '-1.23 [-1.5, -1] k'
    >>> interval({"difference": 5.0, "low": None, "high": None})
    '+5'
    """
    told = _told(row)
    if told == [0.0, 0.0, 0.0]:
        return "0"
    size = max(abs(value) for value in told if not isnan(value))
    step, letter = next((s for s in _STEPS if size >= s[0]), (1.0, ""))
    difference, low, high = (f"{value / step:+.3g}" for value in told)
    between = "" if isnan(told[1]) else f" [{low}, {high}]"
    return f"{difference}{between}{letter}"


def points(row: Mapping[Any, Any]) -> str:
    """Give a difference of shares in percentage points, with its interval.

    >>> points({"difference": 0.05, "low": 0.04, "high": 0.061})
    '+5.0 [+4.0, +6.1] pt'
    """
    told = [100.0 * value for value in _told(row)]
    if isnan(told[0]):
        return "n/a"
    mean, low, high = (f"{value:+z.1f}" for value in told)
    between = "" if isnan(told[1]) else f" [{low}, {high}]"
    return f"{mean}{between} pt"


def _told(row: Mapping[Any, Any]) -> list[float]:
    """Difference, low and high; NaN for one that cannot be told."""
    values = (row[name] for name in ("difference", "low", "high"))
    return [float("nan") if value is None else float(value) for value in values]
