"""Which experiments are on disk: a line for every run folder, those that cannot be read too."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.errors import QueryError
from sim.results.run_folder.manifest import NAME, read_manifest
from sim.results.run_folder.store import LAW_CHUNK, read_entries

DAMAGED = "damaged"
"""Status of a folder whose manifest or progress cannot be read."""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One line of ``kyoten runs``; ``wrong`` says why a damaged folder cannot be read."""

    path: Path
    experiment: str = ""
    status: str = DAMAGED
    chunks_done: int = 0
    chunks: int = 0
    policies: tuple[str, ...] = ()
    replications: int = 0
    started: str = ""
    megabytes: float = 0.0
    wrong: str = ""


def list_runs(root: str | Path) -> list[RunSummary]:
    """Run folders directly below ``root``, newest first, damaged ones last."""
    base = Path(root)
    folders = [path.parent for path in sorted(base.glob(f"*/{NAME}"))] if base.is_dir() else []
    summaries = [_summary(folder) for folder in folders]
    return sorted(
        summaries, key=lambda summary: (summary.started, summary.experiment), reverse=True
    )


def _summary(folder: Path) -> RunSummary:
    try:
        manifest, entries = read_manifest(folder), read_entries(folder)
    except QueryError as fault:
        return RunSummary(folder, wrong=str(fault))
    size = sum(file.bytes for entry in entries.values() for file in entry.files)
    return RunSummary(
        path=folder,
        experiment=manifest.experiment,
        status=manifest.status,
        chunks_done=sum(name != LAW_CHUNK for name in entries),
        chunks=manifest.chunks,
        policies=manifest.policies,
        replications=manifest.replications,
        started=manifest.started,
        megabytes=size / 1e6,
    )
