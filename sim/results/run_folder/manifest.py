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
    editions: Mapping[str, str] = field(default_factory=dict)
    """``law`` and ``data`` -> digest of the files that ship, as ``kyoten --version`` prints it."""
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
        Names in one sentence what differs: keys of the configuration and policies first, then
        policies' laws, data, code and versions.
    """
    found = _differences(stored, wanted, config)
    if found:
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        wrong = f"holds another run: {', '.join(found[:_NAMED])}{more}"
        raise InputError(Fault(str(folder), "", wrong, "choose another --out, or remove it"))


_NAMED = 4
"""Differences that a refusal names; the others are counted."""
_NO_PART = ("description", "data", "law")
"""Keys that say nothing of an experiment's numbers: what folders hold has its own digest."""


def _differences(stored: Manifest, wanted: Identity, config: Mapping[str, Any]) -> list[str]:
    had = stored.identity
    found: list[str] = []
    if had.config_sha256 != wanted.config_sha256:
        found += _config_differences(stored.config, config) or ["its configuration differs"]
    for policy in sorted({*had.law_sha256, *wanted.law_sha256}):
        differs = had.law_sha256.get(policy) != wanted.law_sha256.get(policy)
        if differs and not any(f"`{policy}`" in told for told in found):
            found.append(f"the law of `{policy}` differs")
    if had.data_sha256 != wanted.data_sha256:
        found.append("files under sim/data or of an overlay have changed")
    if had.code_sha256 != wanted.code_sha256:
        found.append("the engine or a room below it has changed")
    # Kyoten's own version changes with every commit; the digests above say whether results would.
    for package in sorted({*had.versions, *wanted.versions} - {"kyoten"}):
        before, after = had.versions.get(package), wanted.versions.get(package)
        if before != after:
            found.append(f"{package} was {before}, is {after}")
    return found


def _config_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """One part a key as people write it: what is below a policy's name is left to them."""
    found = []
    for key in sorted({*before, *after} - {*_NO_PART, "policies"}):
        old, new = before.get(key), after.get(key)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            pairs = [(f"{key}.{k}", old.get(k), new.get(k)) for k in sorted({*old, *new})]
        else:
            pairs = [(key, old, new)]
        found += [f"`{k}` was {_short(a)}, is {_short(b)}" for k, a, b in pairs if a != b]
    old, new = before.get("policies") or {}, after.get("policies") or {}
    found += [f"policy `{name}` is not there" for name in new if name not in old]
    found += [f"policy `{name}` is gone" for name in old if name not in new]
    both = [(name, _untitled(old[name]), _untitled(new[name])) for name in new if name in old]
    return found + [f"policy `{name}` differs" for name, a, b in both if a != b]


def _untitled(policy: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in policy.items() if key != "title"}


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else f"{text[:37]}..."
