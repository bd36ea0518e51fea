"""Countries, products and firms may be written by name wherever the command line asks for one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.catalogue import asked, find
from analysis.open_run import OpenRun
from sim import law as questions
from sim.results.names import find_firm
from sim.results.run_folder.query import open_run
from sim.spelling import COUNTRY, PRODUCT, Spellings, bare
from tests.results.conftest import write_run

DAY = ("--on", "2025-06-15")


@pytest.mark.parametrize("spellings", [COUNTRY, PRODUCT], ids=["countries", "products"])
def test_every_name_of_the_tables_leads_to_its_code_and_to_no_other(spellings: Spellings) -> None:
    every = [(bare(one), code) for code, names in spellings.names.items() for one in (code, *names)]
    assert len({name for name, _ in every}) == len(set(every))
    for code, names in spellings.names.items():
        for name in (code, *names):
            assert spellings.code(name) == code
            assert spellings.code(f" the {name.upper()} ") == code


@pytest.mark.parametrize(
    ("written", "code"),
    [("Japan", "JP"), ("united states", "US"), ("USA", "US"), ("U.S.A.", "US"), ("jp", "JP"),
     ("Viet Nam", "VN"), ("European Union", "EU"), ("republic of korea", "KR"), ("Mars", "Mars")],
)  # fmt: skip
def test_countries_are_known_as_people_write_them(written: str, code: str) -> None:
    assert COUNTRY.code(written) == code


@pytest.mark.parametrize(
    ("by_code", "by_name"),
    [
        (("rate", "JP", "US", "cars", *DAY), ("rate", "Japan", "USA", "Passenger cars", *DAY)),
        (("explain", "VN", "US", "cars", *DAY), ("explain", "Viet Nam", "America", "CARS", *DAY)),
        (
            ("timeline", "US", "printers", "--exporter", "CN"),
            ("timeline", "united states", "Printers", "--exporter", "china"),
        ),
        (
            ("diff", "2025-01-01", "2025-06-15", "--importer", "US", "--product", "cars",
             "--exporter", "KR"),
            ("diff", "2025-01-01", "2025-06-15", "--importer", "USA", "--product",
             "passenger cars", "--exporter", "South Korea"),
        ),
        (
            ("licence", "--tool-class", "3B001", "--us-content", "0.05", "--made", "JP",
             "--shipped-from", "NL", "--to", "CN", "--customer", "smic", *DAY),
            ("licence", "--tool-class", "3B001", "--us-content", "0.05", "--made", "japan",
             "--shipped-from", "the Netherlands", "--to", "PRC", "--customer", "SMIC", *DAY),
        ),
        (
            ("licence", "--material", "gallium", "--made", "CN", "--shipped-from", "CN", "--to",
             "JP", *DAY),
            ("licence", "--material", "gallium", "--made", "China", "--shipped-from", "China",
             "--to", "Japan", *DAY),
        ),
    ],
    ids=lambda words: words[0] + words[1],
)  # fmt: skip
def test_a_question_to_the_law_has_one_answer_by_code_and_by_name(
    kyoten: Any, by_code: tuple[str, ...], by_name: tuple[str, ...]
) -> None:
    first, second = (kyoten("law", *words, "--json") for words in (by_code, by_name))
    assert (first.code, second.code) == (0, 0), second.err
    assert second.json == first.json
    assert first.json


def test_rows_of_a_csv_may_be_written_by_name(kyoten: Any, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(
        "exporter,importer,product,on\nJP,US,cars,2025-06-15\nJapan,USA,Passenger cars,2025-06-15\n"
    )
    kyoten("law", "rate", "--cases", tmp_path / "in.csv", "--out", tmp_path / "out.csv")
    rates = pd.read_csv(tmp_path / "out.csv")["rate_share"]
    assert rates.tolist() == [0.275, 0.275]


def test_python_asks_by_name_too() -> None:
    assert questions.rate("Japan", "USA", "passenger cars", "2025-06-15").total == 0.275
    [*_, last] = questions.timeline("USA", "passenger cars", ["Japan"])
    assert last == questions.timeline("US", "cars", ["JP"])[-1]


def test_every_word_that_names_nothing_is_answered_at_once_with_the_code_to_write(
    kyoten: Any,
) -> None:
    ended = kyoten("law", "explain", "Jpan", "Unted States", "car", *DAY)
    assert ended.code == 2
    assert "did you mean `JP` (Japan)?" in ended.err
    assert "did you mean `US` (United States)?" in ended.err
    assert "write `cars` (Passenger cars), `cars_large`" in " ".join(ended.err.split())


@pytest.mark.parametrize(
    ("option", "word"), [("--importer", "Jpan"), ("--exporter", "Jpan"), ("--product", "printer")]
)
def test_a_difference_of_what_does_not_exist_is_refused(
    kyoten: Any, option: str, word: str
) -> None:
    ended = kyoten("law", "diff", "2025-01-01", "2025-06-15", option, word)
    assert ended.code == 2
    assert "did you mean `" in ended.err


def test_figures_and_firms_of_a_run_are_asked_for_by_name(tmp_path: Path) -> None:
    write_run(tmp_path)
    with open_run(tmp_path) as run:
        drawn = asked(OpenRun(run), find("production"), values={"product": "passenger CARS"})
        assert drawn.values["product"] == "cars"
        assert find_firm(run, " bröther ") == ("brother", "Brother")
