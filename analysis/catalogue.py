"""Every figure, by one name each: pure functions from small tables to Plotly figures.

The tables come from :mod:`analysis.summaries.outcomes`, :mod:`analysis.summaries.relocations`,
:mod:`analysis.summaries.duties`, :mod:`analysis.summaries.chip_tools` and
:mod:`analysis.summaries.trade`; the report, the app, ``kyoten plot`` and notebooks all draw with
these.

>>> from analysis.catalogue import production  # doctest: +SKIP
>>> both = bands(run, "output", "as_enacted", "no_tariffs")  # doctest: +SKIP
>>> production(both.levels, both.base, "cars", "As enacted", "No tariffs").show()  # doctest: +SKIP
"""

from __future__ import annotations

from analysis.drawing.duty import duty_timeline
from analysis.drawing.fans import compared, difference, fan, production
from analysis.drawing.firm import firm_books, firm_plants
from analysis.drawing.graph import trade_graph
from analysis.drawing.hump import hump
from analysis.drawing.moves import moves_out, reasons, relocation_table, sankey
from analysis.drawing.tool_shares import china_shares
from analysis.drawing.tools import localisation, orders_lost, who_gains
from analysis.drawing.worldmap import relocation_map

__all__ = [
    "china_shares",
    "compared",
    "difference",
    "duty_timeline",
    "fan",
    "firm_books",
    "firm_plants",
    "hump",
    "localisation",
    "moves_out",
    "orders_lost",
    "production",
    "reasons",
    "relocation_map",
    "relocation_table",
    "sankey",
    "trade_graph",
    "who_gains",
]
