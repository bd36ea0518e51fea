"""One catalogue: a figure is the same on every face, and one file adds another."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import plotly.graph_objects as go
import pytest

from analysis import catalogue
from analysis.figure import Asked, Figure, Section
from analysis.needs import FIRM
from analysis.open_run import OpenRun
from analysis.pages import figure_content
from analysis.report.page import write_report
from sim.cli.main import main
from sim.errors import QueryError
from sim.results.run_folder.query import RunFolder, open_run
from tests.analysis.conftest import serving
from tests.results.tool_run import write_tool_run

ROOT = Path(__file__).resolve().parents[2]
RUNS = {"made": ("as_enacted", "no_tariffs_since_2018"), "tools": ("tariff", "base")}
EVERY = [(run, name) for run in RUNS for name in catalogue.figures()]


@pytest.fixture(scope="module")
def root(shelf_dir: Path) -> Path:
    """Folder that holds the made run and one with chip tools."""
    if not (shelf_dir / "tools").exists():
        write_tool_run(shelf_dir / "tools")
        (shelf_dir / "tools" / "law.json").write_text("{}")
    return shelf_dir


@pytest.fixture(scope="module")
def client(root: Path) -> Iterator[httpx.Client]:
    with serving(root) as home, httpx.Client(base_url=home, timeout=60) as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(root: Path) -> dict[str, str]:
    return {run: write_report(root / run).read_text("utf-8") for run in RUNS}


def packed_in(page: str, policy: str) -> dict[str, Any]:
    found = re.search(rf'data-payload="{policy}">([^<]+)<', page)
    assert found
    content: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(found[1])))
    return content


def sections_in(page: str) -> list[dict[str, Any]]:
    found = re.search(r'<script id="sections" type="application/json">(.*?)</script>', page)
    assert found
    told: dict[str, list[dict[str, Any]]] = json.loads(found[1])
    return [section for own in told.values() for section in own]


def plotted(folder: Path, out: Path, *arguments: str) -> dict[str, Any]:
    """What `kyoten plot` writes, without the template that pages hold once and a file's source."""
    with pytest.raises(SystemExit) as ended:
        main(["plot", str(folder), *arguments, "--out", str(out)])
    assert ended.value.code in {0, None}
    content = json.loads(out.read_text("utf-8"))
    for line in ("source", "reproduce"):
        del content["layout"]["meta"][line]
    if not content["layout"]["meta"]:
        del content["layout"]["meta"]
    return figure_content(go.Figure(content))


def plain(figure: dict[str, Any]) -> dict[str, Any]:
    return figure_content(go.Figure(figure))


@pytest.mark.parametrize(("run", "name"), EVERY)
def test_three_faces_give_the_same_figure_for_the_same_arguments(
    root: Path, client: httpx.Client, pages: dict[str, str], tmp_path: Path, run: str, name: str
) -> None:
    policy, against = RUNS[run]
    figure = catalogue.find(name)
    values = {need: value for need, value in (figure.report or {}).items() if value}
    with open_run(root / run) as folder:
        try:
            asked = catalogue.asked(OpenRun(folder), figure, policy, against, values)
        except QueryError:
            pytest.skip("the run holds nothing that it could be asked")
    values |= {need.name: asked[need] for need in figure.needs if asked[need]}
    options = [word for key, value in values.items() for word in (f"--{key}", value)]
    pair = {"policy": policy, "against": against}
    written = plotted(root / run, tmp_path / "figure.json", name, "--policy", policy,
                      "--against", against, *options)  # fmt: skip
    served = client.get(f"/api/runs/{run}/figures/{name}", params=pair | values)
    assert served.status_code == 200
    assert plain(served.json()) == written
    drawn = packed_in(pages[run], policy)["figures"].get(name)
    if drawn:
        told = [one for s in sections_in(pages[run]) for one in s["figures"] if one["name"] == name]
        key = "|".join(values[need] for need in told[0]["needs"])
        assert plain(drawn[key][0]) == written


def test_the_duty_of_every_face_carries_the_rates_of_its_rules(root: Path, tmp_path: Path) -> None:
    asked = ("duty", "--importer", "US", "--product", "printers")
    drawn = plotted(root / "made", tmp_path / "duty.json", *asked)
    words = json.dumps(drawn)
    assert "10 % from 2018-09-24" in words
    assert "25 % from 2019-05-10" in words


def draw_profit(asked: Asked) -> go.Figure:
    return go.Figure({"layout": {"title": {"text": f"{asked[FIRM]}, {asked.names[0]}"}}})


MINE = Figure(
    "mine",
    "a figure from a file of one's own",
    Section("mine", "My tab", "My heading"),
    draw_profit,
    needs=(FIRM,),
    report={},
)


@pytest.fixture
def mine(monkeypatch: pytest.MonkeyPatch) -> Figure:
    monkeypatch.setattr(catalogue, "_REGISTERED", {})
    return catalogue.register(MINE)


def test_a_figure_of_ones_own_is_on_every_face(
    root: Path,
    client: httpx.Client,
    mine: Figure,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    drawn = plotted(root / "made", tmp_path / "mine.json", "mine", "--firm", "canon")
    assert drawn["layout"]["title"]["text"] == "canon, As enacted"
    with pytest.raises(SystemExit):
        main(["plot", "--help"])
    assert "a figure from a file of one's own" in " ".join(capsys.readouterr().out.split())
    told = client.get("/api/runs/made").json()["sections"][-1]
    assert (told["key"], told["tab"]) == ("mine", "My tab")
    assert [one["name"] for one in told["figures"]] == ["mine"]
    assert told["asks"][0]["choices"][""][0] == ["canon", "Canon"]
    page = write_report(root / "made").read_text("utf-8")
    assert 'data-part="mine"' in page
    assert "by the user&#39;s file" in page
    assert "canon" in packed_in(page, "as_enacted")["figures"]["mine"]


def test_a_figure_that_does_not_ask_for_the_report_is_not_in_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "_REGISTERED", {})
    catalogue.register(Figure("mine", MINE.shows, MINE.section, draw_profit, needs=(FIRM,)))
    assert 'data-part="mine"' not in write_report(root / "made").read_text("utf-8")


def test_the_documents_figure_of_ones_own_is_drawn_as_written(
    run: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "_REGISTERED", {})
    text = (ROOT / "docs" / "figures.md").read_text("utf-8")
    [block] = [
        one for one in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "register(" in one
    ]
    exec(compile(block, "docs/figures.md", "exec"), {})
    drawn = catalogue.draw(OpenRun(run), "cash", values={"firm": "canon"})
    assert drawn.layout.title.text == "Cash, USD: As enacted"
    assert len(drawn.data[0].x) == 48


SHIPPED = [pytest.param(one, id=one.name) for one in catalogue.figures().values()]


@pytest.mark.parametrize("figure", SHIPPED)
def test_every_figure_that_ships_has_a_whole_caption(figure: Figure) -> None:
    told = figure.caption
    assert told
    assert all((told.unit, told.band, told.method, told.sources, told.equation.told_in))


@pytest.mark.parametrize("figure", SHIPPED)
def test_every_band_is_named(figure: Figure) -> None:
    named = ("range of futures: 8 in 10 single runs", "precision of the mean", "none: ")
    assert figure.caption.band.startswith(named)


@pytest.mark.parametrize("figure", SHIPPED)
def test_every_equation_stands_in_the_document_it_names(figure: Figure) -> None:
    name, _, anchor = figure.caption.equation.told_in.partition("#")
    text = (ROOT / "docs" / name).read_text("utf-8")
    heads = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    anchors = [re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in heads]
    assert anchor in anchors
    equation = " ".join(figure.caption.equation.text.replace("`", "").split())
    assert equation in " ".join(text.replace("`", "").split())


def test_a_shipped_figure_cannot_be_replaced_by_accident() -> None:
    with pytest.raises(QueryError, match="there is a figure `duty` already"):
        catalogue.register(Figure("duty", MINE.shows, MINE.section, draw_profit))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("moves", "--year", "2040"), ("`2040`", "known: 2020, 2019, 2018, 2017")),
        (("graph", "--year", "2016"), ("`2016`", "known: 2020, 2019, 2018, 2017")),
        (("graph", "--year", "soon"), ("`soon`", "known: 2020")),
        (("production", "--product", "crs"), ("`crs`", "did you mean `cars`?", "printers")),
        (("plants", "--firm", "toyoda"), ("`toyoda`", "did you mean `toyota`?", "canon")),
        (("plants", "--firm", "canon", "--product", "cars"), ("`cars`", "known: printers")),
        (("duty", "--importer", "JP"), ("`JP`", "known: US")),
        (("map", "--policy", "as_enactd"), ("`as_enactd`", "did you mean `as_enacted`?")),
        (("map", "--against", "none"), ("`none`", "no_tariffs_since_2018")),
        (("map", "--every", "week"), ("`week`", "known: year, month")),
        (("outcome", "--outcome", "outpt"), ("`outpt`", "did you mean `output`?")),
        (("sankey", "--firm", "canon"), ("`sankey` does not ask for this",)),
        (("sankey", "--policy", "x", "--firm", "canon"), ("2 mistakes", "`x`", "`sankey`")),
    ],
)
def test_what_a_run_lacks_is_the_users_mistake(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: tuple[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["plot", str(root / "made"), *arguments])
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert [word for word in words if word not in told] == []


def test_a_firm_or_product_may_be_asked_for_by_its_name(run: RunFolder) -> None:
    values = {"firm": "Canon", "product": "printers"}
    asked = catalogue.asked(OpenRun(run), catalogue.find("plants"), values=values)
    assert asked[FIRM] == "canon"


def test_the_options_of_plot_are_what_figures_ask_for() -> None:
    from sim.cli.plot import _Plot, app

    needs = {need.name for one in catalogue.figures().values() for need in one.needs}
    [command] = app.registered_commands
    assert command.cls is _Plot
    assert needs == {"product", "importer", "year", "firm", "outcome", "group", "every", "room"}
