"""``kyoten plan``: what an experiment would run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.render import AsJson, duration, print_json, print_table, say

if TYPE_CHECKING:
    from datetime import date

    from sim.experiments.spec.config import ExperimentConfig

app = typer.Typer(add_completion=False)


@app.command()
def plan(
    config: Annotated[Path, typer.Argument(help="Experiment file.")],
    data: Annotated[
        list[Path] | None,
        typer.Option("--data", help="Folder of tables laid over the shipped ones; repeatable."),
    ] = None,
    law: Annotated[
        list[Path] | None,
        typer.Option("--law", help="Folder of law laid over the law that ships; repeatable."),
    ] = None,
    replications: Annotated[
        int | None, typer.Option("--replications", min=1, help="Seeds of each case.")
    ] = None,
    draws: Annotated[
        int | None, typer.Option("--draws", min=1, help="Draws of a design of parameters.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Worker processes; one a core.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where it would go; runs/NAME.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check an experiment file and tell what it would run; nothing is simulated or written."""
    from sim.experiments.spec.reading import load_config

    experiment = load_config(
        config, data=data or (), law=law or (), replications=replications, draws=draws
    )
    check_extensions(experiment)
    need = needs(experiment, out or Path("runs") / experiment.experiment, workers)
    told = outline(experiment)
    if as_json:
        print_json(told | need | {"warnings": warnings(experiment)})
        return
    told |= needs_said(need) | {"warnings": warnings(experiment)}
    policies, doubts = told.pop("policies"), told.pop("warnings")
    if experiment.description:
        say(experiment.description)
    print_table(experiment.experiment, ("", ""), told.items())
    rows = [
        (p["policy"], p["title"], p["reforms"], _named_told(p["named"]), p["baseline"])
        for p in policies
    ]
    print_table("Policies", ("policy", "title", "reforms", "by name", "baseline"), rows)
    for doubt in doubts:
        print(f"warning: {doubt}")


def check_extensions(config: ExperimentConfig) -> None:
    """Refuse figures of the experiment's own files that no page could show.

    Raises
    ------
    InputError
        Every mistake, with its line.
    """
    if config.extensions:
        from analysis.catalogue import check_figures

        check_figures(config.extensions)


def warnings(config: ExperimentConfig) -> list[str]:
    """What may be meant and is told nevertheless.

    Values outside the ranges declared for them, and policies that change nothing within the run.
    """
    from sim.data.key_paths import dotted
    from sim.experiments.spec.alike import alike, told
    from sim.experiments.spec.checks import outside_ranges

    content = config.model_dump(mode="json", by_alias=True)
    outside = [f"{dotted(one.path)}: {one.wrong}" for one in outside_ranges(content)]
    return outside + [told(one, config.end) for one in alike(config)]


def _named_told(named: Mapping[str, Mapping[str, date | None]]) -> str:
    """Reforms that a policy uses by name, each with its days."""
    from sim.experiments.spec.policy import days_told

    return "; ".join(
        f"{one} {days_told((days['first_day'], days['last_day']))}" for one, days in named.items()
    )


def needs(config: ExperimentConfig, folder: Path, workers: int | None) -> dict[str, Any]:
    """What a run would take on this machine, timed now, beside what is free."""
    from sim.experiments.running.estimate import need_of
    from sim.experiments.running.machine import disk_free, memory_free, slowness

    need = need_of(config, workers, slowness())
    free = memory_free()
    return {
        "workers": need.workers,
        "minutes": round(need.seconds / 60, 1),
        "memory_megabytes": round(need.memory / 1e6),
        "memory_free_megabytes": None if free is None else round(free / 1e6),
        "disk_megabytes": round(need.disk / 1e6),
        "disk_detail_megabytes": round(need.detail_disk / 1e6),
        "disk_free_megabytes": round(disk_free(folder) / 1e6),
    }


def needs_said(need: dict[str, Any]) -> dict[str, str]:
    """The same in words."""
    from sim.experiments.running.estimate import gigabytes, workers_said

    sizes = {k: gigabytes(v * 1e6) for k, v in need.items() if v is not None and "mega" in k}
    free = sizes.get("memory_free_megabytes", "an unknown amount")
    detail = need["disk_detail_megabytes"]
    of_detail = f", {sizes['disk_detail_megabytes']} of it detail" if detail else ""
    return {
        "time": f"about {duration(60 * need['minutes'])} with {workers_said(need['workers'])},"
        " as fast as this machine is now",
        "memory": f"about {sizes['memory_megabytes']}; {free} free",
        "disk": f"about {sizes['disk_megabytes']}{of_detail}; {sizes['disk_free_megabytes']} free",
    }


def outline(config: ExperimentConfig) -> dict[str, Any]:
    """Counts of what ``config`` would run, and its policies."""
    from sim.experiments.spec.design import chunks, scenarios

    cut = chunks(config)
    return {
        "months": f"{config.start:%Y-%m}..{config.end:%Y-%m} ({len(config.months)})",
        "scenarios": len(scenarios(config)),
        "cases": len(config.policies) * len(scenarios(config)),
        "replications": config.replications,
        "runs": sum(len(chunk) for chunk in cut),
        "chunks": len(cut),
        "digest": config.digest(),
        "policies": [
            {
                "policy": name,
                "title": policy.title,
                "reforms": len(config.reforms(name)) + len(config.control_reforms(name)),
                "named": {
                    one: {"first_day": first, "last_day": last}
                    for one, (first, last) in config.named_days(name).items()
                },
                "baseline": name == config.reference,
            }
            for name, policy in config.policies.items()
        ],
    }
