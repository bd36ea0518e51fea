"""Questions to the law in plain words: codes or names, days as text, as enacted by default.

These are what ``sim.law`` offers; each wants ``under``, a law made with
:func:`~sim.law.reforms.edits.apply_reforms`, only where a reform is asked about.

>>> rate("JP", "US", "cars", on="2025-06-15").total
0.275
>>> rate("Japan", "United States", "passenger cars", on="2025-06-15").total
0.275
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import overload

from sim.errors import Fault, LawError
from sim.law.controls import procedure
from sim.law.controls.law import ControlLaw
from sim.law.controls.query import Decision, MaterialDecision, MaterialQuery, Query
from sim.law.controls.switches import Switches
from sim.law.law import Law, load_law
from sim.law.rates import schedule
from sim.law.rates.schedule import Rate
from sim.law.telling import explain as explaining
from sim.law.telling import timeline as listing
from sim.law.telling.explain import Explanation
from sim.law.telling.timeline import Spell
from sim.spelling import COUNTRY, PRODUCT


def day(on: date | str) -> date:
    """A day as it was written.

    Raises
    ------
    LawError
        The text is no day.

    >>> day("2025-06-15")
    datetime.date(2025, 6, 15)
    """
    if isinstance(on, date):
        return on
    try:
        return date.fromisoformat(on)
    except ValueError as error:
        raise LawError(Fault("", "on", f"`{on}` is not a date", "write YYYY-MM-DD")) from error


def codes(exporter: str, importer: str, product: str) -> tuple[str, str, str]:
    """A flow by its codes, each written as a code or as a name."""
    return COUNTRY.code(exporter), COUNTRY.code(importer), PRODUCT.code(product)


def rate(
    exporter: str,
    importer: str,
    product: str,
    on: date | str,
    *,
    claim: str | None = None,
    us_content: float = 0.0,
    under: Law | None = None,
) -> Rate:
    """The duty of one flow on one day (share of value) with the parts that make it up.

    ``claim`` is ``best``, an agreement, or None for no preference; ``us_content`` the approved US
    share (0..1) of a vehicle's value. Errors as :func:`sim.law.rates.schedule.rate`.
    """
    law, flow = under or load_law(), codes(exporter, importer, product)
    return schedule.rate(law, *flow, day(on), claim, us_content)


def explain(
    exporter: str,
    importer: str,
    product: str,
    on: date | str,
    *,
    claim: str | None = None,
    us_content: float = 0.0,
    under: Law | None = None,
) -> Explanation:
    """The same duty with its measures, authorities, sources, and what is in doubt.

    >>> explain("JP", "US", "cars", on="2025-06-15").sum
    '2.5 % + 25 % = 27.5 %'
    """
    law, flow = under or load_law(), codes(exporter, importer, product)
    return explaining.explain(law, *flow, day(on), claim, us_content)


def timeline(
    importer: str,
    product: str,
    exporters: Iterable[str] | None = None,
    *,
    claim: str | None = None,
    under: Law | None = None,
) -> tuple[Spell, ...]:
    """Every rate that a product has paid in a market, origin by origin, in order of time.

    >>> [(spell.start.isoformat(), spell.rate) for spell in timeline("US", "cars", ["JP"])][:2]
    [('2017-01-01', 0.025), ('2025-04-03', 0.275)]
    """
    market, good = COUNTRY.code(importer), PRODUCT.code(product)
    origins = None if exporters is None else [COUNTRY.code(one) for one in exporters]
    return listing.timeline(under or load_law(), market, good, origins, claim)


@overload
def licence(
    query: Query, on: date | str, *, switches: Switches | None = ..., under: ControlLaw | None = ...
) -> Decision: ...
@overload
def licence(
    query: MaterialQuery,
    on: date | str,
    *,
    switches: Switches | None = ...,
    under: ControlLaw | None = ...,
) -> MaterialDecision: ...
def licence(
    query: Query | MaterialQuery,
    on: date | str,
    *,
    switches: Switches | None = None,
    under: ControlLaw | None = None,
) -> Decision | MaterialDecision:
    """May a chip tool, or a material, be shipped on a day: every authority's answer and why.

    ``switches`` answer open legal questions otherwise than declared. Raises LawError with every
    word of the query that is wrong.

    >>> etcher = Query("3B001", 0.05, made="JP", shipped_from="JP", to="CN", customer="smic")
    >>> licence(etcher, "2025-02-15").us
    'EXEMPT_S4'
    """
    if isinstance(query, MaterialQuery):
        return procedure.decide_material(query, day(on), switches, under)
    return procedure.decide(query, day(on), switches, under)
