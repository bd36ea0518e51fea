"""The frame of the command line."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from sim.cli.main import available


def test_version_is_the_packages(kyoten: Any) -> None:
    ended = kyoten("--version")
    assert (ended.code, ended.out.strip()) == (0, version("kyoten"))


def test_help_lists_every_command_with_a_sentence(kyoten: Any) -> None:
    ended = kyoten("--help")
    assert ended.code == 0
    lines = ended.out.splitlines()
    for name in available():
        told = [line for line in lines if line.lstrip("│ ").startswith(f"{name} ")]
        assert told, name
        assert len(told[0].split()) > 4, name


def test_a_mistyped_command_is_answered_with_the_nearest(kyoten: Any) -> None:
    ended = kyoten("comprae", "runs/x")
    assert ended.code == 2
    assert "compare" in ended.err


def test_phases_are_printed_in_order_for_people_and_scripts(kyoten: Any) -> None:
    from sim.engine.phases import PHASES

    names = [phase.name for phase in PHASES]
    assert [phase["name"] for phase in kyoten("phases", "--json").json] == names
    lines = kyoten("phases").out.splitlines()
    for place, name in enumerate(names, start=1):
        assert any(line.split()[:2] == [str(place), name] for line in lines), name
