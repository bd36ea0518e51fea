"""Credits on domestic output: what assemblers may set off against duty on imported parts.

The only one in the law is the import-adjustment offset (Proclamation 10925): a share of the list
price of cars assembled in the United States. It is never part of a rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.arrays import Floats
from sim.axes import COUNTRIES, COUNTRY_INDEX, PRODUCT_INDEX, PRODUCTS
from sim.law.law import Law


@dataclass(frozen=True, slots=True)
class Credit:
    """A share of the value of output in ``importer``, usable against duty on ``products``."""

    instrument: str
    importer: str
    products: tuple[str, ...]
    share: float
    source: str


def credits_on(law: Law, on: date) -> tuple[Credit, ...]:
    """Output credits in force on a day; ``share`` is positive.

    >>> from sim.law.law import load_law
    >>> [credit.share for credit in credits_on(load_law(), date(2025, 6, 1))]
    [0.0375]
    """
    return tuple(
        Credit(
            instrument.id,
            instrument.importer,
            instrument.products,
            -(span.value.rate or 0.0),
            span.value.provenance.source,
        )
        for instrument in law.instruments
        for span in instrument.spans()
        if span.value.kind == "output_credit" and span.covers(on)
    )


def monthly_credit(law: Law, months: Sequence[date]) -> Floats:
    """float64[T, J, K]: credit by month (day of its first day), country of output and parts."""
    credit = np.zeros((len(months), len(COUNTRIES), len(PRODUCTS)))
    for t, month in enumerate(months):
        for given in credits_on(law, month):
            for product in given.products:
                credit[t, COUNTRY_INDEX[given.importer], PRODUCT_INDEX[product]] += given.share
    return credit
