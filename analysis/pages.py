"""Pieces of HTML pages: Jinja templates of ``analysis/assets``, and figures packed for the browser.

Jinja escapes every value that is not :class:`markupsafe.Markup`, which only templates make.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import plotly.graph_objects as go
import plotly.io
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from analysis.style import template


@cache
def asset(name: str) -> str:
    """Text of a file of ``analysis/assets``."""
    return (files("analysis") / "assets" / name).read_text(encoding="utf-8")


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("analysis", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def fragment(name: str, **values: object) -> Markup:
    """Fill the macro ``name`` of ``fragments.html``; every value but Markup is escaped.

    >>> fragment("note", text="a < b")
    Markup('<p class="note">a &lt; b</p>')
    """
    macros = _templates().get_template("fragments.html").module
    filled: Markup = getattr(macros, name)(**values)
    return filled


def page(name: str, **values: object) -> Markup:
    """Fill a whole page, the file ``name`` of ``analysis/assets``."""
    return Markup(_templates().get_template(name).render(**values))  # noqa: S704 - escaped by Jinja


def joined(parts: Iterable[Markup]) -> Markup:
    """Markup one after the other."""
    return Markup("\n").join(parts)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: heading, whether it holds numbers, and a hint for the reader."""

    title: str
    number: bool = False
    hint: str = ""


def table(
    caption: str, columns: Sequence[Column], rows: Iterable[Sequence[object]], kind: str = ""
) -> Markup:
    """Lay out a table; a cell is text, a number already written, or Markup."""
    return fragment("table", caption=caption, columns=columns, rows=list(rows), kind=kind)


def figure_content(figure: go.Figure) -> dict[str, Any]:
    """A figure as plain content without the template, which pages hold once (see `look`)."""
    content: dict[str, Any] = json.loads(plotly.io.to_json(figure, validate=False))
    content["layout"].pop("template", None)
    return content


@cache
def look() -> dict[str, Any]:
    """The Plotly template of every figure as plain content."""
    figure = go.Figure(layout={"template": template()})
    content: dict[str, Any] = json.loads(plotly.io.to_json(figure, validate=False))
    told: dict[str, Any] = content["layout"]["template"]
    return told


def scripts(*names: str) -> Markup:
    """Scripts of ``analysis/assets`` in order, safe to stand inside a script element."""
    return _script("\n".join(asset(name) for name in names))


def packed(content: object) -> str:
    """Content as base64 of gzipped JSON, the same bytes for the same content."""
    return squeezed(json.dumps(content, ensure_ascii=False, separators=(",", ":")))


def squeezed(text: str) -> str:
    """Text as base64 of gzip, the same bytes for the same text."""
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode("ascii")


@cache
def plotly_packed() -> str:
    """The source of plotly.js for a page that unpacks it: a fifth of its size."""
    return squeezed(get_plotlyjs())


@cache
def outlines_packed() -> str:
    """The script of the outlines for a page that unpacks it."""
    return squeezed(outlines_script())


@cache
def plotly_script() -> Markup:
    """The source of plotly.js, made safe to stand inside a script element."""
    return _script(get_plotlyjs())


@cache
def outlines_script() -> Markup:
    """Script that gives Plotly the outlines of the map, so that it asks no server for them."""
    outlines = asset("world_110m.json").replace("<", "\\u003c")
    return _script(f"window.PlotlyGeoAssets={{topojson:{{world_110m:{outlines}}}}};")


def _script(source: str) -> Markup:
    """Source of our own and of plotly.js, which cannot end its element."""
    return Markup(source.replace("</script", "<\\/script"))  # noqa: S704 - no user's text is in it


def figure_page(figure: go.Figure, title: str, lines: Sequence[str] = ()) -> str:
    """Write a page of one figure that carries all that it needs and asks nobody.

    ``lines`` stand below the figure: where it comes from, how to make it again.
    """
    return page(
        "figure.html",
        title=title,
        lines=lines,
        figure=figure_content(figure),
        look=look(),
        outlines=outlines_script(),
        plotly=plotly_script(),
        script=scripts("figures.js"),
        css=Markup(asset("page.css")),  # noqa: S704 - a file of ours
    )
