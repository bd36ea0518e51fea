"""Every decision that law drives names the instrument, the rule or the act behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import pandas as pd
import pytest

from sim.engine.block import Block, Lane, run_block
from sim.law.law import load_law
from sim.law.rates.monthly import monthly
from sim.tables import MOVES
from sim.world.build import load_world
from sim.world.narrowing import narrowed
from tests.engine.test_subsidies import EAGER, act
from tests.reference import tiny


def decisions(*acts: object) -> pd.DataFrame:
    """Relocations of the small world under tariffs and these acts."""
    duties = tiny.duties(60)
    duties.subsidies = acts
    block = Block("try", 1, tuple(Lane("p", "base", r, 0, EAGER) for r in range(4)))
    return run_block(tiny.world(60), [duties], block)["relocations"]


def to_vietnam(rows: pd.DataFrame) -> pd.DataFrame:
    """Work that went there."""
    return rows[(rows["to_country"] == "VN") & rows["kind"].isin(MOVES)]


@pytest.mark.parametrize("kind", ["share_of_outlay", "share_of_price", "profit_tax"])
def test_the_act_that_gave_most_is_named(kind: str) -> None:
    size = {"share_of_outlay": 0.9, "share_of_price": 0.06, "profit_tax": 0.9}[kind]
    much = replace(act("VN", kind, size), id="much")
    little = replace(act("VN", kind, size / 20.0), id="little")
    gone = to_vietnam(decisions(little, much))
    assert len(gone)
    assert set(gone["rule"]) == {"much"}


def test_an_act_that_ends_where_work_stands_is_named_for_what_leaves() -> None:
    """What was paid in the base year and is no more drives work away: it is the act's doing."""
    kept = replace(act("CN", "share_of_price", 0.1, end=date(2018, 12, 31)), id="ended")
    kept = replace(kept, grants=(replace(kept.grants[0], start=date(2010, 1, 1)),))
    rows = decisions(kept)
    left = rows[(rows["from_country"] == "CN") & (rows["driver_subsidy_usd"] > 0.0)]
    assert len(left)
    assert set(left["rule"]) == {"ended"}


def test_a_decision_without_public_money_names_no_act() -> None:
    assert set(decisions()["rule"]) <= {""}


@cache
def printers() -> pd.DataFrame:
    """Decisions on printers and batteries under the law as enacted."""
    world = load_world(last=date(2026, 12, 1))
    kept = [one.id for one in world.lines if one.product in ("printers", "ev_batteries")]
    lanes = tuple(Lane("p", "base", r, 0) for r in range(4))
    duty = monthly(load_law(), world.months)
    return run_block(narrowed(world, kept), [duty], Block("try", 1, lanes))["relocations"]


def test_a_move_that_duty_drives_names_the_instrument() -> None:
    rows = printers()
    moved = rows[rows["kind"].isin(MOVES) & (rows["reason"] == "duty")]
    named = moved["rule"].str.split(";").str[0]
    law = load_law()
    for name, market in zip(named, moved["market"], strict=True):
        assert law.instrument(name).importer == market
    early = named[moved["announced_month"] < "2019-12"]
    assert set(early) <= {
        "us_301_cn_list_3", "us_301_cn_list_4a", "us_301_cn_list_4a_proposal",
    }  # fmt: skip
    assert len(early)


def test_of_two_drivers_the_greater_is_named_first() -> None:
    rows = printers()
    acts = {one.id for one in load_law().subsidies}
    both = rows[rows["rule"].str.count(";") == 1]
    first = both["rule"].str.split(";").str[0].isin(acts)
    larger = both["driver_subsidy_usd"].abs() > both["driver_duty_usd"].abs()
    assert (first == larger).all()
    assert first.any()
    assert not first.all()
