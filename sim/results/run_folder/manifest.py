"""``DIR/manifest.json``: which experiment a folder holds, and what its results rest on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sim.errors import Fault, InputError, QueryError
from sim.results.run_folder.files import json_faults, write_json

NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class Identity:
    """What must be equal for two runs to give the same bytes.

    ``config_sha256`` covers the resolved configuration; ``law_sha256`` holds one digest per policy;
    ``data_sha256`` covers ``sim/data`` and the tables laid over it, ``code_sha256`` the rooms that
    decide a number.
    """

    config_sha256: str
    law_sha256: Mapping[str, str]
    data_sha256: str
    code_sha256: str
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that is told about a run folder besides its tables.

    ``status`` is ``running``, ``stopped`` or ``finished``; only the entries under ``progress`` say
    which chunks may be read.
    """

    experiment: str
    policies: tuple[str, ...]
    baseline: str
    seed: int
    replications: int
    scenarios: int
    first_month: str
    last_month: str
    chunks: int
    runs: int
    config: Mapping[str, Any]
    identity: Identity
    git: Mapping[str, str | bool] | None
    processors: tuple[str, ...]
    started: str
    status: str = "running"
    finished: str | None = None
    seconds: float = 0.0
    """Wall time spent so far, over all resumed parts."""
    overlays: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    """``data`` and ``law`` -> folders laid over what ships, each with the digest of its content."""
    extensions: tuple[Mapping[str, str], ...] = ()
    """Python files that the experiment named: where each was, and the digest of its content."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Policy -> its title, where the configuration gives one."""


_MANIFEST = TypeAdapter(Manifest)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write or replace the manifest, all or nothing."""
    write_json(folder / NAME, asdict(manifest))


def read_manifest(folder: Path) -> Manifest:
    """Read a folder's manifest.

    Raises
    ------
    QueryError
        There is no run in the folder, or its manifest is not one.
    """
    path = folder / NAME
    if not path.is_file():
        cure = "give the folder of an experiment, such as runs/headline (`kyoten runs` lists them)"
        raise QueryError(Fault(str(folder), "", f"no run is here ({NAME} is missing)", cure))
    try:
        return _MANIFEST.validate_json(path.read_bytes())
    except OSError as fault:
        raise QueryError(Fault(str(path), "", f"cannot be read: {fault}")) from fault
    except ValidationError as fault:
        raise QueryError(json_faults(path, "not a manifest", fault)) from fault


def refuse_other(
    folder: Path, stored: Manifest, wanted: Identity, config: Mapping[str, Any]
) -> None:
    """Refuse to continue a folder whose experiment would give other bytes.

    Raises
    ------
    InputError
        Names everything that differs: configuration keys, policies' laws, data, code, versions.
    """
    faults = [
        Fault(str(folder), *pair, cure=_CURE) for pair in _differences(stored, wanted, config)
    ]
    if faults:
        raise InputError(faults)


_CURE = "the folder holds another experiment; choose another --out or remove it"


def _differences(
    stored: Manifest, wanted: Identity, config: Mapping[str, Any]
) -> list[tuple[str, str]]:
    had = stored.identity
    found: list[tuple[str, str]] = []
    if had.config_sha256 != wanted.config_sha256:
        found += _config_differences(stored.config, config) or [("config", "differs")]
    for policy in sorted({*had.law_sha256, *wanted.law_sha256}):
        if had.law_sha256.get(policy) != wanted.law_sha256.get(policy):
            found.append((f"law of {policy}", "differs from the law stored there"))
    if had.data_sha256 != wanted.data_sha256:
        found.append(("data", "files under sim/data or of an overlay have changed since"))
    if had.code_sha256 != wanted.code_sha256:
        found.append(("code", "the engine or a room below it has changed since"))
    # Kyoten's own version changes with every commit; the digests above say whether results would.
    for package in sorted({*had.versions, *wanted.versions} - {"kyoten"}):
        before, after = had.versions.get(package), wanted.versions.get(package)
        if before != after:
            found.append((f"version of {package}", f"was {before}, is {after}"))
    return found


def _config_differences(
    before: object, after: object, place: str = "config"
) -> list[tuple[str, str]]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        pairs = [
            (key, before.get(key), after.get(key)) for key in sorted({*before, *after}, key=str)
        ]
        return [
            d for key, old, new in pairs for d in _config_differences(old, new, f"{place}.{key}")
        ]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        triples = zip(range(len(before)), before, after, strict=True)
        return [
            d for i, old, new in triples for d in _config_differences(old, new, f"{place}[{i}]")
        ]
    return [] if before == after else [(place, f"was {_short(before)}, is {_short(after)}")]


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."
