"""What stands beside a figure: unit, band, source; method and equation when they are asked for."""

from __future__ import annotations

from markupsafe import Markup

from analysis.figure import Caption, Figure
from analysis.open_run import OpenRun
from analysis.pages import fragment
from sim.axes import VEHICLES
from sim.results.run_folder.query import RunFolder
from sim.results.source import source_line

BY_USER = "by the user's file: it tells neither unit nor band"
"""What is told of a figure without a caption."""


def caption_of(held: OpenRun, figure: Figure, policy: str, against: str) -> Markup:
    """The caption of a figure, with the run, law and data that it rests on."""
    source = held.once(
        ("source", policy, against), lambda: source_line(held.run, (policy, against))
    )
    evidence = held.once(("evidence",), lambda: evidence_line(held.run))
    told: Caption | None = figure.caption
    return fragment("caption", told=told, by_user=BY_USER, source=source, evidence=evidence)


def evidence_line(run: RunFolder) -> str:
    """How much of the base year's output rests on which grade of evidence."""
    lines = run.lines
    vehicles = lines["product"].isin(VEHICLES)
    parts = []
    for name, own in (("vehicles", lines[vehicles]), ("goods", lines[~vehicles])):
        weight = own.groupby("evidence")["base_units"].sum().sort_values(ascending=False)
        if weight.sum() > 0:
            grades = [f"{grade} {part:.0%}" for grade, part in (weight / weight.sum()).items()]
            parts.append(f"{name} {', '.join(grades)}")
    return f"Evidence of the base year's output: {'; '.join(parts)}." if parts else ""
