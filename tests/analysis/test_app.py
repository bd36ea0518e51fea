"""The app serves runs to this machine alone, and its pages ask nobody else."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from analysis.app.server import HOST, create_app
from analysis.app.shelf import Shelf
from analysis.app.views import VIEWS
from analysis.tool_figures import TOOL_FIGURES
from sim.cli.main import main
from tests.analysis.conftest import Watched
from tests.analysis.made_run import write_run

PAIR = {"policy": "as_enacted", "against": "no_tariffs_since_2018"}
ASK = PAIR | {
    "product": "printers", "importer": "US", "year": 2020, "firm": "canon", "outcome": "output",
    "group": "product=printers&country=VN",
}  # fmt: skip
TABS = ("map", "moves", "why", "production", "outcomes", "firm", "duties", "graph",
        "tools", "table")  # fmt: skip


@pytest.fixture(scope="module")
def home(shelf_dir: Path) -> Iterator[str]:
    """Address of the app on a free port of this machine."""
    with socket.socket() as listening:
        listening.bind((HOST, 0))
        config = uvicorn.Config(create_app(shelf_dir), log_level="error", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: server.run(sockets=[listening]), daemon=True)
        thread.start()
        yield f"http://{HOST}:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def client(home: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=home, timeout=60) as opened:
        yield opened


def test_it_lists_the_runs(client: httpx.Client) -> None:
    listed = {run["name"]: run for run in client.get("/api/runs").json()}
    assert set(listed) == {"made", "half", "still"}
    assert listed["made"]["status"] == "finished"


def test_it_tells_what_can_be_asked(client: httpx.Client) -> None:
    told = client.get("/api/runs/made").json()
    assert told["policies"][0] == ["as_enacted", "As enacted"]
    assert ["printers", "Printers"] in told["products"]
    assert ["US", "United States", "printers", "Printers"] in told["duties"]["as_enacted"]
    assert {"id": "canon", "name": "Canon", "products": [["printers", "Printers"]]} in told["firms"]


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_draws(client: httpx.Client, view: str) -> None:
    answer = client.get(f"/api/runs/made/figures/{view}", params=ASK)
    assert answer.status_code == 200
    assert bool(answer.json()["data"]) == (view not in TOOL_FIGURES)  # the made run has no tools
    assert "template" not in answer.json()["layout"]


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_answers_when_nobody_moves(client: httpx.Client, view: str) -> None:
    answer = client.get(f"/api/runs/still/figures/{view}", params=ASK)
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
        ("/api/runs/made/figures/plants?policy=as_enacted&against=as_enacted&firm=cannon", "canon"),
        ("/assets/../server.py", "Not Found"),
        ("/assets/LICENSE.world_110m.txt", "no such asset"),
    ],
)
def test_what_is_not_there_is_told(client: httpx.Client, path: str, told: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert told in answer.text


def test_an_unknown_key_is_refused(client: httpx.Client) -> None:
    answer = client.get("/api/runs/made/figures/map", params=PAIR | {"polciy": "x"})
    assert answer.status_code == 422


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
        page.wait_for_selector(f"html[data-ready={tab}]", timeout=60_000)
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
    page.wait_for_selector("html[data-ready=map]", timeout=60_000)
    page.select_option("#run", run)
    page.wait_for_selector("html:not([data-ready])", timeout=60_000)
    page.wait_for_selector("html[data-ready=map]", timeout=60_000)
    arcs = """[...document.querySelectorAll('[data-view=map]')].map(
        (place) => place.data.map((trace) => trace.text).flat().join('|'))"""
    before = page.evaluate(arcs)
    page.locator("#month").fill("30")
    page.wait_for_function(
        f"([before, maps]) => ({arcs}).every((text, i) => (text !== before[i]) === maps[i])",
        arg=[before, maps],
    )
    assert page.locator("#monthname").inner_text() != "mean year"
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
    assert names == {"made", "half", "still"}
