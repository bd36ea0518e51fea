"""``kyoten plan``: what an experiment would run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.render import AsJson, print_json, print_table, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.experiments.spec.config import ExperimentConfig
    from sim.experiments.spec.design import CaseLane

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
    as_json: AsJson = False,
) -> None:
    """Check an experiment file and tell what it would run; nothing is simulated or written."""
    from sim.experiments.spec.reading import load_config

    experiment = load_config(config, data=data or (), law=law or (), replications=replications)
    check_extensions(experiment)
    told = outline(experiment) | {"warnings": warnings(experiment)}
    if as_json:
        print_json(told)
        return
    policies, doubts = told.pop("policies"), told.pop("warnings")
    if experiment.description:
        say(experiment.description)
    print_table(experiment.experiment, ("", ""), told.items())
    rows = [(p["policy"], p["title"], p["reforms"], p["baseline"]) for p in policies]
    print_table("Policies", ("policy", "title", "reforms", "baseline"), rows)
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


BYTES_A_RUN, BYTES_A_DETAIL = 7_200, 76_000
"""Stored a month by every run, and more by one kept in detail; as configs/quick.yaml came out."""


def _megabytes(config: ExperimentConfig, lanes: Sequence[CaseLane]) -> float:
    """How large the tables will be, to about a third."""
    a_month = BYTES_A_RUN * len(lanes) + BYTES_A_DETAIL * sum(lane.detail for lane in lanes)
    return a_month * len(config.months) / 1e6


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
        "megabytes": round(_megabytes(config, [lane for chunk in cut for lane in chunk])),
        "digest": config.digest(),
        "policies": [
            {
                "policy": name,
                "title": policy.title,
                "reforms": len(config.reforms(name)) + len(config.control_reforms(name)),
                "baseline": name == config.reference,
            }
            for name, policy in config.policies.items()
        ],
    }
