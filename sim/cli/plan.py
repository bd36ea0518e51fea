"""``kyoten plan``: what an experiment would run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.render import AsJson, print_json, print_table

if TYPE_CHECKING:
    from sim.experiments.config import ExperimentConfig

app = typer.Typer(add_completion=False)


@app.command()
def plan(
    config: Annotated[Path, typer.Argument(help="Experiment file.")],
    replications: Annotated[
        int | None, typer.Option("--replications", min=1, help="Seeds of each case.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check an experiment file and tell what it would run; nothing is simulated or written."""
    from sim.experiments.reading import load_config

    experiment = load_config(config, replications=replications)
    told = outline(experiment)
    if as_json:
        print_json(told)
        return
    policies = told.pop("policies")
    if experiment.description:
        print(experiment.description)
    print_table(experiment.experiment, ("", ""), told.items())
    rows = [(p["policy"], p["title"], p["reforms"], p["baseline"]) for p in policies]
    print_table("Policies", ("policy", "title", "reforms", "baseline"), rows)


def outline(config: ExperimentConfig) -> dict[str, Any]:
    """Counts of what ``config`` would run, and its policies."""
    from sim.experiments.design import chunks, scenarios

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
                "reforms": len(config.reforms(name)),
                "baseline": name == config.reference,
            }
            for name, policy in config.policies.items()
        ],
    }
