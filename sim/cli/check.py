"""``kyoten check``: are the tables sound, what do they hold, and what rests on weak evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from sim.cli.law.laws import Overlays
from sim.cli.render import AsJson, print_json, print_table

if TYPE_CHECKING:
    from sim.data.dataset import Dataset
    from sim.errors import Fault
    from sim.world.consistency import Finding
    from sim.world.world import World

app = typer.Typer(add_completion=False)


@app.command()
def check(
    tables: Annotated[
        Path | None,
        typer.Option("--tables", help="Whole folder of tables in the place of the shipped ones."),
    ] = None,
    data: Annotated[
        list[Path] | None,
        typer.Option("--data", help="Folder of tables laid over the shipped ones; repeatable."),
    ] = None,
    overlays: Overlays = None,
    audit: Annotated[bool, typer.Option(help="List what rests on weak evidence.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check every table, build the world, and print what it holds."""
    from sim.data.dataset import load_dataset
    from sim.world.build import load_world
    from sim.world.consistency import world_findings
    from sim.world.trade import trade_faults

    folder, over = _tables_folder(tables), data or []
    laws = overlays or ()
    _all_sound(folder, over, laws)
    held = load_dataset(folder, over)
    world = load_world(folder=folder, overlays=over)
    findings = world_findings(world, held)
    report = _report(held, world) | {
        "findings": [asdict(finding) | {"holds": finding.holds} for finding in findings]
    }
    if audit:
        report["weak_evidence"] = _weak(held, laws, with_law=tables is None)
        report["volume_by_evidence"] = _volumes(world, held)
    if as_json:
        print_json(report)
    else:
        _show(report, audit)
    _hold_together(findings, trade_faults(world, held))


def _hold_together(findings: Sequence[Finding], faults: Sequence[Fault]) -> None:
    """Raise what a world that was built and shown lacks: its own laws, or trade for its flows."""
    from sim.errors import InputError, RunError

    broken = [finding.name for finding in findings if finding.internal and not finding.holds]
    if broken:
        raise RunError(f"the world does not hold together: {', '.join(broken)}")
    if faults:
        raise InputError(faults)


def _tables_folder(tables: Path | None) -> Path | None:
    """The folder itself, or its ``world`` where it is a copy of ``sim/data``."""
    if tables is None:
        return None
    inner = tables / "world"
    return inner if inner.is_dir() and not (tables / "lines.csv").exists() else tables


def _all_sound(folder: Path | None, data: Sequence[Path], laws: Sequence[Path]) -> None:
    """Load everything once; the faults of every room come together.

    With a folder of one's own its tables and, where it is a copy of ``sim/data``, its law are read;
    else the inputs of the network and the targets too. ``data`` is laid over tables, ``laws`` over
    the law.
    """
    from sim.data.dataset import load_dataset, packaged_folder
    from sim.errors import InputError
    from sim.law.soundness import law_faults
    from sim.network.parameters import load_inputs, load_parameters
    from sim.results.scoring.targets import read_targets

    loads: list[Callable[[], object]] = [lambda: load_dataset(folder, data)]
    if folder is not None and (folder.parent / "law").is_dir():
        laws = (folder.parent / "law", *laws)
    if folder is None:
        targets = packaged_folder().parent / "targets" / "calibration.csv"
        loads += [load_parameters, load_inputs, lambda: read_targets(targets)]
    faults: list[Fault] = law_faults(laws)
    for load in loads:
        try:
            load()
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)


def _report(tables: Dataset, world: World) -> dict[str, Any]:
    from sim.data.audit import evidence_counts

    return {
        "folder": str(tables.folder),
        "overlays": [str(one) for one in tables.overlays],
        "tables": {name: len(tables[name]) for name in tables},
        "firms": len(world.firms),
        "lines": len(world.lines),
        "plants": int((world.base_capacity > 0.0).sum()),
        "routes": int((world.base_flow > 0.0).sum()),
        "sites": len(world.site_table),
        "months": [str(world.months[0]), str(world.months[-1])],
        "fx_known_months": world.fx_known_months,
        "evidence": evidence_counts(tables),
        "lines_by_evidence": [
            {"line": line.id, "class": line.line_class, "evidence": line.evidence}
            for line in world.lines
        ],
        "sales_scale": dict(world.sales_scale),
        "mothballed": _mothballed(tables, world),
        "unknown_markets": _unknown_markets(tables),
    }


def _unknown_markets(tables: Dataset) -> list[dict[str, Any]]:
    """Where the size of a line's market is not known and stays as it was in 2017."""
    from sim.world.goods import unknown_markets

    return [{"line": line, "markets": list(places)} for line, places in unknown_markets(tables)]


def _mothballed(tables: Dataset, world: World) -> list[dict[str, Any]]:
    """Stated capacity that was idle before any policy and is left out."""
    from sim.axes import COUNTRIES
    from sim.world.consistency import mothballed

    return [
        {"line": line, "country": COUNTRIES[country], "units": round(units)}
        for (line, country), units in mothballed(world, tables).items()
    ]


def _volumes(world: World, tables: Dataset) -> dict[str, list[dict[str, Any]]]:
    """Base flows by product and grade: all of them, and those from China to the United States."""
    from sim.world.grades import volume_by_grade

    routes = {"all": ("", ""), "china_to_us": ("CN", "US")}
    return {
        name: [
            {"product": one.product, "usd": one.usd} | dict(one.shares)
            for one in volume_by_grade(world, tables, *route)
        ]
        for name, route in routes.items()
    }


def _weak(tables: Dataset, overlays: Sequence[Path], with_law: bool) -> list[dict[str, Any]]:
    from sim.data.audit import weak_evidence

    rows = [asdict(fact) for fact in weak_evidence(tables)]
    if with_law:
        from sim.law.law import load_law
        from sim.law.telling.audit import weak_evidence as weak_law

        facts = weak_law(load_law(overlays))
        rows += [{"table": "law"} | _plain_fact(fact) for fact in facts]
    return rows


def _plain_fact(fact: object) -> dict[str, Any]:
    """Fields of a fact of another room, whether a mapping or a dataclass."""
    return dict(fact) if isinstance(fact, Mapping) else asdict(cast("Any", fact))


def _show(report: dict[str, Any], audit: bool) -> None:
    counts = ("firms", "lines", "plants", "routes", "sites", "fx_known_months")
    print_table("The world of 2017", counts, [[report[name] for name in counts]])
    grades = list(next(iter(report["evidence"].values())))
    rows = [(name, *(by[grade] for grade in grades)) for name, by in report["evidence"].items()]
    print_table("Rows by evidence", ("table", *grades), rows)
    scaled = [(firm, x) for firm, x in report["sales_scale"].items() if abs(x - 1.0) > 1e-4]
    print_table("Sales are multiplied by (1 where not named)", ("firm", "factor"), scaled)
    rest = [(row["line"], row["country"], row["units"]) for row in report["mothballed"]]
    print_table("Stated capacity left out as idle in 2017", ("line", "country", "units"), rest)
    shown = [(f["name"], f["value"], f["low"], f["high"], f["holds"]) for f in report["findings"]]
    print_table("Checks", ("check", "value", "low", "high", "holds"), shown)
    if audit:
        _show_audit(report)


def _show_audit(report: dict[str, Any]) -> None:
    """What is not known: evidence by volume, markets without a size, and every weak row."""
    titles = {
        "all": "Flows of 2017, bn USD, and the part of them on each grade",
        "china_to_us": "Of these from China to the United States",
    }
    for name, title in titles.items():
        rows = report["volume_by_evidence"][name]
        grades = [key for key in rows[0] if key not in ("product", "usd")]
        shown = [
            (row["product"], round(row["usd"] / 1e9, 2), *(f"{row[one]:.0%}" for one in grades))
            for row in rows
            if row["usd"] > 0.0
        ]
        print_table(title, ("product", "bn_usd", *grades), shown)
    gaps = [(row["line"], " ".join(row["markets"])) for row in report["unknown_markets"]]
    print_table("Markets whose size is not known and stays that of 2017", ("line", "in"), gaps)
    columns = ("table", "line", "key", "value", "evidence", "confidence", "note")
    weak = [[row.get(name, "") for name in columns] for row in report["weak_evidence"]]
    print_table("Weak evidence", columns, weak)
