"""Sentences whose every number is a figure of a table, kept beside the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sim.results.answer.measures import VEHICLES_UNIT
from sim.results.answer.totals import Total
from sim.results.numbers import short


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a sentence as it is written, its value, and the field of the total it is.

    ``total`` is None for what is no field of a total: a share of reasons, a count of draws.
    """

    shown: str
    value: float
    total: Total | None = None
    field: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and the figures in it, in their order."""

    text: str
    figures: tuple[Figure, ...] = ()

    def __str__(self) -> str:
        return self.text


@dataclass(slots=True)
class Speech:
    """A sentence in the making: every number that is asked for is kept."""

    figures: list[Figure] = field(default_factory=list)

    def amount(self, total: Total, name: str = "difference", *, unit: bool = True) -> str:
        """Size of a field of ``total`` without its sign, with its unit unless ``unit`` is False."""
        value = getattr(total if name in ("base", "level") else total.spread, name)
        return self._keep(quantity(abs(value), total.unit if unit else "", total.unit), total, name)

    def bounds(self, total: Total, low: str, high: str) -> tuple[str, str]:
        """Two bounds of the spread of ``total``: sizes where every future has the mean's sign.

        Where a bound has the other sign, the bounds of both spreads keep their signs. Sizes stand
        in rising order.
        """
        known = total.spread
        if known.futures_low < 0.0 < known.futures_high or known.low < 0.0 < known.high:
            return self._signed(total, low, ""), self._signed(total, high, total.unit)
        names = (high, low) if known.difference < 0.0 else (low, high)
        return self.amount(total, names[0], unit=False), self.amount(total, names[1])

    def _signed(self, total: Total, name: str, written: str) -> str:
        value = getattr(total.spread, name)
        size = quantity(abs(value), written, total.unit)
        return self._keep(f"{'-' if value < 0 else '+'}{size}", total, name)

    def size(self, value: float, total: Total, *, unit: bool = True) -> str:
        """Write a value in the unit of ``total``, with a minus where it has the other sign."""
        sign = "-" if value * total.difference < 0.0 else ""
        shown = quantity(abs(value), total.unit if unit else "", total.unit)
        return self._keep(f"{sign}{shown}", None, "", value)

    def ratio(self, value: float) -> str:
        """Write a ratio with two significant digits."""
        return self._keep(f"{value:.2g}", None, "", value)

    def count(self, number: int) -> str:
        """Write a count."""
        return self._keep(f"{number:,}", None, "", number)

    def percent(self, share: float) -> str:
        """Write a share as per cent without decimals."""
        return self._keep(f"{100.0 * share:.0f} %", None, "", share)

    def signed(self, value: float) -> str:
        """Write a correlation."""
        return self._keep(f"{value:+.2f}", None, "", value)

    def end(self, text: str) -> Sentence:
        """Finish the sentence."""
        return Sentence(text, tuple(self.figures))

    def _keep(self, shown: str, total: Total | None, name: str, value: float = 0.0) -> str:
        if total is not None:
            value = float(getattr(total if name in ("base", "level") else total.spread, name))
        self.figures.append(Figure(shown, value, total, name))
        return shown


def quantity(value: float, written: str, unit: str) -> str:
    """Write an amount with two significant digits; ``written`` empty leaves the unit out.

    >>> quantity(172_249.0, "vehicles", "vehicles"), quantity(4.79e9, "USD", "USD")
    ('170,000 vehicles', '4.8 bn USD')
    >>> quantity(4.79e9, "", "USD")
    '4.8 bn'
    """
    if unit == VEHICLES_UNIT:
        text = f"{float(f'{value:.2g}'):,.0f}"
        return f"{text} vehicles" if written else text
    return f"{short(value, 2)} USD" if written else short(value, 2)


def listed(words: Sequence[str]) -> str:
    """Join words as a sentence has them.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def quoted(title: str) -> str:
    """Give a title as a sentence holds it.

    >>> quoted("As enacted")
    '“As enacted”'
    """
    return f"“{title}”"
