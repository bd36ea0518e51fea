"""What export controls cost a maker is told by rule and buyer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from sim.results.licences import answers, licence_costs, told_answers
from sim.results.numbers import money
from sim.results.reasons.controls import rule_costs
from sim.results.reasons.why import Why, why
from sim.results.run_folder.query import RunFolder, open_run
from sim.results.run_folder.store import chunk_name, write_chunk
from sim.tables import TABLES
from tests.plausible import frames
from tests.results.conftest import MONTHS, write_run
from tests.results.tool_run import write_tool_run

KEYS = {"experiment": "plausible", "policy": "tariff", "scenario": "base"}


def orders(customer: str, decision: str, rule: str, **money: float) -> list[dict[str, object]]:
    """Two months of two runs of one kind of order."""
    amounts = dict.fromkeys(
        ("value_usd", "shipped_usd", "denied_usd", "cancelled_usd", "revoked_usd", "backlog_usd"),
        0.0,
    )
    return [
        {**KEYS, "replication": r, "month": month, "firm": "canon", "customer": customer,
         "tool_class": "3B001", "made_in": "JP", "shipped_from": "JP", "authority": "JP",
         "decision": decision, "rule": rule, "reason": "", **amounts, **money}
        for r in range(2)
        for month in MONTHS[:2]
    ]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "tools"
    write_run(folder)
    rows = (
        orders("cxmt", "JP_LIC", "jp_23_items", value_usd=1e9, denied_usd=1e8, backlog_usd=2e9,
               cancelled_usd=2e7, revoked_usd=5e6)
        + orders("smic", "JP_LIC", "jp_23_items", value_usd=5e8, denied_usd=3e8)
        + orders("tsmc", "JP_LIC", "jp_23_items", value_usd=4e9, shipped_usd=4e9)
        + orders("ymtc", "EXEMPT_S4", "us_sme_fdp", value_usd=7e8, shipped_usd=7e8)
    )  # fmt: skip
    lanes = [("tariff", "base", r) for r in range(4)]
    content = frames(lanes, MONTHS, detail=2)
    content["licences"] = pd.DataFrame(rows)[list(TABLES["licences"].names)]
    write_chunk(folder, chunk_name(1), lanes, content)
    rule = {
        "title": "Twenty-three kinds", "citation": "Ministerial ordinance, item 7",
        "source_url": "https://meti.example", "announced": "2023-03-31",
        "windows": [["2023-07-23", None]],
    }  # fmt: skip
    titles = {"tariff": {"jp_23_items": rule}, "base": {}}
    (folder / "controls.json").write_text(json.dumps(titles))
    return folder


@pytest.fixture
def run(folder: Path) -> Iterator[RunFolder]:
    with open_run(folder) as opened:
        yield opened


def test_costs_are_by_rule_and_buyer_the_dearest_first_a_run(run: RunFolder) -> None:
    """Money is the mean over detailed runs; what is free is no cost."""
    smic, cxmt, tsmc = licence_costs(run, "Canon", "tariff")
    assert [one.customer for one in (smic, cxmt, tsmc)] == ["smic", "cxmt", "tsmc"]
    assert (smic.denied_usd, cxmt.orders_usd, cxmt.lost_usd) == (6e8, 2e9, 2.4e8)
    assert (cxmt.wait_months, cxmt.revoked_usd, cxmt.title) == (2.0, 1e7, "Twenty-three kinds")
    assert cxmt.row()["kind"] == "licence"


def test_a_rule_is_told_with_its_title_day_source_and_what_the_other_policy_has(
    run: RunFolder,
) -> None:
    [rule] = rule_costs(run, "canon", "tariff", "base")
    first, *buyers = rule.paragraph("Tariff", "Base").splitlines()
    assert first == (
        "Canon and “Twenty-three kinds” of Japan, in force from 2023-07-23 (Ministerial ordinance,"
        " item 7, https://meti.example). Under “Tariff” orders of 11 bn USD need a licence for it,"
        " 800 m USD are refused and 40 m USD withdrawn by buyers who waited. Under “Base” it is not"
        " law."
    )
    assert buyers[0].startswith(
        "  SMIC advanced fabs: 1 bn USD of orders needed a licence, 600 m USD refused"
    )
    assert buyers[1].startswith("  CXMT: 2 bn USD of orders needed a licence, 200 m USD refused")
    assert len(buyers) == 2


def test_what_a_rule_costs_is_the_difference_to_the_other_policy(run: RunFolder) -> None:
    [rule] = rule_costs(run, "canon", "tariff", "base")
    [back] = rule_costs(run, "canon", "base", "tariff")
    assert rule.change_usd == rule.lost_usd == 840e6
    assert back.change_usd == -840e6
    assert (back.in_force, back.in_force_against) == (False, True)


def test_what_all_rules_cost_together_stands_before_them(run: RunFolder) -> None:
    found = why(run, "canon", "tariff", "base")
    assert found.lost_usd == (840e6, 0.0)
    assert found.paragraphs()[1] == (
        "Export controls cost Canon 840 m USD of orders under “tariff” and 0 USD under “base”,"
        " refused or withdrawn over all months (mean of 2 futures kept in detail). By rule:"
    )
    assert found.paragraphs()[2].startswith("Canon and “Twenty-three kinds”")


def test_a_rule_that_costs_the_same_under_both_is_one_line(run: RunFolder) -> None:
    found = why(run, "canon", "tariff", "tariff")
    assert found.paragraphs()[-1] == (
        "1 rule costs the same under both (840 m USD of orders refused or withdrawn): --all tells"
        " them."
    )
    assert "Twenty-three kinds" in found.paragraphs(every=True)[-1]


def test_numbers_of_a_rules_words_are_those_of_its_row(run: RunFolder) -> None:
    from tests.results.test_reasons import refuse_other_numbers

    for row in why(run, "canon", "tariff", "base").rows():
        refuse_other_numbers(row)


def test_a_firm_without_tools_has_no_costs_and_no_answers(run: RunFolder) -> None:
    assert licence_costs(run, "honda", "tariff") == []
    assert told_answers(answers(run, "honda", "tariff")) == ""
    assert "+12 m USD of orders that come over" in told_answers({"diverted_usd": 12e6})


def test_sales_on_balance_come_first_over_every_future_then_the_rules(tmp_path: Path) -> None:
    """`tariff` sells 100 m USD more a month in China in each of four futures, all of one size."""
    months = len(MONTHS)
    with open_run(write_tool_run(tmp_path / "run")) as opened:
        found = why(opened, "canon", "tariff", "base")
        back = why(opened, "canon", "base", "tariff")
        assert why(opened, "canon", "tariff", "tariff").sales is None
        assert why(opened, "honda", "tariff", "base").sales is None
    assert found.sales is not None
    assert (found.sales.futures, found.sales.first) == (4, "2017-01-01")
    change = found.sales.china
    assert change["difference"] == change["futures_low"] == change["high"] == months * 1e8
    assert found.sales.parts == {
        "diverted_usd": months * 2e6,
        "denied_usd": months * 1e6,
        "turned_away_usd": 0.0,
        "backlog_usd": 5e6,
    }
    first = found.paragraphs()[0]
    assert first.startswith(f"Canon sells {money(months * 1e8)} more in China under “tariff” than")
    assert "come over from American makers" in first
    assert "(all 4 futures)" in first
    assert f"sells {money(months * 1e8)} less in China under “base”" in back.paragraphs()[0]


def test_rules_that_differ_come_before_those_whose_cost_alone_changes(folder: Path) -> None:
    """A rule that is the same under both says why it costs more."""
    with open_run(folder) as opened:
        [rule] = rule_costs(opened, "canon", "tariff", "base")
    alike = replace(
        rule, differs=False, in_force_against=True, orders_against_usd=rule.orders_usd / 2,
        refused_against_usd=rule.refused_usd / 2, withdrawn_against_usd=rule.withdrawn_usd / 2,
    )  # fmt: skip
    told = alike.paragraph("Tariff", "Base").splitlines()[0]
    assert told.endswith("The rule is the same under both: orders under it are 100.0 % larger.")
    dearer = replace(alike, refused_against_usd=0.0)
    assert "of them are lost, not" in dearer.paragraph("Tariff", "Base").splitlines()[0]
    names = {"a": "A", "b": "B"}
    both = Why("canon", "Canon", "a", "b", names, (), (alike, rule))
    heads = [one.splitlines()[0] for one in both.paragraphs()]
    assert heads.index("Rules that are the same under both, at another cost:") == len(heads) - 2
    assert "The rule is the same" not in heads[-3]
