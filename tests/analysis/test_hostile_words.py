"""Whatever a title holds comes out as text, on every page, in every figure and on the terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest

from analysis import catalogue
from analysis.figure import Figure
from analysis.open_run import OpenRun
from analysis.pages import figure_content, figure_page
from analysis.report.page import write_report
from sim.cli.main import main
from sim.errors import QueryError
from sim.results.run_folder.query import open_run
from tests.analysis.conftest import Watched, serving
from tests.analysis.made_run import POLICIES, Made, write_run
from tests.results.tool_run import write_tool_run

WORDS = (
    'x [/b] <b>t</b> <a href="https://evil.example/">l</a><script>window.hit=1</script>'
    "<img src=x onerror=window.hit=1> %{x} </textarea>"
)
ESCAPES = "\x1b[31m\x07\x9b2J"
TITLE = WORDS + ESCAPES
MARKUP = re.compile(r"<(?!/?b>|br>|extra>|/extra>)|%\{x\} </|[\x07\x1b\x9b]")
"""What no string of a figure may hold: other elements than its own, and what a terminal obeys."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made run and one of chip tools in which every name and title is hostile."""
    root = tmp_path_factory.mktemp("hostile")
    made = write_run(root / "made", Made(labels=dict.fromkeys(POLICIES, TITLE)))
    for line in (lines := json.loads((made / "lines.json").read_text())):
        line["firm_name"] = TITLE
    (made / "lines.json").write_text(json.dumps(lines))
    law = json.loads((made / "law.json").read_text())
    law["as_enacted"]["us_301_list3"]["title"] = TITLE
    (made / "law.json").write_text(json.dumps(law))
    tools = write_tool_run(root / "tools")
    controls = json.loads((tools / "controls.json").read_text())
    for rule in (one for policy in controls.values() for one in policy.values()):
        rule["title"] = TITLE
    (tools / "controls.json").write_text(json.dumps(controls))
    buyers = {"customers": {"smic": TITLE, "cxmt": f"{TITLE} 2"}}
    (tools / "names.json").write_text(json.dumps(buyers))
    manifest = json.loads((tools / "manifest.json").read_text())
    manifest["labels"] = dict.fromkeys(manifest["policies"], TITLE)
    (tools / "manifest.json").write_text(json.dumps(manifest))
    return root


def strings(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for value in content.values():
            yield from strings(value)
    elif isinstance(content, list):
        for value in content:
            yield from strings(value)


@pytest.mark.parametrize("run", ["made", "tools"])
@pytest.mark.parametrize("figure", catalogue.figures().values(), ids=lambda one: one.name)
def test_no_figure_takes_a_title_for_markup(root: Path, run: str, figure: Figure) -> None:
    with open_run(root / run) as folder:
        try:
            drawn = catalogue.draw(OpenRun(folder), figure.name)
        except QueryError:
            pytest.skip("the run holds nothing that it could be asked")
    assert [text for text in strings(figure_content(drawn)) if MARKUP.search(text)] == []


class Elements(HTMLParser):
    """Elements, their attributes and words of a page, outside of scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts = 0
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self._inside not in ("script", "style"):
            self.words.append(data)


def elements(page: str) -> Elements:
    parser = Elements()
    parser.feed(page)
    return parser


def test_the_report_shows_a_title_whole_and_as_text(root: Path) -> None:
    plain = elements(write_report(root / "made").read_text("utf-8"))
    assert WORDS in "".join(plain.words)
    assert "img" not in [tag for tag, _ in plain.found]
    links = [attrs.get("href") or "" for tag, attrs in plain.found if tag == "a"]
    assert [link for link in links if not link.startswith("#")] == []


def test_a_page_of_one_figure_shows_a_title_as_text(root: Path) -> None:
    with open_run(root / "made") as folder:
        page = elements(figure_page(catalogue.draw(OpenRun(folder), "production"), TITLE))
    assert [tag for tag, _ in page.found if tag in {"a", "img"}] == []
    assert WORDS in "".join(page.words)


@pytest.mark.browser
def test_in_a_browser_neither_page_runs_or_links_a_title(root: Path, watched: Watched) -> None:
    page = watched.page
    write_report(root / "made")
    with serving(root) as home:
        for address in ((root / "made" / "report.html").as_uri(), f"{home}/#production"):
            page.goto(address)
            page.wait_for_selector("html[data-ready]")
            assert page.evaluate("window.hit") is None
            assert page.locator("a[href*=evil], img[src=x], svg a").count() == 0
            assert WORDS[:20] in page.locator("#policy").inner_text()
            for part in page.locator("[data-part=production]:visible > summary").all():
                part.click()
            frame = page.locator("figure:has([data-figure=production])").first
            frame.locator("svg.main-svg").first.wait_for()
            drawn = frame.text_content()
            assert '<a href="https://evil.example/">' in drawn


def test_json_of_the_app_holds_titles_as_they_are(root: Path) -> None:
    with serving(root) as home:
        told: dict[str, Any] = httpx.get(f"{home}/api/runs/made", timeout=60).json()
    assert told["policies"][0][1] == TITLE


CONFIG = """\
experiment: hostile
description: {title}
start: 2017-01
end: 2017-12
replications: 2
policies:
  as_enacted:
    title: {title}
"""


def test_the_terminal_prints_brackets_whole_and_obeys_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    title = "Duties [on cars only] rise [/b] [bold red]"
    config = tmp_path / "hostile.yaml"
    config.write_text(CONFIG.format(title=json.dumps(title + "\u009b31m")))
    with pytest.raises(SystemExit):
        main(["plan", str(config)])
    printed = capsys.readouterr()
    text = printed.out + printed.err
    assert text.count(title) >= 1
    assert not set(text) & set("\x1b\x07\x9b")


def test_a_firms_moves_are_told_without_escapes(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["why", str(root / "made"), "--firm", "canon"])
    out = capsys.readouterr().out
    assert WORDS in " ".join(out.split())  # lines end where the terminal does
    assert not set(out) & set("\x1b\x07\x9b")
