"""``kyoten books``: tables for people, JSON for scripts, refusals with a cure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.results.test_fiscal import write_books


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run with books; nothing writes there."""
    place = tmp_path_factory.mktemp("runs") / "books"
    write_books(place)
    return place


def lines_of(ended: Any, title: str) -> list[list[str]]:
    """Rows of the table under a title, words of each."""
    lines = ended.out.splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith(title))
    last = lines.index("", first)
    return [line.split("  ") for line in lines[first + 2 : last]]


def test_books_show_years_segments_and_duties(kyoten: Any, folder: Path) -> None:
    ended = kyoten("books", folder, "--firm", "Honda", "--policy", "tariff")
    assert ended.code == 0
    assert ended.out.startswith(
        "Honda under “tariff”, compared with “base”: m JPY, medians of 5 runs"
    )
    years = [row[0] for row in lines_of(ended, "Year by year")]
    assert years == ["FY2016 (3 months)", "FY2017", "FY2018", "FY2019 (9 months)"]
    segments = [row[0] for row in lines_of(ended, "Segments in FY2018")]
    assert segments == ["total", "home", "north_america"]
    bases = " ".join(word for row in lines_of(ended, "Duty by legal basis") for word in row)
    assert "section 301" in bases


def test_books_tell_how_many_runs_they_rest_on_and_what_their_duty_holds(
    kyoten: Any, folder: Path
) -> None:
    told = " ".join(kyoten("books", folder, "--firm", "honda", "--year", "FY2018").out.split())
    assert "5 runs are few" in told
    assert "may be chance" in told
    assert "FY2018 is April 2018" in told
    assert "its support of suppliers among it" in told


def test_books_of_one_run_say_that_it_tells_nothing_of_how_sure_they_are() -> None:
    from sim.cli.books import _scope_told

    assert "One future: it says nothing of how sure this is" in _scope_told(1, 64)
    assert "range" not in _scope_told(1, 64)


def test_a_segment_with_more_profit_than_revenue_is_explained() -> None:
    import pandas as pd

    from sim.cli.books import _notes
    from sim.results.fiscal import FirmBooks

    rows = [("home", "revenue", 1.0), ("home", "operating_profit", 2.0),
            ("china", "revenue", 3.0), ("china", "operating_profit", 2.0)]  # fmt: skip
    sheet = pd.DataFrame(rows, columns=["segment", "item", "value"])
    found = FirmBooks("a", "A", "x", "y", "year", "JPY", 1, sheet, sheet)
    assert any(note.startswith("home: profit is above revenue") for note in _notes(found, sheet))


def test_books_by_quarter_show_four_quarters_of_the_year(kyoten: Any, folder: Path) -> None:
    ended = kyoten("books", folder, "--firm", "honda", "--by", "quarter", "--year", 2017)
    assert ended.code == 0
    rows = lines_of(ended, "Segments in FY2017 by quarter")
    quarters = list(dict.fromkeys(row[0] for row in rows))
    assert quarters == [f"FY2017 Q{q}" for q in (1, 2, 3, 4)]
    assert len(rows) == 12


def test_books_for_scripts_hold_every_period_in_the_currency_asked(
    kyoten: Any, folder: Path
) -> None:
    asked = ("books", folder, "--firm", "honda", "--policy", "tariff", "--currency", "usd")
    found = kyoten(*asked, "--json").json
    assert (found["currency"], found["against"], found["runs"]) == ("USD", "base", 5)
    assert set(found["segments"][0]) == {
        "period", "fiscal_year", "quarter", "months", "segment", "item", "value", "low", "high",
        "effect", "effect_low", "effect_high",
    }  # fmt: skip
    assert set(found["duties"][0]) == {
        "period", "fiscal_year", "quarter", "market", "origin", "product", "basis", "value", "low",
        "high", "effect", "effect_low", "effect_high",
    }  # fmt: skip
    revenue = [
        row["value"]
        for row in found["segments"]
        if (row["period"], row["segment"], row["item"]) == ("FY2018", "total", "revenue")
    ]
    assert revenue == [1200.0]


@pytest.mark.parametrize(
    ("asked", "told"),
    [(("--year", "1999"), "2016 to 2019"), (("--year", "1999", "--json"), "2016 to 2019"),
     (("--year", "last"), "write 2028 or FY2028"), (("--by", "month"), "quarter"),
     (("--against", "basee"), "base")],
)  # fmt: skip
def test_a_mistake_in_the_question_is_the_users(
    kyoten: Any, folder: Path, asked: tuple[str, ...], told: str
) -> None:
    ended = kyoten("books", folder, "--firm", "honda", *asked)
    assert ended.code == 2
    assert told in ended.err
