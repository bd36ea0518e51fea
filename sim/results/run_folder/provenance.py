"""Where a result comes from: digests of data and code, package versions, commit and processor."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import llvmlite.binding

from sim.data.edition import tree_digest

_PACKAGES = (
    "kyoten",
    "duckdb",
    "llvmlite",
    "mesa",
    "networkx",
    "numba",
    "numpy",
    "pandas",
    "pyarrow",
    "scipy",
)
_ROOMS = ("axes.py", "table.py", "tables.py", "law", "world", "decisions", "network", "engine")
"""What decides a number: a change there is another experiment, a change elsewhere is not."""

_PACKAGE = Path(__file__).resolve().parents[2]


def canonical_digest(content: object) -> str:
    """SHA-256 of plain content (dicts, lists, text, numbers), whatever the order of its keys.

    >>> canonical_digest({"b": 1, "a": 2}) == canonical_digest({"a": 2, "b": 1})
    True
    """
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def data_digest() -> str:
    """SHA-256 over every file of ``sim/data`` that a run reads (targets judge runs: left out)."""
    root = _PACKAGE / "data"
    paths = (path for path in root.rglob("*") if path.is_file())
    return tree_digest(root, (p for p in paths if p.relative_to(root).parts[0] != "targets"))


def code_digest() -> str:
    """SHA-256 over the source of the rooms that decide a number, the engine and all below it."""
    paths: list[Path] = []
    for room in _ROOMS:
        place = _PACKAGE / room
        paths += [place] if place.is_file() else sorted(place.rglob("*.py"))
    return tree_digest(_PACKAGE, paths)


def versions() -> dict[str, str]:
    """Versions of Python and of every package that a result can depend on."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def commit() -> Mapping[str, str | bool] | None:
    """Git commit of this source tree and whether files differ from it; None outside a checkout."""
    head = _git("rev-parse", "HEAD")
    if not head:
        return None
    return {"commit": head, "dirty": bool(_git("status", "--porcelain", "--", "."))}


def _git(*arguments: str) -> str:
    try:
        asked = subprocess.run(  # noqa: S603 -- fixed arguments, no shell
            ["git", *arguments],  # noqa: S607 -- whichever git the user has
            cwd=_PACKAGE.parent,
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return asked.stdout.strip() if asked.returncode == 0 else ""


def processor() -> str:
    """Processor type as the compiler of the kernels names it: equal type, equal bytes."""
    return f"{platform.machine()} {llvmlite.binding.get_host_cpu_name()}"


def now() -> str:
    """Present time in UTC, ISO 8601, whole seconds (told in manifests, never in tables)."""
    return datetime.now(UTC).isoformat(timespec="seconds")
