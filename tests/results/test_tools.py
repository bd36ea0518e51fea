"""Chip tools of two policies, paired by run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.errors import QueryError
from sim.results.comparing.chip_tools import (
    ROWS,
    TOGETHER,
    ToolTables,
    makers_by_sales,
    tool_tables,
)
from sim.results.names import customer_names, firm_names
from sim.results.run_folder.query import RunFolder, open_run
from tests.results.conftest import write_run
from tests.results.tool_run import write_tool_run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tool_run(tmp_path_factory.mktemp("runs") / "tools")


@pytest.fixture
def run(folder: Path) -> Iterator[RunFolder]:
    with open_run(folder) as opened:
        yield opened


def told(run: RunFolder, policy: str = "tariff", year: int | None = None) -> ToolTables:
    found = tool_tables(run, policy, "base", year)
    assert found is not None
    return found


def test_makers_stand_by_sales_and_all_together_last(run: RunFolder) -> None:
    assert makers_by_sales(run) == ["canon", "brother"]
    assert told(run).shares["maker"].tolist() == ["Canon", "Brother", TOGETHER]


def test_the_share_of_a_year_is_that_of_its_sums(run: RunFolder) -> None:
    canon = told(run).shares.iloc[0]
    assert canon["base"] == pytest.approx(0.1)
    assert canon["level"] == pytest.approx(2 / 11)
    assert canon["low"] == pytest.approx(canon["difference"]) == pytest.approx(2 / 11 - 0.1)


def test_flows_are_sums_of_the_year_and_what_waits_is_that_of_december(run: RunFolder) -> None:
    level = told(run).orders.set_index("row")["level"]
    assert list(level.index) == list(ROWS)
    assert (level["lost"], level["waiting"]) == (12e6, 5e6)
    assert level["japanese"] == pytest.approx(12 * 2.2e8)
    assert level["chinese"] == pytest.approx(12 * 2e8)
    assert level["local"] == pytest.approx(2e8 / (1.5e8 / 0.15 + 5e7 / 0.2))


def test_policies_differ_or_not(run: RunFolder) -> None:
    assert told(run).differ
    assert not told(run, "base").differ


def test_a_year_may_be_chosen_and_one_outside_the_run_is_refused(run: RunFolder) -> None:
    assert told(run, year=2018).years == (2018,)
    with pytest.raises(QueryError, match="choose 2017 to 2019"):
        told(run, year=2031)


def test_a_run_without_tools_has_no_tables(tmp_path: Path) -> None:
    write_run(tmp_path / "x")
    with open_run(tmp_path / "x") as run:
        assert tool_tables(run, "tariff") is None


def test_buyers_are_named_by_the_run_or_by_the_table_of_this_version(tmp_path: Path) -> None:
    write_run(tmp_path / "x")
    with open_run(tmp_path / "x") as run:
        assert customer_names(run)["cxmt"] == "CXMT"
        assert firm_names(run)["canon"] == "Canon"
        (tmp_path / "x" / "names.json").write_text(json.dumps({"customers": {"cxmt": "C"}}))
        assert customer_names(run) == {"cxmt": "C"}
