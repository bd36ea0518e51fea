"""One figure as a file: what its ending says, with where it comes from and how to make it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import plotly.graph_objects as go

from analysis import catalogue
from analysis.figure import Asked, Figure
from analysis.needs import ROOM
from analysis.pages import (
    figure_content,
    figure_page,
    look,
    outlines_script,
    page,
    plotly_script,
    scripts,
)
from analysis.pictures.browser import OpenPage, in_browser, require_browser
from analysis.style import WIDTH
from sim.errors import Fault, QueryError
from sim.results.endings import ending_of
from sim.results.run_folder.files import write_whole
from sim.results.source import reproduce_line, source_line

ENDINGS = ("html", "json", "png", "svg", "pdf")
PICTURES = ("png", "svg", "pdf")
WIDEST_MM = 400.0
"""Widest figure on paper; journals print 85 mm (one column) or 174 mm (two)."""
SMALLEST_PT = 7.0
"""Smallest letters of a paper figure."""

_PX_PER_MM = 96 / 25.4
_PX_PER_PT = 96 / 72
_SHRUNK = 0.75
"""A paper figure is laid out a third wider, then shrunk, its letters and lines with it."""
_COLUMN = 600.0
"""Pixels of a layout below which panels stand one below the other."""
_PAPER_DPI, _SCREEN_SCALE = 600, 2.0


@dataclass(frozen=True, slots=True)
class _Size:
    """Width of the layout in pixels, what one of them measures in the file, smallest letters."""

    width: float
    unit: float
    measure: str
    smallest: float
    scale: float

    @property
    def letters(self) -> Mapping[str, float]:
        """Sizes of title, subtitle and the lines below the figure, in pixels of the layout."""
        paper = self.measure == "mm"
        return {
            "title": 15.5 if paper else 17.0,
            "subtitle": max(12.5, self.smallest),
            "small": max(11.5, self.smallest),
        }


def _size(paper_mm: float | None) -> _Size:
    if paper_mm is None:
        return _Size(WIDTH, 1.0, "px", 0.0, _SCREEN_SCALE)
    width = paper_mm * _PX_PER_MM / _SHRUNK
    smallest = SMALLEST_PT * _PX_PER_PT / _SHRUNK
    return _Size(round(width, 1), paper_mm / round(width, 1), "mm", smallest, _PAPER_DPI / 96)


def check_figure_file(figure: Figure, path: Path, paper_mm: float | None = None) -> str:
    """Ending of a figure's file; refused before anything is drawn.

    Raises
    ------
    QueryError
        The ending is not known, or is none of a picture where a paper figure is asked for; the
        figure cannot be so narrow, or no page is so wide.
    InputError
        A picture is asked for and no browser is on this machine.
    """
    ending = ending_of(path, ENDINGS if paper_mm is None else PICTURES)
    if paper_mm is not None and not figure.narrowest_mm <= paper_mm <= WIDEST_MM:
        wrong = f"`{figure.name}` cannot be {paper_mm:g} mm wide"
        cure = f"give {figure.narrowest_mm:g} to {WIDEST_MM:g}"
        raise QueryError(Fault("", "paper", wrong, f"{cure}; journals print 85 or 174"))
    if ending in PICTURES:
        require_browser(path)
    return ending


def write_figure(
    figure: Figure, asked: Asked, path: str | Path, paper_mm: float | None = None
) -> None:
    """Draw a figure of what is asked and write it into ``path`` as its ending says.

    HTML carries all that it needs; PNG, SVG and PDF are made by the browser of this machine,
    without what only a screen can use. ``paper_mm`` is the width of a figure for a paper.

    Raises
    ------
    InputError
        The ending, the width or the machine is refused (:func:`check_figure_file`).
    RunError
        The browser failed, or the file cannot be written.
    """
    target = Path(path)
    ending = check_figure_file(figure, target, paper_mm)
    size = _size(paper_mm)
    held = _in_half(figure, asked) if size.width < _COLUMN else asked
    lines = told_below(figure, held, target, paper_mm)
    drawn = catalogue.drawn(figure, held)
    told = {"source": lines[0], "reproduce": lines[1]}
    drawn.update_layout(meta={**(drawn.layout.meta or {}), **told})
    title = f"{figure.name}: {asked.run.manifest.experiment}"
    if ending == "json":
        content = str(drawn.to_json()).encode()
    elif ending == "html":
        content = figure_page(drawn, title, lines).encode()
    else:
        content = _picture(drawn, title, lines, size, target)
    write_whole(target, lambda file: file.write(content))


def _in_half(figure: Figure, asked: Asked) -> Asked:
    """The same for half a screen, where a figure can be laid out for it."""
    if ROOM not in figure.needs:
        return asked
    return replace(asked, values={**asked.values, ROOM.name: "half"})


def told_below(
    figure: Figure, asked: Asked, path: Path, paper_mm: float | None = None
) -> tuple[str, str]:
    """Source line and reproduce line of a figure's file."""
    told = {need.name: asked[need] for need in figure.needs}
    options = {"policy": asked.policy, "against": asked.against, **told}
    command = ["kyoten", "plot", "DIR", figure.name]
    command += [word for name, value in options.items() for word in (f"--{name}", value)]
    command += [] if paper_mm is None else ["--paper", f"{paper_mm:g}"]
    command += ["--out", path.name]
    source = source_line(asked.run, (asked.policy, asked.against))
    return source, reproduce_line(asked.run, command)


def _picture(
    figure: go.Figure, title: str, lines: tuple[str, str], size: _Size, path: Path
) -> bytes:
    drawn = page(
        "still.html",
        title=title,
        still=_still(figure, lines, size),
        outlines=outlines_script(),
        plotly=plotly_script(),
        script=scripts("still.js"),
    )

    async def taken(opened: OpenPage) -> bytes:
        box: dict[str, Any] = await opened.value("window.still")
        if path.suffix.lower() == ".svg":
            return str(box["svg"]).encode()
        if path.suffix.lower() == ".pdf":
            return await opened.pdf(box["width"], box["height"])
        return await opened.png(box["width"], box["height"])

    return in_browser(drawn, (WIDTH, 800, size.scale), taken, path)


def _still(figure: go.Figure, lines: tuple[str, str], size: _Size) -> dict[str, object]:
    """What `still.js` draws."""
    return {
        "figure": figure_content(figure),
        "look": look(),
        "lines": lines,
        "width": size.width,
        "map": WIDTH / 2 if size.width < _COLUMN else WIDTH,
        "column": _COLUMN,
        "unit": size.unit,
        "measure": size.measure,
        "smallest": size.smallest,
        **size.letters,
    }
