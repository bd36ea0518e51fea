"""Any outcome of one group under two policies, with bands over replications."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

import plotly.graph_objects as go

from analysis.equations import EACH_ITS_OWN
from analysis.figure import OUTCOMES as SECTION
from analysis.figure import RANGE, Asked, Caption, Figure
from analysis.figures.panels import band, fan, line, panels, policy_lines
from analysis.needs import GROUP, OUTCOME
from analysis.style import BASELINE, COUNTRY_COLOURS, INK, as_text, empty, tint
from analysis.summaries.outcomes import Bands, only


def compared(
    both: Bands, group: Mapping[str, str], title: str, unit: str, policy: str, against: str
) -> go.Figure:
    """Draw one group of an outcome under two policies, and beside it their paired difference.

    ``group`` names the code of every key of the outcome's groups.
    """
    one, other, less = (only(t, **group) for t in (both.levels, both.base, both.difference))
    if one.empty:
        return empty(title, "This run holds no such group.")
    traces = [
        *policy_lines(policy, against),
        band(0, other, ("low", "high"), tint(BASELINE, 0.22)),
        line(0, other, BASELINE, against, title, "dash"),
        band(0, one, ("low", "high"), tint(INK, 0.16)),
        line(0, one, INK, policy, title),
        *fan(1, less, COUNTRY_COLOURS.get(group.get("country", ""), INK), f"{title}, difference"),
    ]
    note = f"{unit}; median; band: {RANGE}; right, darker: 5 in 10"
    heads = ["Both policies", f"{policy} minus {against}, paired"]
    return panels(traces, heads, title, note, {"zeroline": True})


def _outcome(asked: Asked) -> go.Figure:
    outcome = asked.run.require_outcome(asked[OUTCOME])
    both = asked.held.bands(asked[OUTCOME], asked.policy, asked.against)
    group = dict(parse_qsl(asked[GROUP]))
    label = next(
        name for code, name in GROUP.choices(asked.held, asked.values) if code == asked[GROUP]
    )
    unit = str(outcome.unit_of("year", group.get("product", "")))
    title = f"{outcome.description[0].upper()}{outcome.description[1:]}: {as_text(label)}"
    return compared(both, group, title, unit, *asked.names)


FIGURES = (
    Figure(
        "outcome",
        "any outcome of a group, policy against policy, and its paired difference",
        SECTION,
        _outcome,
        needs=(OUTCOME, GROUP),
        caption=Caption(
            unit="the outcome's own, written in the figure",
            band=f"{RANGE}; right, darker: 5 in 10 (25-75 %)",
            method="quarters, median over single runs; right: one policy minus the other run by "
            "run",
            equation=EACH_ITS_OWN,
            sources="outcomes of the run",
        ),
    ),
)
