"""Tables and figures of chip tools."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import figures
from analysis.chip_tools import (
    MECHANISMS,
    control_days,
    gains,
    lost_orders,
    mechanism_shares,
    rule_titles,
    tool_bands,
    waiting_orders,
)
from sim.results.query import RunFolder, open_run
from sim.results.store import chunk_name, write_chunk
from tests.plausible import frames
from tests.results.conftest import MONTHS, write_run

NAMES = tuple(MECHANISMS)
CORNERS = list(product((0.0, 1.0), repeat=len(NAMES)))
YAML = "uncertainties:\n" + "".join(f"  {name}: [0, 1]\n" for name in NAMES)
RULES = {
    "us_end_use": {"title": "Any item", "authority": "US", "kind": "end_use",
                   "windows": [["2018-05-07", None], ["2015-01-01", "2016-01-01"]]},
    "jp_list": {"title": "A list", "authority": "JP", "kind": "export_list",
                "windows": [["2018-05-07", None]]},
    "us_persons": {"title": "Persons", "authority": "US", "kind": "person_limit",
                   "windows": [["2018-06-01", None]]},
}  # fmt: skip


def outcome(policy: str, name: str, group: str, value: float, scenario: str = "base",
            month: object = MONTHS[-1]) -> dict[str, object]:  # fmt: skip
    return {"experiment": "plausible", "policy": policy, "scenario": scenario, "replication": 0,
            "month": month, "outcome": name, "group": group, "value": value}  # fmt: skip


def made(folder: Path, rows: list[dict[str, object]], scenarios: list[str]) -> None:
    """A run whose outcomes are these rows."""
    write_run(folder)
    for number, policy in enumerate(("base", "tariff")):
        lanes = [(policy, scenario, 0) for scenario in scenarios]
        content = frames(lanes[:1], MONTHS, detail=0)
        mine = [row for row in rows if row["policy"] == policy]
        content["outcomes"] = pd.DataFrame(mine, columns=content["outcomes"].columns)
        write_chunk(folder, chunk_name(number), lanes, content)
    (folder / "controls.json").write_text(json.dumps({"tariff": RULES, "base": {}}))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "tools"
    rows = []
    for policy, more in (("base", 0.0), ("tariff", 1e9)):
        rows += [
            outcome(policy, "tool_sales_usd", "firm=disco;country=CN", 1e9 + more),
            outcome(policy, "tool_sales_usd", "firm=disco;country=TW", 9e9),
            outcome(policy, "chinese_tools_usd", "customer=smic", 2e9 + 2 * more),
            outcome(policy, "china_share", "firm=disco", 0.1 + 1e-10 * more),
            outcome(policy, "localisation_share", "customer=smic", 0.2),
            outcome(policy, "lost_by_rule_usd", "rule=jp_list", more),
            outcome(policy, "backlog_usd", "firm=disco", more),
        ]
    made(folder, rows, ["base"])
    return folder


@pytest.fixture
def run(folder: Path) -> Iterator[RunFolder]:
    with open_run(folder) as opened:
        yield opened


def test_rules_on_goods_are_marked_on_their_first_days_within_the_run(run: RunFolder) -> None:
    [day] = control_days(run, "tariff").itertuples()
    assert (str(day.day)[:10], day.title, day.rules) == ("2018-05-07", "Any item", 2)
    assert control_days(run, "base").empty


def test_gains_in_china_are_paired_by_year_and_maker(run: RunFolder) -> None:
    table = gains(run, "tariff", "base").set_index("who")["difference"]
    assert table.to_dict() == {"Chinese makers": 2e9, "disco": 1e9}
    assert set(gains(run, "base", "base")["difference"]) == {0.0}


def test_lost_orders_are_by_rule_and_what_waits_is_that_of_december(run: RunFolder) -> None:
    assert lost_orders(run, "tariff")["lost"].tolist() == [1e9]
    assert lost_orders(run, "base").empty
    assert waiting_orders(run, "tariff")["waiting"].tolist() == [1e9]


def test_every_figure_of_tools_is_drawn_or_says_why_not(run: RunFolder) -> None:
    both = tool_bands(run, "china_share", "tariff", "base")
    share = figures.china_shares(both, control_days(run, "tariff"), "Tariff", "Base")
    assert len(share.data) == 2
    assert len(share.layout.annotations) == 1
    local = figures.localisation(tool_bands(run, "localisation_share", "tariff", "base"), "T", "B")
    assert [trace.name for trace in local.data] == ["smic", "mean, B"]
    lost, waiting = lost_orders(run, "tariff"), waiting_orders(run, "tariff")
    told = figures.orders_lost(lost, waiting, rule_titles(run, "tariff"), "Tariff")
    assert [trace.name for trace in told.data] == ["A list", "waiting at year's end"]
    assert len(figures.who_gains(gains(run, "tariff", "base"), "T", "B").data) == 2
    for nothing in (
        figures.china_shares(None, control_days(run, "base"), "T", "B"),
        figures.localisation(None, "T", "B"),
        figures.orders_lost(lost_orders(run, "base"), waiting, {}, "B"),
        figures.hump(mechanism_shares(run), "disco"),
    ):
        assert len(nothing.data) == 0
        assert nothing.layout.annotations[0].text


def share_of(corner: tuple[float, ...]) -> float:
    """A made-up share: single effects, and one pair that needs each other."""
    return (
        0.15 + float(np.dot(corner, (0.2, 0.05, 0.04, -0.02, -0.03))) + 0.02 * corner[0] * corner[1]
    )


def test_mechanisms_share_the_whole_in_the_order_of_the_file(tmp_path: Path) -> None:
    """With `none` they add up to the share; what needs two is divided equally."""
    scenarios = [f"s{k:04d}" for k in range(len(CORNERS))]
    rows = [
        outcome("tariff", "china_share", "firm=tokyo_electron", share_of(corner), scenario)
        for corner, scenario in zip(CORNERS, scenarios, strict=True)
    ]
    made(tmp_path / "x", rows, scenarios)
    (tmp_path / "x" / "config.yaml").write_text(YAML)
    with open_run(tmp_path / "x") as run:
        table = mechanism_shares(run, policy="tariff").set_index("mechanism")
    assert table["shapley"].sum() == pytest.approx(share_of(CORNERS[-1]))
    assert table["shapley"][NAMES[0]] == pytest.approx(0.21)
    assert table["shapley"][NAMES[1]] == pytest.approx(0.06)
    assert table["alone_off"][NAMES[1]] == pytest.approx(0.07)
    assert table["shapley"]["none"] == pytest.approx(0.15)
    assert len(figures.hump(table.reset_index(), "tokyo_electron").data) == len(NAMES) + 1
