"""``kyoten --version``: the version, and how late its law and its tables reach."""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version

from sim.cli.render import print_json
from sim.data.edition import editions

DIGITS = 12
"""Hex digits of a digest that people compare; JSON has them all."""


def show_version(as_json: bool) -> None:
    """Print the version, the law's last announcement, the tables' last dated row, their digests."""
    held = editions()
    if as_json:
        parts = {edition.part: asdict(edition) for edition in held}
        print_json({"version": installed(), **parts})
        return
    law, data = held
    print(f"kyoten {installed()}")
    print(f"law    announced to {law.latest}, sha256 {law.sha256[:DIGITS]}")
    print(f"data   dated to {data.latest}, sha256 {data.sha256[:DIGITS]}")


def installed() -> str:
    """The installed version; a source tree that is on the path alone has none."""
    try:
        return version("kyoten")
    except PackageNotFoundError:
        return "not installed"
