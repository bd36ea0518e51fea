"""Production by country: levels under two policies, and their paired difference."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from analysis.equations import SOURCING
from analysis.figure import PRODUCTION, RANGE, Asked, Caption, Figure
from analysis.figures.marks import mark_acts
from analysis.figures.panels import PANELS, Trace, band, fan, line, panels, policy_lines
from analysis.needs import PRODUCT
from analysis.style import (
    BASELINE,
    COUNTRY_COLOURS,
    INK,
    empty,
    place,
    product_name,
    tint,
    unit_of,
)
from analysis.summaries.acts import Act, acts, behind
from analysis.summaries.outcomes import leading, only


def production(
    levels: pd.DataFrame,
    base: pd.DataFrame,
    product: str,
    policy: str,
    against: str,
    countries: Sequence[str] | None = None,
) -> go.Figure:
    """Draw production of ``product`` by country under a policy and the one it is compared with.

    ``levels`` and ``base`` are those of :func:`analysis.summaries.outcomes.bands` of ``output``.
    Lines are medians, bands hold 80 % of replications (10-90 %); both are yearly rates. Every panel
    has its own vertical axis from zero.
    """
    mine, other = (table[table["product"] == product] for table in (levels, base))
    title = f"{product_name(product)}: production by country"
    shown = list(countries) if countries is not None else _made(mine, other)
    if not shown or mine.empty:
        return empty(title, f"No {product_name(product).lower()} are made under {policy}.")
    traces = policy_lines(policy, against)
    for number, country in enumerate(shown):
        quiet = other[other["country"] == country]
        loud = mine[mine["country"] == country]
        colour = COUNTRY_COLOURS.get(country, INK)
        traces += [
            band(number, quiet, ("low", "high"), tint(BASELINE, 0.22)),
            line(number, quiet, BASELINE, against, place(country), "dash"),
            band(number, loud, ("low", "high"), tint(colour, 0.22)),
            line(number, loud, colour, policy, place(country)),
        ]
    note = f"bands: {RANGE}; axes differ"
    return panels(traces, shown, title, f"{unit_of(product)}; {note}", {"rangemode": "tozero"})


def difference(
    differences: pd.DataFrame,
    product: str,
    policy: str,
    against: str,
    countries: Sequence[str] | None = None,
) -> go.Figure:
    """Draw production by country: ``policy`` minus ``against``, paired by replication.

    ``differences`` is that of :func:`analysis.summaries.outcomes.bands` of ``output``. The dark
    band holds half of the replications (25-75 %), the light one 80 % (10-90 %). Panels share their
    axis.
    """
    mine = differences[differences["product"] == product]
    title = f"{product_name(product)}: {policy} minus {against}"
    shown = list(countries) if countries is not None else _moved(mine)
    if not shown:
        return empty(title, "The two policies make the same everywhere: every difference is zero.")
    traces: list[Trace] = []
    for number, country in enumerate(shown):
        part = mine[mine["country"] == country]
        colour = COUNTRY_COLOURS.get(country, INK)
        traces += fan(number, part, colour, place(country))
    note = f"paired run by run; band: {RANGE}, darker: 5 in 10; one axis for all panels"
    matched = {"matches": "y", "zeroline": True}
    return panels(traces, shown, title, f"{unit_of(product)}; {note}", matched)


def _made(*levels: pd.DataFrame) -> list[str]:
    """Countries that make most under either policy."""
    return leading(pd.concat(levels), PANELS)


def _moved(table: pd.DataFrame) -> list[str]:
    """Countries with the widest difference, counting the edge of the band, not only its middle."""
    edge = table.assign(median=table[["low", "high"]].abs().max(axis=1))
    return leading(edge, PANELS)


def _production(asked: Asked) -> go.Figure:
    both = asked.held.bands("output", asked.policy, asked.against)
    product = asked[PRODUCT]
    shown = _made(*(only(table, product=product) for table in (both.levels, both.base)))
    drawn = production(both.levels, both.base, product, *asked.names, shown)
    return mark_acts(drawn, _acts(asked, shown), shown)


def _difference(asked: Asked) -> go.Figure:
    both = asked.held.bands("output", asked.policy, asked.against)
    shown = _moved(only(both.difference, product=asked[PRODUCT]))
    drawn = difference(both.difference, asked[PRODUCT], *asked.names, shown)
    return mark_acts(drawn, _acts(asked, shown), shown)


def _acts(asked: Asked, shown: Sequence[str]) -> list[Act]:
    """Acts of the law after which the output of these places changes most."""
    product = asked[PRODUCT]
    moved = only(
        asked.held.bands("output", asked.policy, asked.against).difference, product=product
    )
    return behind(acts(asked.run, asked.policy, asked.against, product), moved, shown)


FIGURES = (
    Figure(
        "production",
        "production of a product by country, policy against policy, with bands",
        PRODUCTION,
        _production,
        needs=(PRODUCT,),
        report={},
        caption=Caption(
            unit="vehicles or USD of 2017 a year",
            band=RANGE,
            method="quarters as yearly rates, median over single runs; an axis for each place; "
            "numbers: acts of the law after which output changes most",
            equation=SOURCING,
            sources="outcome output and law.json of the run; base year from output_2017.csv",
        ),
    ),
    Figure(
        "difference",
        "the paired difference of that production",
        PRODUCTION,
        _difference,
        needs=(PRODUCT,),
        report={},
        caption=Caption(
            unit="vehicles or USD of 2017 a year",
            band=f"{RANGE}; darker: 5 in 10 (25-75 %)",
            method="one policy minus the other run by run, then the median; places share one "
            "axis; numbers: acts of the law after which output changes most",
            equation=SOURCING,
            sources="outcome output and law.json of the run",
        ),
    ),
)
