"""Acts behind a change are those that differ, touch the place and come before it."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis import catalogue
from analysis.open_run import OpenRun
from analysis.pages import figure_content
from analysis.summaries.acts import Act, acts, behind
from sim.results.record import recorded
from sim.results.run_folder.query import RunFolder
from tests.analysis.made_run import POLICIES


def act(day: str, importer: str = "US", exporter: str = "JP", text: str = "an act") -> Act:
    start = pd.Timestamp(day)
    return Act(start, start + pd.DateOffset(months=9), text, importer, frozenset({exporter}))


def leap(country: str, at: str) -> pd.DataFrame:
    """A difference that leaps once."""
    periods = pd.date_range("2017-01-01", "2021-10-01", freq="QS")
    leaps = [float(day >= pd.Timestamp(at)) for day in periods]
    return pd.DataFrame({"country": country, "period": periods, "median": leaps})


def test_an_act_is_marked_where_a_leap_follows_it() -> None:
    told = [act("2018-02-01"), act("2019-05-17"), act("2021-01-01")]
    assert behind(told, leap("JP", "2019-07-01"), ["JP"]) == [told[1]]


def test_an_act_that_does_not_touch_the_place_is_not_marked() -> None:
    told = [act("2019-05-17", importer="CN", exporter="US")]
    assert behind(told, leap("JP", "2019-07-01"), ["JP"]) == []


def test_acts_of_one_month_are_one_mark() -> None:
    told = [act("2019-05-17"), act("2019-05-20", text="another")]
    [found] = behind(told, leap("JP", "2019-07-01"), ["JP"])
    assert found.text.endswith(", and 1 more that month")


def test_what_both_laws_hold_is_no_act(run: RunFolder) -> None:
    assert acts(run, POLICIES[0], POLICIES[0], "printers") == []
    days = [f"{one.day:%Y-%m-%d}" for one in acts(run, *POLICIES, "printers")]
    assert days == ["2018-09-24", "2019-05-10"]
    assert acts(run, *POLICIES, "components") == []


@pytest.mark.parametrize("name", ["production", "difference"])
def test_panels_number_the_acts_and_list_them(run: RunFolder, name: str) -> None:
    drawn = figure_content(catalogue.draw(OpenRun(run), name, values={"product": "printers"}))
    notes = drawn["layout"]["annotations"]
    listed = [note["text"] for note in notes if note.get("name") == "act"]
    assert listed
    assert (
        "10 May 2019, United States: Section 301 duty on &lt;List 3&gt; of China, 25 %"
        in " ".join(listed)
    )
    numbered = {note["text"] for note in notes if note["text"] in ("<b>1</b>", "<b>2</b>")}
    assert len(numbered) == len(listed)
    lines = [shape["x0"] for shape in drawn["layout"]["shapes"]]
    assert set(lines) <= {"2018-09-24", "2019-05-10"}


def test_what_is_on_record_is_told_with_its_months_and_source() -> None:
    facts = recorded("china_share", "tokyo_electron")
    assert [(f"{one.first:%Y-%m}", one.value) for one in facts[:2]] == [
        ("2022-04", 0.23), ("2023-04", 0.393)
    ]  # fmt: skip
    assert all(one.source.startswith("http") for one in facts)
    assert recorded("output", "toyota") == []
