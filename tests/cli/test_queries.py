"""Queries of a run folder, for people and for scripts."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from analysis import catalogue
from sim.meanings import Group
from sim.results.comparing.futures import SPREAD
from tests.results.conftest import write_run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small finished run; nothing writes there."""
    folder = tmp_path_factory.mktemp("runs") / "plausible"
    write_run(folder)
    (folder / "law.json").write_text("{}")
    return folder


def test_runs_are_listed_with_their_state(kyoten: Any, folder: Path) -> None:
    (row,) = kyoten("runs", folder.parent, "--json").json
    assert (row["path"], row["status"], row["replications"]) == (str(folder), "finished", 4)
    assert "finished" in kyoten("runs", folder.parent).out


def test_an_empty_folder_of_runs_says_how_to_make_one(kyoten: Any, tmp_path: Path) -> None:
    ended = kyoten("runs", tmp_path)
    assert ended.code == 0
    assert "kyoten run configs/quick.yaml" in ended.out
    assert kyoten("runs", tmp_path, "--json").json == []


def test_a_damaged_run_is_named_beside_the_others(kyoten: Any, tmp_path: Path) -> None:
    write_run(tmp_path / "whole")
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut" / "manifest.json").write_text("[]")
    whole, cut = kyoten("runs", tmp_path, "--json").json
    assert (whole["status"], whole["wrong"]) == ("finished", "")
    assert (cut["path"], cut["status"]) == (str(tmp_path / "cut"), "damaged")
    ended = kyoten("runs", tmp_path)
    assert ended.code == 0
    assert f"{tmp_path / 'cut'} is damaged: {cut['wrong']}" in ended.out


def test_a_folder_of_runs_that_is_not_there_is_the_users_mistake(
    kyoten: Any, tmp_path: Path
) -> None:
    ended = kyoten("runs", tmp_path / "nope")
    assert ended.code == 2
    assert "no such folder" in ended.err


def test_a_comparison_for_scripts_has_the_documented_keys(kyoten: Any, folder: Path) -> None:
    asked = ("--policy", "tariff", "--against", "base", "--outcome", "output")
    told = kyoten("compare", folder, *asked, "--json").json
    assert len(told["answer"]) == 3
    assert {"doubts", "totals", "year", "futures"} < set(told)
    rows = told["rows"]
    assert set(rows[0]) == {"outcome", *Group._fields, "month", "base", *SPREAD}
    assert {row["outcome"] for row in rows} == {"output"}
    moved = [
        row
        for row in rows
        if (row["product"], row["country"], row["month"]) == ("printers", "VN", "2019-12-01")
    ]
    assert len(moved) == 1
    assert moved[0]["low"] <= moved[0]["difference"] <= moved[0]["high"]
    assert moved[0]["futures_low"] <= moved[0]["low"]
    assert moved[0]["difference"] > 0


def test_one_outcome_is_printed_with_the_month_in_which_policies_part(
    kyoten: Any, folder: Path
) -> None:
    ended = kyoten("compare", folder, "--policy", "tariff", "--outcome", "output")
    assert ended.code == 0
    lines = ended.out.splitlines()
    first = next(line for line in lines if line.startswith("Printers, "))
    assert first.startswith("Printers, China")
    assert first.split()[-1] == "2018-07"
    assert "8 of 10 rows never differ." in lines


def test_rows_of_an_outcome_may_be_chosen_by_words(kyoten: Any, folder: Path) -> None:
    asked = ("compare", folder, "--policy", "tariff", "--outcome", "output")
    out = kyoten(*asked, "--only", "printers, viet").out
    assert [line.split("  ")[0] for line in out.splitlines() if line.startswith("Print")] == [
        "Printers, Vietnam"
    ]
    both = kyoten(*asked, "--only", "CN, Vietnam").out
    assert {line.split("  ")[0] for line in both.splitlines() if line.startswith("Print")} == {
        "Printers, China",
        "Printers, Vietnam",
    }
    refused = kyoten(*asked, "--only", "Printers, Vietnm")
    assert refused.code == 2
    assert "rows are like `Passenger cars, China`" in refused.err


def test_a_year_may_be_chosen(kyoten: Any, folder: Path) -> None:
    early = kyoten("compare", folder, "--policy", "tariff", "--year", 2018)
    assert early.code == 0
    assert "in 2018" in early.out


@pytest.mark.parametrize("year", [0, 2016, 2040])
@pytest.mark.parametrize("asked", [(), ("--outcome", "output"), ("--json",)])
def test_a_year_outside_the_run_is_refused_and_the_years_at_hand_are_named(
    kyoten: Any, folder: Path, asked: tuple[str, ...], year: int
) -> None:
    ended = kyoten("compare", folder, "--policy", "tariff", *asked, "--year", year)
    assert ended.code == 2
    assert f"{year}: no such year in this run" in ended.err
    assert "choose 2017 to 2019" in ended.err


def test_scripts_may_ask_for_the_months_of_one_year(kyoten: Any, folder: Path) -> None:
    asked = ("--policy", "tariff", "--outcome", "output", "--json")
    rows = kyoten("compare", folder, *asked, "--year", 2018).json["rows"]
    assert {row["month"][:4] for row in rows} == {"2018"}
    assert len(rows) * 3 == len(kyoten("compare", folder, *asked).json["rows"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--policy", "tarif"), "did you mean `tariff`?"),
        (("--policy", "tariff", "--against", "bas"), "did you mean `base`?"),
        (("--policy", "tariff", "--outcome", "outpt"), "did you mean `output`?"),
    ],
)
def test_a_mistyped_name_is_answered_with_the_nearest(
    kyoten: Any, folder: Path, arguments: tuple[str, ...], words: str
) -> None:
    ended = kyoten("compare", folder, *arguments)
    assert ended.code == 2
    assert words in ended.err


@pytest.mark.parametrize("command", ["compare", "why", "score", "report", "plot"])
def test_a_folder_without_a_run_is_told_as_such(kyoten: Any, tmp_path: Path, command: str) -> None:
    targets = tmp_path / "targets.csv"
    targets.write_text(TARGETS)
    rest = {
        "compare": ("--policy", "a"),
        "why": ("--firm", "honda"),
        "score": ("--targets", targets),
        "report": (),
        "plot": ("production",),
    }
    ended = kyoten(command, tmp_path / "nothing", *rest[command])
    assert ended.code == 2
    assert "no run is here" in ended.err


def test_why_tells_a_firms_moves_in_sentences_and_for_scripts(kyoten: Any, folder: Path) -> None:
    ended = kyoten("why", folder, "--firm", "brother", "--policy", "tariff")
    assert ended.code == 0
    assert "Brother" in ended.out
    found = kyoten("why", folder, "--firm", "brother", "--policy", "tariff", "--json").json
    [row] = found["rows"]
    assert row["change"] == "gained"
    assert " ".join(ended.out.split()).startswith(" ".join(found["answer"][0].split()))
    assert row["text"] in found["answer"][0]


def test_why_without_a_firm_tells_which_change_and_stayed_why_the_rest_does_not(
    kyoten: Any, folder: Path
) -> None:
    assert "Brother: printers for the United States" in kyoten("why", folder).out
    ended = kyoten("why", folder, "--firm", "canon", "--policy", "tariff", "--stayed")
    assert "stay there in all 4 futures" in " ".join(ended.out.split())
    asked = ("why", folder, "--firm", "canon", "--stayed", "--product", "printers", "--json")
    assert kyoten(*asked).json["rows"][0]["product"] == "printers"


def test_why_refuses_options_that_need_another_one(kyoten: Any, folder: Path) -> None:
    ended = kyoten("why", folder, "--product", "printers", "--stayed")
    assert ended.code == 2
    assert "add `--firm NAME`" in ended.err
    ended = kyoten("why", folder, "--product", "printers", "--firm", "canon")
    assert "add `--stayed`" in ended.err


def test_what_why_says_fits_its_terminal_and_breaks_no_word(
    kyoten: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for asked in ((), ("--firm", "brother"), ("--firm", "canon", "--stayed")):
        ended = kyoten("why", folder, "--policy", "tariff", *asked)
        lines = ended.out.splitlines()
        assert max(map(len, lines)) <= 80
        assert not [line for line in lines if line.endswith((" -", "("))]
        told = kyoten("why", folder, "--policy", "tariff", *asked, "--json").json["answer"]
        assert ended.out.split() == " ".join(told).split()


def test_why_answers_a_mistyped_firm_with_the_nearest(kyoten: Any, folder: Path) -> None:
    ended = kyoten("why", folder, "--firm", "brothr")
    assert ended.code == 2
    assert "brother" in ended.err.lower()


ASK = "SELECT replication, sum(units) AS value FROM relocations GROUP BY replication"
TARGETS = f"""\
id,policy,against,ask,low,high,unit,source
moved,tariff,base,"{ASK}",0,1e12,units,made
broken,tariff,base,"SELECT nonsense",0,1,share,made
"""


def test_every_target_gets_a_verdict(kyoten: Any, folder: Path, tmp_path: Path) -> None:
    targets = tmp_path / "targets.csv"
    targets.write_text(TARGETS)
    rows = kyoten("score", folder, "--targets", targets, "--json").json
    assert [(row["id"], row["within"]) for row in rows] == [("moved", True), ("broken", False)]
    assert rows[1]["why_not"]
    keys = {"id", "simulated", "band_low", "band_high", "low", "high", "within", "why_not"}
    assert set(rows[0]) == keys
    assert "1 of 2 targets within" in kyoten("score", folder, "--targets", targets).out


@pytest.mark.parametrize("figure", catalogue.figures())
def test_every_figure_is_drawn_into_a_page_that_asks_nobody(
    kyoten: Any, folder: Path, tmp_path: Path, figure: str
) -> None:
    page = tmp_path / "figure.html"
    needs = {need.name for need in catalogue.find(figure).needs}
    alone = "product" in needs and not needs & {"firm", "importer"}
    product = ("--product", "printers") if alone else ()
    ended = kyoten("plot", folder, figure, *product, "--out", page)
    assert (ended.code, ended.out.strip()) == (0, f"wrote {page}")
    text = page.read_text(encoding="utf-8")
    assert "Plotly.newPlot" in text
    outlines = text.index("window.PlotlyGeoAssets={topojson:")
    assert outlines < text.index("Plotly.newPlot")
    assert not re.search(r"<(?:script|link|img)[^>]+(?:src|href)=", text)


def test_a_figure_is_written_as_plotly_json_on_request(
    kyoten: Any, folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "figure.json"
    assert kyoten("plot", folder, "production", "--out", path).code == 0
    assert json.loads(path.read_text())["data"]


def test_a_mistyped_figure_is_answered_with_the_nearest(kyoten: Any, folder: Path) -> None:
    ended = kyoten("plot", folder, "prodction")
    assert ended.code == 2
    assert "did you mean `production`?" in ended.err
