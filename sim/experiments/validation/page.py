"""Text of ``docs/validation.md``: the scoreboard, its misses in words, what was identified."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

from sim.data.columns import Field, Spec
from sim.data.dataset import packaged_folder
from sim.data.reading import load_table
from sim.experiments.calibration.search import FELT
from sim.experiments.validation.decisions import decisions
from sim.experiments.validation.report import PICTURE, Report
from sim.results.run_folder.files import write_whole
from sim.results.scoring.score import Verdict
from sim.world.parameter_table import Parameter, load_parameters

WIDTH = 25
"""Characters of a row's bar."""
_TARGETS = packaged_folder().parent / "targets"
_TESTS = Spec("properties", (Field("id"), Field("tests")), ("id",))
_REASONS = Spec("explanations", (Field("id"), Field("why")), ("id",))

_HEAD = """# Validation: the model against what happened

<!-- written by `kyoten validate`: edit sim/data/targets/*.csv, not this page -->

The model starts in January 2017 with its declared inputs (law, exchange rates, market sizes,
electric cars' share, Chinese brands, brand trends outside China to 2024) and runs to 2026. A row is
*within* when the median over replications lies in its band. One set of parameters answers all rows.

Make this page again with `kyoten validate` (it runs what has not been run, some minutes on two
cores), the set of parameters with `kyoten calibrate`, the bare scores with
`kyoten score --all runs --targets sim/data/targets/calibration.csv`.
"""
_BARS = """
`[` and `]` are the band, `¦` the fact, `o` the simulated median and `-` the central 95 % of
replications.
"""
_BESIDE = """
*Persistence* keeps the value of 2017, or of the year before for a change. *Fixed plants* is an
Armington model with the elasticities of Head and Mayer (2019) and duties in full. Bold: nearest to
the fact.
"""
_TURNED = f"""
Turned within the ranges of `parameters.csv` on these rows alone, with a weak pull to the declared
value (`kyoten calibrate`: tree-structured Parzen estimator, fixed seed, paired seeds; four of cars'
values, `macro_exponent`, `exit_cost_share`, `supplier_support` and `service_parts_share`, were then
set by hand on the same rows). A parameter is identified by rows that move by {FELT:g} band widths
or more over its whole range; one that no row feels stays as declared and is an uncertainty to
sweep.

| parameter | declared | calibrated | range | identified by (move over the range) |
|---|---:|---:|---:|---|"""


def write(report: Report, path: Path) -> None:
    """Write the page, whole or not at all."""
    text = page(report)
    write_whole(path, lambda file: file.write(text.encode()))


def page(report: Report) -> str:
    """Whole text of the page."""
    parts = [
        _HEAD,
        _summary(report),
        decisions(),
        _scoreboard(report),
        _misses(report),
        _side_by_side(report),
        _parameters(report),
        _properties(report),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _summary(report: Report) -> str:
    lines = ["## In short", ""]
    counted, said = report.counted, [fact for fact in report.asked if fact.restates]
    met = report.met(counted)
    lines.append(f"- **{met} of {len(counted)} rows within** ({met / len(counted):.0%}).")
    lines += _by_group(report)
    lines.append(
        f"- {len(said)} more rows only restate a parameter or a given path and count nowhere: "
        + ", ".join(f"{fact.id} ({fact.restates})" for fact in said)
        + "."
    )
    for name in report.baselines:
        won, fought = report.duel(name)
        lines.append(
            f"- Nearer to the fact than *{name}* in {won} of {fought} rows ({won / fought:.0%}) "
            "that it answers; ties count against the model."
        )
    own = [fact for fact in counted if fact.id in report.trendless]
    bare = sum(report.trendless[fact.id].within for fact in own)
    full = sum(report.verdicts[fact.id].within for fact in own)
    lines.append(
        f"- Of the {len(own)} rows of the history {full} are within with brand trends and {bare} "
        "without. The trends are fitted to sales of 2017 to 2024, so that under a policy without "
        "tariffs they are an upper bound: they may already hold some of the tariffs' effect."
    )
    return "\n".join([*lines, ""])


def _by_group(report: Report) -> list[str]:
    """Counted rows within their bands, by what they are about."""
    lines = []
    for group in dict.fromkeys(fact.group for fact in report.counted):
        own = [fact for fact in report.counted if fact.group == group]
        lines.append(f"  - {group}: {report.met(own)} of {len(own)}")
    return lines


def _scoreboard(report: Report) -> str:
    lines = [
        "## Scoreboard",
        "",
        f"![Every target's band, the fact and what was simulated]({PICTURE.as_posix()})",
        _BARS,
        "| row | quantity | fact | band | simulated | | within |",
        "|---|---|---:|---:|---:|---|---|",
    ]
    for fact in report.asked:
        verdict = report.verdicts[fact.id]
        cells = (
            fact.id,
            f"{fact.quantity}{f', {fact.period}' if fact.period else ''} ({fact.target.unit})",
            number(fact.value),
            f"{number(verdict.low)} to {number(verdict.high)}",
            number(verdict.simulated),
            f"`{bar(verdict, fact.value)}`" if verdict.simulated is not None else "",
            "yes" if verdict.within else "**no**",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def bar(verdict: Verdict, fact: float | None, width: int = WIDTH) -> str:
    """A row as text: band, fact, spread of replications and median on one scale.

    >>> bar(Verdict("x", 2.0, 1.9, 2.1, 0.0, 4.0, True, ""), 3.0, 13)
    ' [    o  ¦ ] '
    """
    points = [
        value
        for value in (verdict.simulated, verdict.low, verdict.high, fact)
        if value is not None and math.isfinite(value)
    ]
    low, high = min(points), max(points)
    pad = 0.08 * (high - low) or 1.0
    low, high = low - pad, high + pad

    def place(value: float) -> int:
        return min(max(round((value - low) / (high - low) * (width - 1)), 0), width - 1)

    cells = [" "] * width
    if verdict.band_low is not None and verdict.band_high is not None:
        for cell in range(place(verdict.band_low), place(verdict.band_high) + 1):
            cells[cell] = "-"
    for value, mark in (
        (verdict.low, "["),
        (verdict.high, "]"),
        (fact, "¦"),
        (verdict.simulated, "o"),
    ):
        if value is not None:
            cells[place(value)] = mark
    return "".join(cells)


def number(value: float | None) -> str:
    """A number in three digits; a dash where there is none.

    >>> number(0.12345), number(1663.2), number(None)
    ('0.123', '1663', '–')
    """
    if value is None:
        return "–"
    size = abs(value)
    if size >= 100.0:
        return f"{value:.0f}"
    return f"{value:.1f}" if size >= 10.0 else f"{value:.2f}" if size >= 1.0 else f"{value:.3f}"


def _misses(report: Report) -> str:
    told = {
        row.text("id"): row.text("why")
        for row in load_table(_TARGETS / "explanations.csv", _REASONS)
    }
    lines = ["## Misses, and rows to read with care", ""]
    for fact in report.asked:
        verdict = report.verdicts[fact.id]
        if verdict.within and fact.id not in told:
            continue
        words = told.get(fact.id, "No explanation is written yet.")
        state = "within" if verdict.within else f"missed: {verdict.why_not}"
        lines.append(f"- **{fact.id}** ({state}). {words}")
    return "\n".join([*lines, ""])


def _side_by_side(report: Report) -> str:
    lines = [
        "## Beside the baselines, and without brand trends",
        _BESIDE,
        f"| row | fact | model | without trends | {' | '.join(report.baselines)} |",
        f"|---|---:|---:|---:|{'---:|' * len(report.baselines)}",
    ]
    for fact in report.asked:
        own = report.verdicts[fact.id].simulated
        bare = report.trendless.get(fact.id)
        others = [forecast.get(fact.id) for forecast in report.baselines.values()]
        errors = [report.error(fact, value) for value in (own, *others)]
        best = min((error for error in errors if error is not None), default=None)
        shown = [
            f"**{number(value)}**" if error is not None and error == best else number(value)
            for value, error in zip((own, *others), errors, strict=True)
        ]
        trendless = number(bare.simulated if bare else None)
        cells = (fact.id, number(fact.value), shown[0], trendless, *shown[1:])
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _parameters(report: Report) -> str:
    lines = ["## Parameters: calibrated, identified, open", _TURNED]
    lines += [_parameter_row(one, report) for one in _turned(load_parameters())]
    named = {felt.dial for felt in report.felt}
    heard = {felt.dial for felt in report.felt if abs(felt.move) >= FELT}
    quiet = sorted(named - heard)
    told = ", ".join(f"`{name}`" for name in quiet) or "none"
    return "\n".join([*lines, "", f"Not identified by any row: {told}.", ""])


def _turned(parameters: Iterable[Parameter]) -> list[Parameter]:
    return [one for one in parameters if one.rows]


def _parameter_row(one: Parameter, report: Report) -> str:
    key = one.name if one.scope == "all" else f"{one.name}.{one.scope}"
    dials = {key, f"{one.name}.*"} if one.scope not in ("all", "cars") else {key}
    moves = sorted(
        (felt for felt in report.felt if felt.dial in dials and abs(felt.move) >= FELT),
        key=lambda felt: -abs(felt.move),
    )
    told = ", ".join(f"{felt.row} ({felt.move:+.1f})" for felt in moves[:8])
    return (
        f"| `{key}` | {number(one.declared)} | {number(one.value)} | "
        f"{number(one.low)} to {number(one.high)} | {told} |"
    )


def _properties(report: Report) -> str:
    tests = {
        row.text("id"): row.text("tests").split()
        for row in load_table(_TARGETS / "properties.csv", _TESTS)
    }
    lines = [
        "## Laws that tests hold",
        "",
        "On random worlds; `make slow` runs the long ones (2,000 worlds).",
        "",
        "| row | law | tests |",
        "|---|---|---|",
    ]
    lines += [
        f"| {fact.id} | {fact.quantity} | {_cited(tests.get(fact.id, []))} |"
        for fact in report.facts
        if fact.is_property
    ]
    return "\n".join([*lines, ""])


def _cited(tests: Sequence[str]) -> str:
    return ", ".join(f"`{test}`" for test in tests) or "none"
