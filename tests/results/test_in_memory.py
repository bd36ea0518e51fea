"""Asks over tables in memory see one policy and one scenario at a time."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.results.scoring.guarded import Refused
from sim.results.scoring.in_memory import InMemory

FX = pd.DataFrame(
    [
        ("x", policy, scenario, 0, pd.Timestamp("2020-01-01"), "JPY", rate)
        for policy, scenario, rate in (("a", "s0", 100.0), ("a", "s1", 110.0), ("b", "s0", 120.0))
    ],
    columns=["experiment", "policy", "scenario", "replication", "month", "currency", "per_usd"],
)


def test_only_the_policy_and_scenario_in_view_answer() -> None:
    with InMemory({"fx": FX}, ["fx"]) as shown:
        shown.show("a", "b", "s0")
        own, other = (
            shown.ask(f"SELECT per_usd FROM {table}")["per_usd"].tolist()
            for table in ("fx", "base_fx")
        )
        shown.show("a", "", "s1")
        later = shown.ask("SELECT per_usd FROM fx WHERE month = DATE '2020-01-01'")
    assert (own, other, later["per_usd"].tolist()) == ([100.0], [120.0], [110.0])


def test_a_table_that_was_not_laid_out_is_refused_with_duckdbs_words() -> None:
    with InMemory({"fx": FX}, ["fx"]) as shown, pytest.raises(Refused, match="flows"):
        shown.ask("SELECT * FROM flows")
