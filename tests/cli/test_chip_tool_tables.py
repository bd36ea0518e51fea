"""The chip tools of a comparison, and what is left out of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.cli.comparing.chip_tools import tool_sections
from sim.results.comparing.chip_tools import tool_tables
from sim.results.run_folder.query import RunFolder, open_run
from tests.results.tool_run import write_tool_run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tool_run(tmp_path_factory.mktemp("runs") / "tools")


@pytest.fixture
def run(folder: Path) -> Iterator[RunFolder]:
    with open_run(folder) as opened:
        yield opened


def test_shares_are_per_cent_and_differences_points(run: RunFolder) -> None:
    makers, orders = tool_sections(tool_tables(run, "tariff", "base"))
    assert makers[0].endswith("by maker, 2019")
    assert makers[2][0] == ("Canon", "10.0 %", "+8.2 pt", "+8.2 to +8.2", "+8.2 to +8.2")
    rows = {row[0]: row[1:] for row in orders[2]}
    assert rows["orders refused or withdrawn"] == ("0", "+12 m", "12 m", "12 m")
    assert "turned away beyond the law" not in rows


def test_policies_alike_have_no_rows_and_a_run_without_tools_no_section(run: RunFolder) -> None:
    [(title, _, rows)] = tool_sections(tool_tables(run, "base", "base"))
    assert (title, rows) == ("Chip tools", [])
    assert tool_sections(None) == []


def test_a_comparison_shows_them_and_says_what_it_leaves_out(kyoten: Any, folder: Path) -> None:
    out = kyoten("compare", folder, "--policy", "tariff", "--all").out
    assert "Chip tools: China's part of sales by maker" in out
    alike = kyoten("compare", folder, "--policy", "base", "--against", "base", "--all").out
    assert "The same under both: Moved out of China" in alike
    assert alike.count("Moved out of China") == 1
    assert "Chip tools;" in alike
    assert "by maker" not in alike
