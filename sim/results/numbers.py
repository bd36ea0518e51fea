"""Amounts as people read them: vehicles, money, shares, differences with their bounds."""

from __future__ import annotations

from math import floor, isfinite, isnan, log10

from sim.axes import VEHICLES
from sim.units import unit

LEAST_SHOWN = 0.01
"""What is smaller counts as nothing, in the letter's thousands."""
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


def between(low: float, high: float) -> str:
    """Write two bounds in the same thousands; empty where they cannot be told.

    >>> between(3.77e9, 5.75e9), between(-9.07e5, 1.2e4), between(2.0, 2.0)
    ('3.8 to 5.8 bn', '-910 to 12 k', '2')
    >>> between(float("nan"), float("nan"))
    ''
    """
    if isnan(low) or isnan(high):
        return ""
    size = max(abs(low), abs(high))
    step, letter = next((s for s in _STEPS if size >= s[0]), (1.0, ""))
    first, last = (_two(value / step) for value in (low, high))
    return f"{first}{letter}" if first == last else f"{first} to {last}{letter}"


def _two(value: float) -> str:
    """Two significant digits."""
    shown = float(f"{value:.2g}")
    return f"{shown:,.10g}" if abs(shown) >= LEAST_SHOWN else "0"


def amount(value: float, *, signed: bool = False, digits: int = 3) -> str:
    """Write a quantity of which less than a hundredth does not count.

    >>> amount(0.8512), amount(-0.001), amount(41_500.0, signed=True)
    ('0.85', '0', '+41.5 k')
    """
    return short(value if abs(value) >= 1.0 else round(value, 2), digits, signed=signed)


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


def points(difference: float) -> str:
    """Give a difference of shares in percentage points.

    >>> points(0.05), points(-0.0001), points(float("nan"))
    ('+5.0', '0.0', 'n/a')
    """
    if isnan(difference):
        return "n/a"
    shown = round(100.0 * difference, 1)
    return f"{shown:+.1f}" if shown else "0.0"
