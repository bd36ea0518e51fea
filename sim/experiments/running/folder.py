"""The folder of one experiment: who may write there, what it tells, what is still to be done."""

from __future__ import annotations

import dataclasses
import io
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sim.data.edition import editions, tree_digest
from sim.data.overlays import overlay_digest
from sim.errors import Fault, InputError
from sim.experiments.running.chunk import Task, tasks
from sim.experiments.running.setting import Ground
from sim.experiments.spec.config import ExperimentConfig
from sim.experiments.spec.design import scenarios, unconstrained
from sim.results.names import NAMES
from sim.results.run_folder import provenance
from sim.results.run_folder.files import remove_parts, write_json, write_text
from sim.results.run_folder.manifest import (
    NAME,
    Identity,
    Manifest,
    read_manifest,
    refuse_other,
    write_manifest,
)
from sim.results.run_folder.outcomes import write_outcomes
from sim.results.run_folder.scenarios import Drawn, write_scenarios
from sim.results.run_folder.store import damage, forget, read_entries

Say = Callable[[str], None]
"""Told in words what happens: nothing to do, resuming, chunks made again."""


def manifest_of(config: ExperimentConfig, laid: Ground) -> Manifest:
    """Manifest of an experiment that starts now."""
    plan = tasks(config, Path())
    return Manifest(
        experiment=config.experiment,
        policies=tuple(config.policies),
        baseline=config.reference,
        seed=config.seed,
        replications=config.replications,
        scenarios=len(scenarios(config)),
        first_month=config.months[0].isoformat(),
        last_month=config.months[-1].isoformat(),
        chunks=len(plan),
        runs=sum(len(task.block.lanes) for task in plan),
        config=config.resolved(),
        identity=_identity(config, laid.law_sha256),
        git=provenance.commit(),
        processors=(provenance.processor(),),
        started=provenance.now(),
        overlays=overlays_told(config),
        extensions=tuple({"file": one.file, "sha256": one.sha256} for one in config.extensions),
        editions={edition.part: edition.sha256 for edition in editions()},
        labels={name: policy.title for name, policy in config.policies.items() if policy.title},
    )


def _identity(config: ExperimentConfig, law_sha256: Mapping[str, str]) -> Identity:
    return Identity(
        config_sha256=config.digest(),
        law_sha256=law_sha256,
        data_sha256=_data_digest(config),
        code_sha256=provenance.code_digest(),
        versions=provenance.versions(),
    )


def _data_digest(config: ExperimentConfig) -> str:
    """Digest of the shipped data, and of what is laid over it."""
    shipped, laid = provenance.data_digest(), overlays_told(config)["data"]
    if not laid:
        return shipped
    return provenance.canonical_digest([shipped, *(one["sha256"] for one in laid)])


def overlays_told(config: ExperimentConfig) -> dict[str, list[dict[str, str]]]:
    """Folders laid over the shipped data and law, each with the digest of what it holds."""
    folders = {"data": [*map(Path, config.data)], "law": [*config.law_overlays]}
    digest = {"data": overlay_digest, "law": _law_digest}
    return {
        key: [{"folder": str(one), "sha256": digest[key](one)} for one in listed]
        for key, listed in folders.items()
    }


def _law_digest(folder: Path) -> str:
    return tree_digest(folder, (path for path in folder.rglob("*") if path.is_file()))


def refuse_folder(folder: Path, config: ExperimentConfig, *, resume: bool) -> None:
    """Refuse what can be refused before the law is compiled, which takes a while.

    Raises
    ------
    InputError
        As :func:`stored_manifest`, whatever the laws say.
    """
    if not _holds_run(folder):
        return
    stored = read_manifest(folder)
    wanted = _identity(config, stored.identity.law_sha256)
    _refuse_other(folder, stored, wanted, config.resolved(), resume=resume)


def stored_manifest(folder: Path, wanted: Manifest, *, resume: bool) -> Manifest | None:
    """Manifest of this same experiment in the folder; None when the folder is free to take it.

    Raises
    ------
    InputError
        The folder holds something else, another experiment, or this one unfinished and ``resume``
        was not asked for.
    """
    if not _holds_run(folder):
        return None
    stored = read_manifest(folder)
    _refuse_other(folder, stored, wanted.identity, wanted.config, resume=resume)
    return stored


def _holds_run(folder: Path) -> bool:
    """Whether there is a run; a folder that holds anything else is refused."""
    if not folder.exists():
        return False
    if not folder.is_dir():
        raise InputError(Fault(str(folder), "", "is a file", "choose another --out"))
    if (folder / NAME).exists():
        return True
    if any(not path.name.startswith(".") for path in folder.iterdir()):
        wrong = "is not empty and holds no run"
        raise InputError(Fault(str(folder), "", wrong, "choose another --out"))
    return False


def _refuse_other(
    folder: Path, stored: Manifest, wanted: Identity, config: Mapping[str, Any], *, resume: bool
) -> None:
    """Refuse another experiment, and this one unfinished unless ``resume``."""
    refuse_other(folder, stored, wanted, config)
    if not resume and not is_finished(folder, stored):
        wrong = (
            f"holds this experiment unfinished ({chunks_done(folder)} of {stored.chunks} chunks)"
        )
        cure = "add --resume to continue it, or choose another --out"
        raise InputError(Fault(str(folder), "", wrong, cure))


def chunks_done(folder: Path) -> int:
    """Number of chunks that count as done."""
    return len(read_entries(folder))


def is_finished(folder: Path, stored: Manifest) -> bool:
    """Whether every chunk is there and its files have their lengths."""
    entries = read_entries(folder).values()
    whole = len(entries) == stored.chunks and not any(damage(folder, entry) for entry in entries)
    return whole and stored.status == "finished"


def begin(folder: Path, manifest: Manifest, config: ExperimentConfig, laid: Ground) -> Manifest:
    """Write what a folder tells about itself before its next chunk; returns its manifest."""
    remove_parts(folder)
    processors = tuple(dict.fromkeys((*manifest.processors, provenance.processor())))
    running = dataclasses.replace(manifest, status="running", finished=None, processors=processors)
    write_manifest(folder, running)
    write_text(folder / "config.yaml", as_yaml(config.resolved()))
    for one in config.extensions:
        write_text(folder / one.name, Path(one.file).read_text(encoding="utf-8"))
    write_json(folder / "law.json", laid.law)
    write_json(folder / "lines.json", laid.lines)
    write_json(folder / "controls.json", laid.controls)
    write_json(folder / NAMES, laid.names)
    write_outcomes(folder, laid.outcomes)
    write_scenarios(folder, drawn(config))
    return running


def drawn(config: ExperimentConfig) -> Drawn:
    """The scenarios as a run folder tells them."""
    ranges = config.model_dump(mode="json", include={"uncertainties"})["uncertainties"]
    every = scenarios(config)
    free = unconstrained(every, config) if config.design.kind == "posterior" else ()
    return Drawn(ranges, {one.name: dict(one.values) for one in every}, free)


def as_yaml(content: dict[str, Any]) -> str:
    """Plain content as YAML 1.2 in its own order."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # the stub knows None only
    text = io.StringIO()
    yaml.dump(content, text)
    return text.getvalue()


def still_to_do(folder: Path, plan: tuple[Task, ...], tell: Say) -> list[Task]:
    """Chunks that are not done, or whose files are not what was written (these are told)."""
    entries = read_entries(folder)
    for name, entry in list(entries.items()):
        wrong = damage(folder, entry, thorough=True)
        if wrong:
            tell(f"{name} is made again: {wrong}")
            forget(folder, name)
            del entries[name]
    if entries:
        tell(f"resuming {folder}: {len(entries)} of {len(plan)} chunks are done")
    return [task for task in plan if task.name not in entries]


def room_missing(folder: Path, chunks: int) -> str:
    """Tell how much more room the missing chunks need, judged by the finished ones."""
    entries = read_entries(folder).values()
    sizes = [sum(file.bytes for file in entry.files) for entry in entries]
    left = chunks - len(sizes)
    free = shutil.disk_usage(folder).free / 1e6
    if not sizes:
        return f"{left} chunks are missing; {free:.0f} MB are free."
    need = left * sum(sizes) / len(sizes) / 1e6
    return f"{left} chunks are missing, about {need:.0f} MB; {free:.0f} MB are free."
