"""The chip tools of a comparison, and what is left out of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.cli.chip_tool_tables import tool_sections
from sim.results.comparing.chip_tools import tool_tables
from sim.results.run_folder.query import RunFolder, open_run
from sim.tables import Group
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
    assert makers[1] == ("maker", "2019 base", "2019 tariff", "2019 difference")
    assert makers[2][0] == ("Canon", "10.0 %", "18.2 %", "+8.2 [+8.2, +8.2] pt")
    rows = {row[0]: row[1:] for row in orders[2]}
    assert rows["orders refused or withdrawn"] == ("0", "12 m", "+12 [+12, +12] m")
    assert "orders turned away beyond the law" not in rows


def test_policies_alike_have_no_rows_and_a_run_without_tools_no_section(run: RunFolder) -> None:
    [(title, _, rows)] = tool_sections(tool_tables(run, "base", "base"))
    assert (title, rows) == ("Chip tools", [])
    assert tool_sections(None) == []


def test_a_comparison_shows_them_and_says_what_it_leaves_out(kyoten: Any, folder: Path) -> None:
    out = kyoten("compare", folder, "--policy", "tariff").out
    assert "Chip tools: China's part of sales by maker" in out
    alike = kyoten("compare", folder, "--policy", "base", "--against", "base").out
    assert alike.splitlines()[-1].startswith("Nothing to tell, left out: Moved out of China")
    assert alike.count("Moved out of China") == 1
    assert "Chip tools;" in alike
    assert "maker" not in alike


def test_scripts_get_the_same_rows_as_before(kyoten: Any, folder: Path) -> None:
    rows = json.loads(kyoten("compare", folder, "--policy", "tariff", "--json").out)
    assert set(rows[0]) == {"outcome", *Group._fields, "month", "difference", "low", "high"}
