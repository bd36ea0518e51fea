"""The app serves runs to this machine alone, and its pages ask nobody else."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from analysis import catalogue
from analysis.app.server import HOST
from analysis.app.shelf import Shelf
from analysis.app.tables import runs_json
from sim.cli.main import main
from sim.errors import QueryError
from tests.analysis.conftest import Watched, serving
from tests.analysis.made_run import write_run

PAIR = {"policy": "as_enacted", "against": "no_tariffs_since_2018"}
ASK = PAIR | {
    "product": "printers", "importer": "US", "year": 2020, "firm": "canon", "outcome": "output",
    "group": "product=printers&country=VN",
}  # fmt: skip
TABS = (
    "answer",
    "moves",
    "map",
    "why",
    "production",
    "outcomes",
    "firm",
    "duties",
    "graph",
    "table",
)
FIGURES = tuple(catalogue.figures())
OF_TOOLS = {name for name, one in catalogue.figures().items() if one.section.key == "tools"}


def asked(figure: str) -> dict[str, object]:
    """What a figure can be asked."""
    needs = [need.name for need in catalogue.find(figure).needs]
    return PAIR | {name: ASK[name] for name in needs if name in ASK}


@pytest.fixture(scope="module")
def home(shelf_dir: Path) -> Iterator[str]:
    with serving(shelf_dir) as address:
        yield address


@pytest.fixture(scope="module")
def client(home: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=home, timeout=60) as opened:
        yield opened


def test_it_lists_the_runs(client: httpx.Client) -> None:
    listed = {run["name"]: run for run in client.get("/api/runs").json()}
    others = {"tools"}  # laid beside them by tests of the catalogue, where they ran before
    assert set(listed) - others == {"made", "half", "still"}
    assert listed["made"]["status"] == "finished"


def test_it_tells_what_can_be_asked(client: httpx.Client) -> None:
    told = client.get("/api/runs/made").json()
    assert told["policies"][0] == ["as_enacted", "As enacted"]
    sections = {section["key"]: section for section in told["sections"]}
    asks = {(key, ask["name"]): ask for key, own in sections.items() for ask in own["asks"]}
    assert ["printers", "Printers"] in asks["production", "product"]["choices"][""]
    assert asks["duties", "importer"]["choices"] == {"": [["US", "United States"]]}
    assert ["printers", "Printers"] in asks["duties", "product"]["choices"]["US"]
    assert ["canon", "Canon"] in asks["firm", "firm"]["choices"][""]
    assert asks["firm", "product"]["choices"]["canon"] == [["printers", "Printers"]]
    assert asks["moves", "year"]["usual"] == "2020"
    assert "tools" not in sections


@pytest.mark.parametrize("view", FIGURES)
def test_every_view_draws(client: httpx.Client, view: str) -> None:
    answer = client.get(f"/api/runs/made/figures/{view}", params=asked(view))
    assert answer.status_code == 200
    assert bool(answer.json()["data"]) == (view not in OF_TOOLS)  # the made run has no tools
    assert "template" not in answer.json()["layout"]


@pytest.mark.parametrize("view", FIGURES)
def test_every_view_answers_when_nobody_moves(client: httpx.Client, view: str) -> None:
    answer = client.get(f"/api/runs/still/figures/{view}", params=asked(view))
    assert answer.status_code == 200


def test_it_tells_a_firms_moves_in_words(client: httpx.Client) -> None:
    rows = client.get("/api/runs/made/why", params=PAIR | {"firm": "canon"}).json()
    assert rows
    assert rows[0]["text"].startswith("Canon ")


def test_moves_come_with_their_heading(client: httpx.Client) -> None:
    moves = client.get("/api/runs/made/moves", params=PAIR).json()
    assert len(moves["head"]) == len(moves["rows"][0])


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/api/runs/mdae", "did you mean `made`"),
        ("/api/runs/..", "Not Found"),
        ("/api/runs/%2e%2e%2fmade", "Not Found"),
        ("/api/runs/made/figures/mpa?policy=as_enacted&against=as_enacted", "did you mean `map`"),
        ("/api/runs/made/figures/map?policy=x&against=as_enacted", "no such policy"),
        ("/api/runs/made/figures/moves?year=2040", "known: 2020, 2019"),
        ("/api/runs/made/figures/duty?importer=UX", "known: US"),
        ("/api/runs/made/figures/map?polciy=as_enacted", "does not ask for this"),
        ("/api/runs/made/figures/plants?policy=as_enacted&against=as_enacted&firm=cannon", "canon"),
        ("/assets/../server.py", "Not Found"),
        ("/assets/LICENSE.world_110m.txt", "no such asset"),
    ],
)
def test_what_is_not_there_is_told(client: httpx.Client, path: str, told: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert told in answer.text


@pytest.mark.parametrize("path", ["/", "/assets/plotly.js", "/api/runs", "/api/runs/none", "/none"])
def test_every_answer_forbids_the_network(client: httpx.Client, path: str) -> None:
    policy = client.get(path).headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self' 'unsafe-inline';")
    assert "http" not in policy


def test_a_foreign_host_name_is_refused(client: httpx.Client) -> None:
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_a_run_that_grew_is_read_anew(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "made")
    shelf = Shelf(tmp_path)
    first = shelf.open("made")
    assert shelf.open("made") is first
    entry = next((folder / "progress").glob("*.json"))
    entry.write_text(entry.read_text())
    assert shelf.open("made") is not first
    shelf.close()


@pytest.mark.browser
def test_in_a_browser_every_tab_draws_and_asks_nobody_else(home: str, watched: Watched) -> None:
    page = watched.page
    page.goto(home)
    for tab in TABS:
        page.evaluate("(tab) => { location.hash = tab; }", tab)
        page.wait_for_selector(f"html[data-ready={tab}]")
        places = page.locator(f"[data-tab={tab}] .figure")
        drawn = page.locator(f"[data-tab={tab}] .figure:has(svg.main-svg)")
        assert drawn.count() == places.count(), tab
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280, tab
    assert watched.asked_elsewhere(home) == []
    assert watched.complaints == []


@pytest.mark.browser
@pytest.mark.parametrize(("run", "maps"), [("made", [True, True]), ("half", [True, False])])
def test_in_a_browser_one_slider_moves_every_map_that_has_moves(
    home: str, watched: Watched, run: str, maps: list[bool]
) -> None:
    page = watched.page
    page.goto(f"{home}/#map")
    page.wait_for_selector("html[data-ready=map]")
    page.select_option("#run", run)
    page.wait_for_selector("html:not([data-ready])")
    page.wait_for_selector("html[data-ready=map]")
    arcs = """[...document.querySelectorAll('[data-figure=map]')].map(
        (place) => place.data.map((trace) => trace.text).flat().join('|'))"""
    before = page.evaluate(arcs)
    page.locator("[data-tab=map] .moment").fill("30")
    page.wait_for_function(
        f"([before, maps]) => ({arcs}).every((text, i) => (text !== before[i]) === maps[i])",
        arg=[before, maps],
    )
    assert page.locator("[data-tab=map] output").inner_text() != "mean year"
    assert watched.complaints == []


def test_the_command_refuses_a_folder_that_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["app", str(tmp_path / "none")])
    assert ended.value.code == 2
    assert "no such folder" in capsys.readouterr().err


def test_the_command_tells_when_its_port_is_taken(
    shelf_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        with pytest.raises(SystemExit) as ended:
            main(["app", str(shelf_dir), "--port", str(taken.getsockname()[1])])
    assert ended.value.code == 2
    assert "choose another" in capsys.readouterr().err


@pytest.mark.parametrize("below", [".", "made"])
def test_the_command_serves_a_folder_of_runs_or_one_run(shelf_dir: Path, below: str) -> None:
    command = [sys.executable, "-m", "sim.cli.main", "app", str(shelf_dir / below), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            told = server.stdout.readline()
            home = re.search(rf"http://{re.escape(HOST)}:\d+", told)[0]
            names = {run["name"] for run in httpx.get(f"{home}/api/runs", timeout=60).json()}
        finally:
            server.terminate()
    assert names - {"tools"} == {"made", "half", "still"}


def test_the_command_prints_the_address_of_the_run_that_was_named(shelf_dir: Path) -> None:
    for below, ending in ((".", ""), ("half", "/?run=half")):
        command = [sys.executable, "-m", "sim.cli.main", "app", str(shelf_dir / below)]
        with subprocess.Popen([*command, "--port", "0"], stdout=subprocess.PIPE, text=True) as one:
            try:
                told = one.stdout.readline()
            finally:
                one.terminate()
        assert re.search(rf"http://{re.escape(HOST)}:\d+(\S*) \(", told)[1] == ending


@pytest.mark.browser
def test_in_a_browser_the_run_in_the_address_opens_and_a_chosen_one_goes_there(
    home: str, watched: Watched
) -> None:
    page = watched.page
    for wanted in ("half", "made"):
        page.goto(f"{home}/?run={wanted}#table")
        page.wait_for_selector("html[data-ready=table]")
        assert page.locator("#run").input_value() == wanted
    page.select_option("#run", "still")
    assert page.url == f"{home}/?run=still#table"


def test_a_damaged_run_is_listed_with_what_is_wrong(tmp_path: Path) -> None:
    write_run(tmp_path / "whole")
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut" / "manifest.json").write_text("{")
    shelf = Shelf(tmp_path)
    whole, cut = runs_json(shelf)
    assert (whole["name"], whole["readable"], whole["wrong"]) == ("whole", True, "")
    assert (cut["name"], cut["readable"]) == ("cut", False)
    with pytest.raises(QueryError, match="not a manifest"):
        shelf.open("cut")
    shelf.close()
