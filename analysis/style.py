"""How every figure and page looks: colours, names, units and the Plotly template.

One colour stands for one country everywhere. The five places that most stories are about (Japan,
China, Vietnam, Thailand, the United States) have Okabe and Ito's colour-blind safe colours (2008);
the others follow Tol's muted scheme (2021). Colour never tells a story alone: lines carry their
name, panels their title.
"""

from __future__ import annotations

from functools import cache

import pandas as pd
import plotly.graph_objects as go

from sim.axes import COUNTRIES, COUNTRY_NAMES, PLACES, PRODUCT_NAMES, PRODUCT_TABLE
from sim.results.texts import without_controls
from sim.units import Every, Unit

COUNTRY_COLOURS: dict[str, str] = {one.code: one.colour for one in PLACES}
"""Colour of every simulated place, in the order of :data:`sim.axes.COUNTRIES`."""

SERIES_COLOURS: tuple[str, ...] = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#882255",
    "#44AA99",
    "#999933",
    "#332288",
    "#661100",
)
"""Colours of makers, buyers, rules and mechanisms, which no country's colour fits."""

SECTOR_NAMES: dict[str, str] = {
    "vehicles": "Vehicles",
    "vehicle_parts": "Vehicle parts",
    "electronics": "Electronics",
    "components": "Components",
    "machinery": "Machinery etc.",
    "chips": "Chips, chip tools",
}

SECTORS: dict[str, tuple[str, ...]] = {
    sector: tuple(one.code for one in PRODUCT_TABLE if one.sector == sector)
    for sector in SECTOR_NAMES
}
"""Products gathered into six sectors, where one colour a product would be too many."""

SECTOR_OF: dict[str, str] = {one.code: one.sector for one in PRODUCT_TABLE}

SECTOR_COLOURS: dict[str, str] = {
    "vehicles": "#0072B2",
    "vehicle_parts": "#56B4E9",
    "electronics": "#D55E00",
    "components": "#E69F00",
    "machinery": "#009E73",
    "chips": "#AA4499",
}


DRIVER_NAMES: dict[str, str] = {
    "duty": "Duties",
    "controls": "Export controls",
    "wage": "Wages",
    "freight": "Freight",
    "fx": "Exchange rates",
    "demand": "Demand and rivals",
    "uncertainty": "Uncertainty",
    "subsidy": "Subsidies",
    "entry": "Cost of entry",
}

DRIVER_COLOURS: dict[str, str] = {
    "duty": "#D55E00",
    "controls": "#AA4499",
    "wage": "#0072B2",
    "fx": "#56B4E9",
    "freight": "#332288",
    "demand": "#009E73",
    "uncertainty": "#E69F00",
    "subsidy": "#999933",
    "entry": "#7F7F7F",
}

EVIDENCE_NAMES: dict[str, str] = {
    "read": "read in the source",
    "cited": "cited by the source's reader",
    "derived": "derived from sources",
    "recalled": "recalled, not looked up",
    "estimated": "declared estimate",
}
"""Grades of evidence, strongest first."""

INK = "#1F2933"
QUIET = "#616E7C"
RULE = "#D9DEE4"
PAPER = "#FFFFFF"
LAND = "#EEF0F2"
SEA = "#FAFBFC"
BASELINE = "#8A94A0"

FONT = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
WIDTH, HEIGHT = 1180, 560
"""Pixels of a whole figure, so that it and its title fit a laptop's 1280 x 800."""


def place(code: str) -> str:
    """Name a country code; codes that are not known stay as they are.

    >>> place("VN"), place("")
    ('Vietnam', '')
    """
    return COUNTRY_NAMES.get(code, code)


def product_name(code: str) -> str:
    """Name a product code for a reader.

    >>> product_name("consoles_cameras")
    'Consoles and cameras'
    """
    return PRODUCT_NAMES.get(code, plain(code))


def plain(identifier: str) -> str:
    """Write a snake_case id as words.

    >>> plain("us_autos_25_for_good")
    'us autos 25 for good'
    """
    return identifier.replace("_", " ")


def as_text(words: str) -> str:
    """Write somebody's words so that Plotly shows them as they are: no markup, no template.

    >>> as_text("<b>25 %{x}</b> & more")
    '&lt;b&gt;25 %&#123;x}&lt;/b&gt; &amp; more'
    """
    told = without_controls(words)
    for mark, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("%{", "%&#123;")):
        told = told.replace(mark, entity)
    return told


def clipped(text: str, room: int) -> str:
    """Shorten a text at the end of a word to at most ``room`` characters, with an ellipsis.

    >>> clipped("Footnote 5 rule (foreign direct product)", 20), clipped("Entity List", 20)
    ('Footnote 5 rule…', 'Entity List')
    """
    if len(text) <= room:
        return text
    return text[:room].rpartition(" ")[0].rstrip(" ,;:(-") + "…"


def unit_of(product: str, per: Every = "year") -> str:
    """Name the unit of a quantity of ``product``: vehicles, or USD at prices of 2017.

    >>> unit_of("cars"), unit_of("printers")
    ('vehicles a year', 'USD of 2017 a year')
    """
    return str(Unit("units", per).of(product))


def tint(colour: str, alpha: float) -> str:
    """Give a ``#RRGGBB`` colour an opacity.

    >>> tint("#0072B2", 0.2)
    'rgba(0,114,178,0.2)'
    """
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha:g})"


def years_apart(first: pd.Timestamp, last: pd.Timestamp, room: int) -> str:
    """Name the step of a time axis, in whole years, that leaves at most ``room`` labels.

    >>> years_apart(pd.Timestamp("2017-01-01"), pd.Timestamp("2030-12-01"), 8)
    'M24'
    """
    years = max(last.year - first.year + 1, 1)
    return f"M{12 * -(-years // room)}"


@cache
def template() -> go.layout.Template:
    """Make the Plotly template of every figure: light, left-aligned titles, quiet grid."""
    axis = {
        "gridcolor": RULE, "linecolor": RULE, "zerolinecolor": BASELINE, "zerolinewidth": 1,
        "ticks": "outside", "tickcolor": RULE, "ticklen": 4, "automargin": True,
        "exponentformat": "B",
        "title": {"font": {"size": 12, "color": QUIET}, "standoff": 8},
    }  # fmt: skip
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 13, "color": INK},
            "title": {"x": 0, "xref": "paper", "xanchor": "left", "font": {"size": 17},
                      "y": 1, "yref": "container", "yanchor": "top", "pad": {"t": 6},
                      "subtitle": {"font": {"size": 12.5, "color": QUIET}}},
            "colorway": [COUNTRY_COLOURS[code] for code in COUNTRIES],
            "paper_bgcolor": PAPER, "plot_bgcolor": PAPER,
            "margin": {"l": 60, "r": 24, "t": 86, "b": 56},
            "hoverlabel": {"font": {"family": FONT, "size": 12}, "align": "left"},
            "legend": {"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom",
                       "font": {"size": 12}, "title": {"font": {"size": 12}}},
            "xaxis": axis, "yaxis": axis, "separators": ".,",
            "hovermode": "closest",
        }
    )  # fmt: skip


def dressed(figure: go.Figure, title: str, subtitle: str = "", height: int = HEIGHT) -> go.Figure:
    """``figure`` with the template, its title and what its marks and units mean."""
    figure.update_layout(
        template=template(),
        title={"text": title, "subtitle": {"text": subtitle}},
        height=height,
    )
    return figure


def empty(title: str, why: str) -> go.Figure:
    """Make a figure without data that says so in words.

    >>> empty("Moves", "No firm moved.").layout.annotations[0].text
    'No firm moved.'
    """
    figure = dressed(go.Figure(), title, height=120)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    figure.add_annotation(
        text=why,
        x=0,
        y=1,
        xref="paper",
        yref="paper",
        xanchor="left",
        showarrow=False,
        yanchor="top",
        font={"size": 14, "color": QUIET},
    )
    return figure.update_layout(margin={"t": 52, "b": 20})
