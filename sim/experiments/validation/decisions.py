"""What the page of validation tells of dated decisions: who moved, how likely the model held it."""

from __future__ import annotations

from sim.experiments.decisions.account import (
    CONSTRAINED,
    DIAL_TABLE,
    FORECAST_TABLE,
    FORECASTS,
    MECHANISM_TABLE,
    MECHANISMS,
    SCORE_TABLE,
    SCORES,
    read,
)
from sim.world.dials import NARROWED

_HEAD = """## Where plants go: decisions of 2018 to 2020

The panel `sim/data/targets/decisions.csv` (movers and stayers) against draws of the parameters
given that panel ([how](calibration.md), `kyoten calibrate --on decisions`). Scores are means over
cases by half-year and place; *case left out* forecasts each by draws weighed without it. Nothing
after 2020 is used.

| forecast | log score (larger is better) | Brier score (smaller is better) | right |
|---|---:|---:|---:|"""
_CASES = """
| case | moved | to | chance of moving | likeliest place | log score over base rates |
|---|---|---|---:|---|---:|"""


def decisions() -> str:
    """The section, from the tables of the last fit."""
    lines = [_HEAD]
    lines += [
        f"| {row.text('forecast')} | {row.number('log_score'):.2f} | {row.number('brier'):.2f} "
        f"| {row.number('hits'):.0%} |"
        for row in read(SCORES, SCORE_TABLE)
    ]
    lines.append(_CASES)
    for row in read(FORECASTS, FORECAST_TABLE):
        cells = (
            row.text("case"),
            row.text("half") or "stayed",
            " ".join(row.words("to")),
            f"{row.number('chance_of_moving'):.2f}",
            row.text("likeliest"),
            f"{row.number('log_over_base'):+.1f}",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, "", *_dials(), "", _mechanisms(), ""])


def _mechanisms() -> str:
    """What the forecast loses without each mechanism, the draws as they are."""
    rows = sorted(read(MECHANISMS, MECHANISM_TABLE), key=lambda row: row.number("change"))
    told = ", ".join(f"{row.text('mechanism')} {row.number('change'):+.3f}" for row in rows)
    return f"Change of the mean log score without a mechanism, the draws as they are: {told}."


def _dials() -> list[str]:
    """Which parameters the panel constrains, and which it leaves as declared."""
    rows = read(CONSTRAINED, DIAL_TABLE)
    held = [row for row in rows if row.number("narrowing") < NARROWED]
    names = [
        f"`{row.text('key')}` {row.number('p05'):.3g} to {row.number('p95'):.3g} "
        f"(declared {row.number('low'):.3g} to {row.number('high'):.3g})"
        for row in sorted(held, key=lambda row: row.number("narrowing"))
    ]
    free = ", ".join(f"`{row.text('key')}`" for row in rows if row not in held)
    return [
        f"Constrained by the panel, 5 to 95 %: {'; '.join(names) or 'none'}.",
        "",
        f"Left as wide as declared: {free or 'none'}.",
    ]
