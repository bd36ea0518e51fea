"""Where a file that leaves comes from: which run, law and data, and how to make it again."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from sim.results.run_folder.query import RunFolder

DIGITS = 12
"""Hex digits of a digest that people compare, as ``kyoten --version`` prints them."""
PRECISION_MEANING = (
    "precision of the mean: 95 % bootstrap interval of the mean over runs (1000 resamples); it"
    " shrinks with more runs"
)
FUTURES_MEANING = (
    "range of futures: 10th to 90th percentile of single runs (seeds, and parameters where they"
    " vary); more runs do not shrink it"
)


def version(run: RunFolder) -> str:
    """Version of Kyoten that made the run."""
    return run.manifest.identity.versions.get("kyoten", "of unknown version")


def runs_told(run: RunFolder) -> str:
    """How many runs of each policy there are, their seed and their months."""
    told = run.manifest
    draws = f"{told.scenarios} draws of parameters x " if told.scenarios > 1 else ""
    return (
        f"{draws}{told.replications} replications, seed {told.seed},"
        f" {told.first_month[:7]} to {told.last_month[:7]}"
    )


def source_line(run: RunFolder, policies: Sequence[str]) -> str:
    """Say in one sentence what a figure rests on: version, experiment, digests of law and data."""
    held = run.manifest.identity
    laws = ", ".join(held.law_sha256.get(one, "")[:DIGITS] for one in dict.fromkeys(policies))
    return (
        f"Source: simulation with Kyoten {version(run)}, experiment {run.manifest.experiment}"
        f" ({runs_told(run)}); {_shipped(run)}law with the reforms of each policy {laws}; data and"
        f" what is laid over them {held.data_sha256[:DIGITS]}."
    )


def _shipped(run: RunFolder) -> str:
    """Digests that ``kyoten --version`` prints too; runs made before they were kept have none."""
    kept = run.manifest.editions
    told = ", ".join(f"{part} {digest[:DIGITS]}" for part, digest in kept.items())
    return f"as `kyoten --version` prints, {told}; " if told else ""


def folder_told(run: RunFolder) -> str:
    """The run's folder as a command names it; nothing of where it lies on this machine."""
    return run.path.name if run.path.is_absolute() else run.path.as_posix()


def reproduce_line(run: RunFolder, command: Sequence[str]) -> str:
    """Say how the run and then the file are made again."""
    folder = folder_told(run)
    config = run.manifest.identity.config_sha256[:DIGITS]
    return (
        f"Reproduce: kyoten run {shlex.quote(folder)}/config.yaml --out DIR (configuration"
        f" {config}), then {shlex.join(command)}"
    )


def notes(run: RunFolder) -> list[tuple[str, str]]:
    """What a reader of a run's numbers must know, as pairs of a heading and a text."""
    told, held = run.manifest, run.manifest.identity
    titles = [f"{name}: {told.labels.get(name, name)}" for name in told.policies]
    return [
        ("experiment", told.experiment),
        ("made by", f"Kyoten {version(run)}"),
        ("runs of each policy", runs_told(run)),
        ("policies", "; ".join(titles)),
        ("baseline", told.baseline),
        ("configuration", f"sha256 {held.config_sha256}"),
        *(
            (f"{part} that ships (as kyoten --version prints)", f"sha256 {digest}")
            for part, digest in told.editions.items()
        ),
        ("all data, and what is laid over them", f"sha256 {held.data_sha256}"),
        ("code", f"sha256 {held.code_sha256}"),
        *(
            (f"law of {name}, reforms made", f"sha256 {digest}")
            for name, digest in held.law_sha256.items()
        ),
        ("make the run again", f"kyoten run {shlex.quote(folder_told(run))}/config.yaml --out DIR"),
    ]
