"""Pieces of HTML pages: fragments from files, escaped text, and figures packed for the browser.

Every word of markup lives in ``analysis/assets``; this module only fills it in. Text is escaped
unless it is :class:`Html`, which only these functions make.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

import plotly.graph_objects as go
import plotly.io
from plotly.offline import get_plotlyjs

from analysis.style import template


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


@cache
def asset(name: str) -> str:
    """Text of a file of ``analysis/assets``."""
    return (files("analysis") / "assets" / name).read_text(encoding="utf-8")


@cache
def _fragments() -> dict[str, Template]:
    parts = re.split(r"^<!-- (\w+) -->\n", asset("fragments.html"), flags=re.MULTILINE)[1:]
    return {
        name: Template(body.rstrip("\n"))
        for name, body in zip(parts[::2], parts[1::2], strict=True)
    }


def fragment(name: str, **values: object) -> Html:
    """Fill the fragment ``name`` of ``fragments.html``; every value but Html is escaped.

    >>> fragment("cell", text="a < b")
    '<td>a &lt; b</td>'
    """
    return Html(_fragments()[name].substitute({k: safe(v) for k, v in values.items()}))


def page(name: str, **values: object) -> Html:
    """Fill a whole page, the file ``name`` of ``analysis/assets``."""
    return Html(Template(asset(name)).substitute({k: safe(v) for k, v in values.items()}))


def safe(value: object) -> Html:
    """Give markup as it is, anything else as escaped text."""
    return value if isinstance(value, Html) else Html(escape(str(value), quote=True))


def joined(parts: Iterable[Html]) -> Html:
    """Markup one after the other."""
    return Html("\n".join(parts))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: heading, whether it holds numbers, and a hint for the reader."""

    title: str
    number: bool = False
    hint: str = ""


def table(
    caption: str, columns: Sequence[Column], rows: Iterable[Sequence[object]], kind: str = ""
) -> Html:
    """Lay out a table; a cell is text, a number already written, or Html."""
    head = joined(
        fragment("head", kind="number" if c.number else "text", title=c.title, hint=c.hint)
        for c in columns
    )
    body = joined(
        fragment(
            "row",
            cells=joined(
                fragment("number" if column.number else "cell", text=cell)
                for column, cell in zip(columns, row, strict=True)
            ),
        )
        for row in rows
    )
    return fragment("table", kind=kind, caption=caption, head=head, body=body)


def options(choices: Mapping[str, str], chosen: str | None = None) -> Html:
    """Entries of a select box: value to label."""
    return joined(
        fragment("chosen" if value == chosen else "option", value=value, label=label)
        for value, label in choices.items()
    )


def figure_content(figure: go.Figure) -> dict[str, Any]:
    """A figure as plain content without the template, which pages hold once (see `look`)."""
    content: dict[str, Any] = json.loads(plotly.io.to_json(figure, validate=False))
    content["layout"].pop("template", None)
    return content


def look() -> Html:
    """The Plotly template of every figure as JSON for a script element."""
    figure = go.Figure(layout={"template": template()})
    content = json.loads(plotly.io.to_json(figure, validate=False))["layout"]["template"]
    return script_json(content)


def script_json(content: object) -> Html:
    r"""Write JSON that cannot end the script element it stands in.

    >>> script_json({"a": "</script><!--"})
    '{"a": "\\u003c/script>\\u003c!--"}'
    """
    return Html(json.dumps(content, ensure_ascii=False).replace("<", "\\u003c"))


def scripts(*names: str) -> Html:
    """Scripts of ``analysis/assets`` in order, safe to stand inside a script element."""
    return Html("\n".join(asset(name).replace("</script", "<\\/script") for name in names))


def packed(content: object) -> Html:
    """Content as base64 of gzipped JSON, the same bytes for the same content."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Html(base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode("ascii"))


@cache
def plotly_script() -> Html:
    """The source of plotly.js, made safe to stand inside a script element."""
    return Html(get_plotlyjs().replace("</script", "<\\/script"))


@cache
def outlines_script() -> Html:
    """Script that gives Plotly the outlines of the map, so that it asks no server for them."""
    outlines = asset("world_110m.json").replace("<", "\\u003c")
    return Html(f"window.PlotlyGeoAssets={{topojson:{{world_110m:{outlines}}}}};")
