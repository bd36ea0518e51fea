"""The frame of the command line."""

from __future__ import annotations

import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from sim.cli.main import available


def test_version_is_the_packages(kyoten: Any) -> None:
    ended = kyoten("--version")
    assert ended.code == 0
    assert ended.out.splitlines()[0] == f"kyoten {version('kyoten')}"
    assert kyoten("--version", "--json").json["version"] == version("kyoten")


def test_version_tells_the_last_announcement_of_the_law(kyoten: Any) -> None:
    from sim.law.controls import enacted
    from sim.law.law import load_law

    days = [v.announced for i in load_law().instruments for v in i.values if v.announced]
    days += [rule.announced for rule in enacted().rules if rule.announced]
    told = kyoten("--version", "--json").json["law"]
    assert told["latest"] == max(days).isoformat()
    assert f"announced to {told['latest']}, sha256 {told['sha256'][:12]}" in kyoten("--version").out


def test_version_tells_how_late_the_tables_reach(kyoten: Any) -> None:
    from sim.data.dataset import load_dataset

    told = kyoten("--version", "--json").json["data"]
    assert told["latest"] >= max(row.text("month") for row in load_dataset()["fx_monthly"])


def test_the_digest_of_the_law_follows_its_files_alone(tmp_path: Path) -> None:
    from sim.data.edition import FOLDER, editions

    shutil.copytree(FOLDER, tmp_path / "data")
    assert editions(tmp_path / "data") == editions()
    (tmp_path / "data" / "law" / "stacking.yaml").write_text("", encoding="utf-8")
    law, data = editions(tmp_path / "data")
    assert (law == editions()[0], data == editions()[1]) == (False, True)


@pytest.mark.parametrize("words", [("--json",), ("--json", "phases")])
def test_json_before_a_command_goes_with_version_alone(kyoten: Any, words: tuple[str, ...]) -> None:
    ended = kyoten(*words)
    assert ended.code == 2
    assert "--version" in ended.err


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


def test_help_on_figures_says_each_meaning_of_an_option_once(kyoten: Any) -> None:
    told = kyoten("plot", "--help").out
    assert told.count("alendar year; the last whole one if absent") == 1
