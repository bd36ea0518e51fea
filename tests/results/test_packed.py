"""Asks of earlier versions, written when the keys of outcomes were packed in one column."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pandas as pd
import pytest

from sim.results.run_folder.query import RunFolder
from sim.results.scoring.guarded import Guarded, Refused
from sim.results.scoring.in_memory import InMemory
from sim.tables import TABLES

Ask = Callable[[str], pd.DataFrame]

FORMS: tuple[tuple[str, str], ...] = (
    (
        """SELECT replication, sum(value) AS value FROM outcomes WHERE outcome = 'output'
        AND "group" = 'product=printers;country=CN' AND year(month) = 2019 GROUP BY replication""",
        """SELECT replication, sum(value) AS value FROM outcomes WHERE outcome = 'output'
        AND product = 'printers' AND country = 'CN' AND year(month) = 2019 GROUP BY replication""",
    ),
    (
        """SELECT replication, sum(value) FILTER (part("group", 'country') = 'CN') / sum(value)
        AS value FROM outcomes WHERE outcome = 'us_supply' AND part("group", 'product') = 'cars'
        GROUP BY replication""",
        """SELECT replication, sum(value) FILTER (country = 'CN') / sum(value) AS value
        FROM outcomes WHERE outcome = 'us_supply' AND product = 'cars' GROUP BY replication""",
    ),
    (
        """SELECT a.replication, sum(a.value - b.value) AS value FROM outcomes a
        JOIN base_outcomes b USING (scenario, replication, month, outcome, "group")
        WHERE outcome = 'output' AND part("group", 'country') = 'VN' GROUP BY a.replication""",
        """SELECT a.replication, sum(a.value - b.value) AS value FROM outcomes a
        JOIN base_outcomes b USING (scenario, replication, month, outcome, product, country)
        WHERE outcome = 'output' AND country = 'VN' GROUP BY a.replication""",
    ),
    (
        """SELECT o.replication, sum(o.value * capacity_units) AS value FROM outcomes o
        JOIN plants USING (replication, month) WHERE outcome = 'us_built_share'
        AND product = 'cars' AND country = 'JP' GROUP BY o.replication""",
        """SELECT o.replication, sum(o.value * p.capacity_units) AS value FROM outcomes o
        JOIN plants p USING (replication, month) WHERE outcome = 'us_built_share'
        AND p.product = 'cars' AND p.country = 'JP' GROUP BY o.replication""",
    ),
    (
        """SELECT replication, sum(value) AS value FROM outcomes
        WHERE outcome = 'output' AND product = 'cars' AND part("group", 'country') = 'JP'
        GROUP BY replication""",
        """SELECT replication, sum(value) AS value FROM outcomes
        WHERE outcome = 'output' AND product = 'cars' AND country = 'JP' GROUP BY replication""",
    ),
)
"""An ask of an earlier version and what it is today; the fourth names no packed column, and its
``product`` and ``country`` were those of ``plants`` alone; the fifth names both."""


@pytest.fixture(params=["guarded", "in_memory"])
def ask(run: RunFolder, request: pytest.FixtureRequest) -> Iterator[Ask]:
    with ExitStack() as stack:
        if request.param == "guarded":
            yield stack.enter_context(Guarded(run, "tariff", "base")).ask
        else:
            frames = {name: run.table(name) for name in ("outcomes", "plants")}
            shown = stack.enter_context(InMemory(frames, frames))
            shown.show("tariff", "base")
            yield shown.ask


@pytest.mark.parametrize(("earlier", "today"), FORMS)
def test_an_ask_for_the_packed_column_gives_what_its_form_for_columns_gives(
    ask: Ask, earlier: str, today: str
) -> None:
    found, wanted = (ask(query).sort_values("replication") for query in (earlier, today))
    assert len(found) >= 2
    assert found["value"].abs().sum() > 0.0
    pd.testing.assert_frame_equal(
        found.reset_index(drop=True), wanted.reset_index(drop=True), check_exact=True
    )


def test_the_packed_column_holds_keys_in_the_order_of_earlier_versions(ask: Ask) -> None:
    found = ask('SELECT DISTINCT "group" AS packed FROM outcomes ORDER BY ALL')["packed"].tolist()
    assert "product=cars" in found
    assert "product=printers;country=VN" in found
    codes = ask("SELECT part('subproduct=x;firm=y', 'product') AS a, part('firm=y', 'firm') AS b")
    assert pd.isna(codes["a"].iloc[0])
    assert codes["b"].iloc[0] == "y"


def test_every_other_ask_sees_the_keys_as_columns(ask: Ask) -> None:
    assert tuple(ask("SELECT * FROM outcomes").columns) == TABLES["outcomes"].names


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("SELECT nothing FROM outcomes", "nothing"),
        ('SELECT "group", no_key FROM outcomes', "no_key"),
    ],
)
def test_an_ask_that_fits_neither_is_refused_for_what_is_wrong_with_it(
    ask: Ask, query: str, wrong: str
) -> None:
    with pytest.raises(Refused, match=wrong):
        ask(query)
