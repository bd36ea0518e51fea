"""Books by Japanese fiscal year and quarter, on a run whose every figure is written by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.engine.outcomes import OUTCOMES
from sim.errors import QueryError
from sim.results.fiscal import FirmBooks, firm_books, period, whole_years
from sim.results.run_folder.outcomes import write_outcomes
from sim.results.run_folder.query import RunFolder, open_run
from sim.results.run_folder.store import chunk_name, write_chunk
from tests.plausible import LINES, frames
from tests.results.conftest import MONTHS, POLICIES, manifest, write_manifest

RUNS = 5


def amount(policy: str, replication: int, month: int) -> float:
    """Duty of a month: 1 in the base, and 2, 4, 8, .. times the run's own number more."""
    return 1.0 + (2.0**replication if policy == "tariff" and month >= 18 else 0.0)


def rows(policy: str, replication: int) -> dict[str, list[tuple[Any, ...]]]:
    """Rows of the detail tables of one run; the yen stands at 100, and from 2018-07 at 150."""
    lane = ("plausible", policy, "base", replication)
    made: dict[str, list[tuple[Any, ...]]] = {"firms": [], "ledger": [], "fx": []}
    for t, month in enumerate(MONTHS):
        duty = amount(policy, replication, t)
        for segment in ("total", "home", "north_america"):
            share = {"total": 1.0, "home": 0.25, "north_america": 0.75}[segment]
            made["firms"].append((*lane, month, "honda", segment, 100.0 * share, duty * share,
                                  (10.0 - duty) * share, 0.0, 0.5, 0.5, 0.5))  # fmt: skip
        made["ledger"].append((*lane, month, "honda", "cars", "JP", "US", "mfn", 1.0,
                               "north_america"))  # fmt: skip
        if duty > 1.0:
            made["ledger"].append((*lane, month, "honda", "auto_parts", "CN", "US", "section_301",
                                   duty - 1.0, "north_america"))  # fmt: skip
        made["fx"].append((*lane, month, "JPY", 100.0 if t < 18 else 150.0))
        made["fx"].append((*lane, month, "USD", 1.0))
    return made


def write_books(folder: Path, *detail: int) -> None:
    """A finished run with these books, so many runs of each policy in detail."""
    for number, (policy, kept) in enumerate(zip(POLICIES, detail or (RUNS, RUNS), strict=True)):
        lanes = [(policy, "base", replication) for replication in range(RUNS)]
        tables = frames(lanes, MONTHS, detail=0)
        for name in ("firms", "ledger", "fx"):
            content = [row for r in range(kept) for row in rows(policy, r)[name]]
            frame = pd.DataFrame(content, columns=list(tables[name].columns))
            tables[name] = frame.assign(
                month=pd.to_datetime(frame["month"]).astype("datetime64[s]"),
                replication=frame["replication"].astype("int32"),
            )
        write_chunk(folder, chunk_name(number), lanes, tables)
    write_manifest(folder, manifest(replications=RUNS, runs=2 * RUNS))
    (folder / "lines.json").write_text(json.dumps(LINES))
    write_outcomes(folder, OUTCOMES)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of that run; do not write there."""
    place = tmp_path_factory.mktemp("runs") / "books"
    write_books(place)
    return place


@pytest.fixture
def run(folder: Path) -> Iterator[RunFolder]:
    """That run, open."""
    with open_run(folder) as opened:
        yield opened


def cell(books: FirmBooks, name: str, segment: str, item: str) -> pd.Series[Any]:
    """One row of the segments."""
    frame = books.segments
    kept = frame[
        (frame["period"] == name) & (frame["segment"] == segment) & (frame["item"] == item)
    ]
    assert len(kept) == 1
    return kept.iloc[0]


def test_a_fiscal_year_runs_from_april_to_march(run: RunFolder) -> None:
    books = firm_books(run, "Honda", "base", currency="USD")
    assert list(dict.fromkeys(books.segments["period"])) == ["FY2016", "FY2017", "FY2018", "FY2019"]
    months = books.segments.drop_duplicates("period").set_index("period")["months"]
    assert months.to_dict() == {"FY2016": 3, "FY2017": 12, "FY2018": 12, "FY2019": 9}
    assert cell(books, "FY2017", "total", "revenue")["value"] == pytest.approx(1200.0)
    assert whole_years(books) == [2017, 2018]


def test_the_first_quarter_is_april_to_june(run: RunFolder) -> None:
    books = firm_books(run, "honda", "tariff", by="quarter", currency="USD")
    first = cell(books, "FY2018 Q1", "total", "duty")
    second = cell(books, "FY2018 Q2", "total", "duty")
    assert (first["value"], first["months"]) == (pytest.approx(3.0), 3)
    assert second["value"] == pytest.approx(3.0 * 5.0)
    assert period(2018, 2) == second["period"]
    assert whole_years(books) == [2017, 2018]


def test_yen_are_taken_at_the_rate_of_each_month(run: RunFolder) -> None:
    """In FY2018 three months at 100 and nine at 150."""
    yen, dollars = (firm_books(run, "honda", "base", currency=one) for one in ("JPY", "USD"))
    assert cell(yen, "FY2018", "total", "revenue")["value"] == pytest.approx(
        100.0 * (3 * 100 + 9 * 150)
    )
    assert cell(dollars, "FY2018", "total", "revenue")["value"] == pytest.approx(1200.0)
    mfn = yen.duties[(yen.duties["period"] == "FY2018") & (yen.duties["basis"] == "mfn")]
    assert mfn["value"].to_list() == pytest.approx([3 * 100 + 9 * 150])


def test_the_effect_is_the_difference_run_by_run(run: RunFolder) -> None:
    """Duty of 1, 2, 4, 8 and 16 more a month in nine months."""
    books = firm_books(run, "honda", "tariff", currency="USD")
    found = cell(books, "FY2018", "total", "operating_profit")
    lost = -9.0 * 2.0 ** np.arange(RUNS)
    assert found["effect"] == pytest.approx(-36.0)
    assert [found["effect_low"], found["effect_high"]] == pytest.approx(
        list(np.quantile(lost, [0.1, 0.9]))
    )
    assert found["value"] == pytest.approx(12 * 9.0 - 36.0)
    abroad = cell(books, "FY2018", "north_america", "operating_profit")
    assert abroad["effect"] == pytest.approx(-27.0)


def test_an_entry_that_only_one_policy_has_counts_in_full(run: RunFolder) -> None:
    books = firm_books(run, "honda", "tariff", currency="USD")
    found = books.duties[books.duties["basis"] == "section_301"].set_index("period")
    assert list(found.index) == ["FY2018", "FY2019"]
    assert found.loc["FY2018", ["market", "origin", "product"]].to_list() == [
        "US", "CN", "auto_parts",
    ]  # fmt: skip
    assert found.loc["FY2018", "effect"] == found.loc["FY2018", "value"] == pytest.approx(36.0)
    back = firm_books(run, "honda", "base", against="tariff", currency="USD").duties
    lost = back[(back["basis"] == "section_301") & (back["period"] == "FY2018")]
    assert lost[["value", "effect"]].to_numpy().tolist() == [[0.0, -36.0]]


def test_segments_and_items_stand_in_the_order_of_the_books(run: RunFolder) -> None:
    books = firm_books(run, "honda", "tariff")
    assert list(dict.fromkeys(books.segments["segment"])) == ["total", "home", "north_america"]
    assert list(dict.fromkeys(books.segments["item"])) == ["revenue", "duty", "operating_profit"]


def test_a_policy_has_no_effect_against_itself(run: RunFolder) -> None:
    books = firm_books(run, "honda", "tariff", against="tariff", by="quarter")
    for frame in (books.segments, books.duties):
        assert not frame[["effect", "effect_low", "effect_high"]].to_numpy().any()


def test_only_runs_that_both_policies_keep_in_detail_are_counted(tmp_path: Path) -> None:
    write_books(tmp_path, 4, 2)
    with open_run(tmp_path) as run:
        assert firm_books(run, "honda", "tariff").runs == 2


def test_a_run_without_detail_says_how_to_have_it(tmp_path: Path) -> None:
    write_books(tmp_path, 3, 0)
    with open_run(tmp_path) as run, pytest.raises(QueryError, match="detail_replications"):
        firm_books(run, "honda", "tariff")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"currency": "EUR"}, "JPY"),
        ({"by": "quater"}, "quarter"),
        ({"policy": "tarif"}, "tariff"),
        ({"firm": "hondo"}, "honda"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(
    run: RunFolder, asked: dict[str, str], told: str
) -> None:
    with pytest.raises(QueryError, match=told):
        firm_books(run, **{"firm": "honda", "policy": "tariff", **asked})


def test_books_are_plain_json(run: RunFolder) -> None:
    content = firm_books(run, "honda", "tariff").content()
    assert json.loads(json.dumps(content)) == content
    assert content["band"] == [0.1, 0.9]
