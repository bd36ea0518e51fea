"""Tables and figures of chip tools."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from analysis import catalogue
from analysis.figure import TOOLS
from analysis.figures.chip_tools.mechanisms import hump
from analysis.figures.chip_tools.orders import localisation
from analysis.open_run import OpenRun
from analysis.summaries.chip_tools import (
    MECHANISMS,
    US,
    control_days,
    gains,
    hump_shares,
    lost_orders,
    mechanism_shares,
    rule_titles,
    tool_bands,
    waiting_orders,
)
from sim.results.comparing.chip_tools import TOGETHER
from sim.results.run_folder.query import RunFolder, open_run
from sim.results.run_folder.store import chunk_name, write_chunk
from tests.plausible import frames
from tests.results.conftest import MONTHS, write_run
from tests.results.tool_run import write_tool_run

NAMES = tuple(MECHANISMS)
CORNERS = list(product((0.0, 1.0), repeat=len(NAMES)))
YAML = "uncertainties:\n" + "".join(f"  {name}: [0, 1]\n" for name in NAMES)


NAMED = [one.name for one in catalogue.figures().values() if one.section == TOOLS]


def draw(run: RunFolder, name: str, policy: str, against: str) -> go.Figure:
    return catalogue.draw(OpenRun(run), name, policy, against)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tool_run(tmp_path_factory.mktemp("runs") / "tools")


@pytest.fixture
def run(folder: Path) -> Iterator[RunFolder]:
    with open_run(folder) as opened:
        yield opened


def test_rules_on_goods_are_marked_on_their_first_days_within_the_run(run: RunFolder) -> None:
    [day] = control_days(run, "tariff").itertuples()
    assert (str(day.day)[:10], day.rules) == ("2018-05-07", 2)
    assert (day.who, day.title[:8]) == ("US and Japan", "Any item")
    assert control_days(run, "base").empty


def test_gains_in_china_are_paired_by_year_and_maker(run: RunFolder) -> None:
    """What US makers lost to Japanese ones stands with the sign turned."""
    table = gains(run, "tariff", "base")
    last = table[table["year"] == 2019].set_index("who")["difference"]
    assert last.to_dict() == pytest.approx(
        {"Chinese makers": 6e8, TOGETHER: 1.32e9, US: -2.4e7, "Canon": 1.2e9, "Brother": 1.2e8}
    )
    assert set(gains(run, "base", "base")["difference"]) == {0.0}


def test_lost_orders_are_by_rule_and_what_waits_is_that_of_december(run: RunFolder) -> None:
    lost = lost_orders(run, "tariff")
    assert lost.loc[lost["rule"] == "jp_list", "lost"].tolist() == [1.2e7] * 3
    assert lost_orders(run, "base").empty
    assert waiting_orders(run, "tariff")["waiting"].tolist() == [5e6] * 3
    assert rule_titles(run, "tariff")["cn_content"].startswith("China's rule")


def names_of(figure: go.Figure) -> list[str]:
    return [str(trace.name) for trace in figure.data if trace.showlegend is not False]


def words_of(figure: go.Figure) -> str:
    """Everything a reader sees written in a figure."""
    told = [figure.layout.title.text, *names_of(figure)]
    return " | ".join([*told, *(str(note.text) for note in figure.layout.annotations)])


def test_the_greatest_maker_has_the_large_panel_and_the_law_a_numbered_list(run: RunFolder) -> None:
    share = draw(run, "china_share", "tariff", "base")
    assert names_of(share) == ["tariff", "base"]
    heads = [note.text for note in share.layout.annotations]
    assert heads[:3] == ["<b>Canon</b>", "<b>Brother</b>", "<b>1</b>"]
    assert heads[3].startswith("<b>1</b>  7 May 2018, US and Japan: Any item for a facility")
    assert heads[3].endswith("chips of an…, and 1 more")
    twins = [trace for trace in share.data if trace.line.dash == "dot" and trace.x[0] is not None]
    mine = [trace for trace in share.data if trace.line.dash == "solid" and trace.x[0] is not None]
    assert [t.line.color for t in twins] == [t.line.color for t in mine]


def test_losses_are_named_at_the_end_of_a_word_and_counted_in_billions(run: RunFolder) -> None:
    lost = draw(run, "orders_lost", "tariff", "base")
    assert names_of(lost) == ["A list", "one other rule", "waiting at the year's end"]
    assert max(lost.data[0].y) == pytest.approx(0.012)
    assert lost.layout.yaxis.title.text.startswith("bn USD a year")


def test_who_gains_tells_countries_first_then_makers_by_name(run: RunFolder) -> None:
    gained = draw(run, "who_gains", "tariff", "base")
    assert names_of(gained) == ["Chinese makers", TOGETHER, US, "Canon", "Brother"]
    assert {trace.legend for trace in gained.data} == {"legend", "legend2"}


def test_buyers_with_the_same_path_share_a_line(run: RunFolder) -> None:
    both = tool_bands(run, "localisation_share", "tariff", "base")
    assert both is not None
    names = {"smic": "SMIC", "cxmt": "CXMT"}
    apart = localisation(both, "T", "B", names)
    assert names_of(apart) == ["CXMT", "SMIC", "mean of all buyers, B"]
    both.levels["median"] = 0.2
    assert names_of(localisation(both, "T", "B", names))[0] == "CXMT, SMIC"


@pytest.mark.parametrize("name", NAMED)
def test_no_figure_shows_an_id(run: RunFolder, name: str) -> None:
    """Neither with its underscores nor with blanks for them."""
    words = words_of(draw(run, name, "tariff", "base"))
    assert not {"canon", "smic", "cxmt", "jp list", "cn content"} & set(words.split(" | "))
    assert "_" not in words.replace("chip_tools_mechanisms", "")


def test_a_policy_against_itself_has_one_line_a_maker_and_no_gains(run: RunFolder) -> None:
    share = draw(run, "china_share", "base", "base")
    assert names_of(share) == ["base"]
    assert "dot" not in {trace.line.dash for trace in share.data}
    assert not draw(run, "who_gains", "base", "base").data


def test_a_run_without_tools_says_so_in_every_figure(tmp_path: Path) -> None:
    write_run(tmp_path / "x")
    with open_run(tmp_path / "x") as run:
        for name in NAMED:
            nothing = draw(run, name, "tariff", "base")
            assert len(nothing.data) == 0
            assert nothing.layout.annotations[0].text


def share_of(corner: tuple[float, ...]) -> float:
    """A made-up share: single effects, and one pair that needs each other."""
    return (
        0.15 + float(np.dot(corner, (0.2, 0.05, 0.04, -0.02, -0.03))) + 0.02 * corner[0] * corner[1]
    )


def mechanism_run(folder: Path, months: Sequence[date], made: int = len(CORNERS)) -> Path:
    """A run of every combination of switches, of which `made` scenarios are finished."""
    write_run(folder)
    scenarios = [f"s{k:04d}" for k in range(made)]
    rows = [
        {"experiment": "plausible", "policy": "tariff", "scenario": scenario, "replication": 0,
         "month": pd.Timestamp(month), "outcome": "china_share", "firm": "tokyo_electron",
         "value": share_of(corner)}
        for corner, scenario in zip(CORNERS, scenarios, strict=False) for month in months
    ]  # fmt: skip
    lanes = [("tariff", scenario, 0) for scenario in scenarios]
    content = frames(lanes[:1], MONTHS, detail=0)
    columns = content["outcomes"].columns
    content["outcomes"] = pd.DataFrame(rows, columns=columns).astype(object).fillna("")
    write_chunk(folder, chunk_name(1), lanes, content)
    (folder / "config.yaml").write_text(YAML)
    return folder


def test_mechanisms_share_the_whole_in_the_order_of_the_file(tmp_path: Path) -> None:
    """With `none` they add up to the share; what needs two is divided equally."""
    with open_run(mechanism_run(tmp_path / "x", MONTHS[-1:])) as run:
        told = mechanism_shares(run, policy="tariff")
    table = told.set_index("mechanism")
    assert table["shapley"].sum() == pytest.approx(share_of(CORNERS[-1]))
    assert table["shapley"][NAMES[0]] == pytest.approx(0.21)
    assert table["shapley"][NAMES[1]] == pytest.approx(0.06)
    assert table["alone_off"][NAMES[1]] == pytest.approx(0.07)
    assert table["shapley"]["none"] == pytest.approx(0.15)
    assert hump_shares(told)[0] == "all quarters"


def test_the_hump_is_told_in_a_table_of_one_fiscal_year(tmp_path: Path) -> None:
    with open_run(mechanism_run(tmp_path / "x", MONTHS)) as run:
        told = mechanism_shares(run, policy="tariff")
    when, mean = hump_shares(told)
    assert when == "April 2017 to March 2018"
    assert mean.set_index("mechanism")["shapley"][NAMES[0]] == pytest.approx(0.21)
    figure = hump(told, "Tokyo Electron")
    assert "Tokyo Electron's" in figure.layout.title.text
    bars, table = figure.data[:-1], figure.data[-1]
    assert len(bars) == len(NAMES) + 1
    assert list(table.cells["values"][2])[:2] == ["15.0", "21.0"]


def test_an_unfinished_run_of_mechanisms_has_no_shares(tmp_path: Path) -> None:
    with open_run(mechanism_run(tmp_path / "x", MONTHS[-1:], made=5)) as run:
        assert mechanism_shares(run, policy="tariff").empty
