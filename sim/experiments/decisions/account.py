"""What is written of a fit: the draws, how well they forecast the panel, what they leave open."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sim.data.columns import Field, Row, Spec
from sim.data.dataset import packaged_folder
from sim.data.reading import load_table
from sim.experiments.decisions.fit import Fit
from sim.experiments.decisions.mechanisms import Loss
from sim.results.run_folder.files import write_whole
from sim.world.posterior import rows_of

DRAWS, FORECASTS, CONSTRAINED, SCORES, MECHANISMS = (
    "posterior.csv", "decision_forecasts.csv", "decision_dials.csv", "decision_scores.csv",
    "decision_mechanisms.csv",
)  # fmt: skip

FORECAST_TABLE = Spec(
    "decision_forecasts",
    (
        Field("case"), Field("moved", "flag"), Field("to", "words", required=False),
        Field("half", required=False), Field("chance_of_moving", "number", low=0.0, high=1.0),
        Field("likeliest"), Field("log_over_base", "number"),
    ),
    ("case",),
)  # fmt: skip
DIAL_TABLE = Spec(
    "decision_dials",
    (
        Field("key"),
        *(Field(name, "number") for name in ("low", "high", "mean", "p05", "p95", "narrowing")),
    ),
    ("key",),
)
SCORE_TABLE = Spec(
    "decision_scores",
    (Field("forecast"), *(Field(name, "number") for name in ("log_score", "brier", "hits"))),
    ("forecast",),
)
MECHANISM_TABLE = Spec(
    "decision_mechanisms", (Field("mechanism"), Field("change", "number")), ("mechanism",)
)
"""Tables that a fit leaves in ``sim/data/targets``."""


def account(found: Fit, lost: Sequence[Loss]) -> dict[str, Any]:
    """Scores, cases, dials, ties and mechanisms as JSON can hold them."""
    return {
        "scores": scores(found),
        "mechanisms": [asdict(one) for one in lost],
        "cases": [asdict(one) for one in found.forecast()],
        "dials": [asdict(one) | {"by_panel": one.by_panel} for one in found.constrained()],
        "tied": [list(pair) for pair in found.tied()],
        "effective_draws": found.sample.effective,
        "reporting_odds": found.reporting_odds,
    }


def scores(found: Fit) -> list[dict[str, Any]]:
    """Mean scores of the model and of what it is compared with."""
    told, weight = [], found.panel.weight
    for one in found.skills():
        log, brier = one.mean(weight)
        hits = one.hits(found.panel.observed, weight)
        told.append({"forecast": one.name, "log_score": log, "brier": brier, "hits": hits})
    return told


def save(found: Fit, lost: Sequence[Loss], out: Path | None = None) -> None:
    """Write the draws and the tables; into the package where no folder is given."""
    world = packaged_folder()
    draws, rest = (out, out) if out is not None else (world, world.parent / "targets")
    _write(draws / DRAWS, ("draw", "parameter", "sets", "value"), rows_of(found.draws()))
    cases = [
        asdict(one) | {"moved": "yes" if one.moved else "no", "to": ";".join(one.to)}
        for one in found.forecast()
    ]
    _write(rest / FORECASTS, _names(FORECAST_TABLE), cases)
    _write(rest / CONSTRAINED, _names(DIAL_TABLE), [asdict(one) for one in found.constrained()])
    _write(rest / MECHANISMS, _names(MECHANISM_TABLE), [asdict(one) for one in lost])
    _write(rest / SCORES, _names(SCORE_TABLE), scores(found))


def read(name: str, table: Spec) -> tuple[Row, ...]:
    """Rows of a packaged table of the last fit."""
    return load_table(packaged_folder().parent / "targets" / name, table)


def _names(table: Spec) -> tuple[str, ...]:
    return tuple(field.name for field in table.fields)


def _write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write a table, whole or not at all; numbers with five digits."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({k: f"{v:.5g}" if isinstance(v, float) else v for k, v in row.items()})
    write_whole(path, lambda file: file.write(text.getvalue().encode()))
