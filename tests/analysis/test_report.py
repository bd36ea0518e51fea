"""The report is one file that says everything, asks nobody and escapes what it is given."""

from __future__ import annotations

import base64
import gzip
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markupsafe import Markup

from analysis.pages import fragment, packed, page
from analysis.report.page import write_report
from analysis.report.tables import interval, reform_words
from sim.errors import QueryError
from tests.analysis.conftest import Watched
from tests.results.tool_run import write_tool_run


class Seen(HTMLParser):
    """Elements, their links and the words outside of scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.words: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self._inside = tag
        self.links += [v or "" for k, v in attrs if k in ("src", "href", "action", "data")]
        self.ids += [found["id"] or ""] if "id" in found else []

    def handle_data(self, data: str) -> None:
        if self._inside not in ("script", "style"):
            self.words.append(data)


@pytest.fixture(scope="module")
def report(run_dir: Path) -> Path:
    return write_report(run_dir)


@pytest.fixture(scope="module")
def seen(report: Path) -> Seen:
    parser = Seen()
    parser.feed(report.read_text(encoding="utf-8"))
    return parser


def payload(report: Path, policy: str) -> dict:
    text = report.read_text(encoding="utf-8")
    found = re.search(rf'data-payload="{policy}">([^<]+)<', text)
    return json.loads(gzip.decompress(base64.b64decode(found[1])))


def test_no_link_leaves_the_page(seen: Seen) -> None:
    assert seen.links
    assert [link for link in seen.links if not link.startswith(("#", "data:,"))] == []


def test_it_has_every_section(seen: Seen) -> None:
    sections = {"asked", "answer", "moves", "map", "why", "production", "duties", "table", "law",
                "limits", "manifest"}  # fmt: skip
    assert sections <= set(seen.ids)


def test_it_names_both_policies_and_the_grade_of_evidence(seen: Seen) -> None:
    words = " ".join(seen.words)
    assert "As enacted" in words
    assert "No tariffs since 2018 (compared with)" in words
    assert "recalled" in words


def test_it_shows_the_law_with_its_sources(seen: Seen) -> None:
    words = " ".join(seen.words)
    assert "Section 301 duty on <List 3> of China" in words
    assert "83 FR 47974" in words
    assert "2019-05-10" in words


def test_text_of_the_run_cannot_become_markup(report: Path) -> None:
    text = report.read_text(encoding="utf-8")
    assert "<List 3>" not in text
    assert "<section 301>" not in text


def test_it_stays_under_ten_megabytes(report: Path) -> None:
    assert report.stat().st_size < 10e6


def test_the_same_run_gives_the_same_bytes(report: Path, run_dir: Path) -> None:
    before = report.read_bytes()
    assert write_report(run_dir).read_bytes() == before


def test_every_policy_has_its_figures(report: Path) -> None:
    for policy in ("as_enacted", "no_tariffs_since_2018"):
        content = payload(report, policy)
        assert set(content["figures"]) == {
            "moves", "sankey", "map", "reasons", "production", "difference", "duty"
        }  # fmt: skip
        assert "cars" in content["figures"]["production"]
        assert set(content["figures"]["moves"]) == {"2017", "2018", "2019", "2020"}
    assert "US|printers" in payload(report, "as_enacted")["figures"]["duty"]


def test_the_baseline_against_itself_differs_by_nothing(report: Path) -> None:
    drawn = payload(report, "no_tariffs_since_2018")["figures"]
    difference = drawn["difference"]["printers"]
    assert "every difference is zero" in difference["layout"]["annotations"][0]["text"]


def test_a_run_in_which_nobody_moves_has_a_report(shelf_dir: Path) -> None:
    report = write_report(shelf_dir / "still")
    assert payload(report, "as_enacted")["moves"] == {"rows": [], "all": 0, "kept": 1.0}


def test_a_run_with_chip_tools_has_their_tables_and_figures(tmp_path: Path) -> None:
    """And one without has neither their section nor a link to it."""
    report = write_report(write_tool_run(tmp_path / "tools"))
    drawn = payload(report, "tariff")["figures"]
    assert {"china_share", "orders_lost", "who_gains", "localisation"} < set(drawn)
    assert "hump" not in drawn
    text = report.read_text(encoding="utf-8")
    assert '<section id="tools"' in text
    assert "Orders waiting at the year&#39;s end" in text
    assert text.count('href="#tools"') == 1


def test_a_run_without_chip_tools_has_no_section_of_them(report: Path) -> None:
    assert 'href="#tools"' not in report.read_text(encoding="utf-8")


def test_an_unknown_policy_is_told_with_the_nearest(run_dir: Path) -> None:
    with pytest.raises(QueryError, match="did you mean `as_enacted`"):
        write_report(run_dir, policy="as_enactd")


def test_a_script_cannot_be_ended_by_its_content() -> None:
    text = page("app.html", look={"a": "</script><script>"})
    assert "</script><script>" not in text


def test_only_markup_goes_in_unescaped() -> None:
    assert fragment("code", text="<b>") == "<code>&lt;b&gt;</code>"
    assert fragment("code", text=Markup("<b>")) == "<code><b></code>"


def test_packed_content_comes_back() -> None:
    content = {"é": [1.5, None, "</script>"]}
    assert json.loads(gzip.decompress(base64.b64decode(packed(content)))) == content


@pytest.fixture
def opened(report: Path, watched: Watched) -> Watched:
    """The report with its first policy; it is loaded once and put back by the picker."""
    if not watched.requests:
        watched.page.goto(report.resolve().as_uri())
    else:
        watched.page.select_option("#policy", "as_enacted")
    watched.page.wait_for_selector("html[data-ready=as_enacted]")
    return watched


@pytest.mark.browser
def test_in_a_browser_it_asks_nobody_and_complains_of_nothing(opened: Watched) -> None:
    assert opened.asked_elsewhere("file:") == []
    assert opened.complaints == []


@pytest.mark.browser
def test_in_a_browser_every_figure_is_drawn(opened: Watched) -> None:
    places = opened.page.locator("[data-figure]")
    assert places.count() == 7
    assert opened.page.locator("[data-figure] svg.main-svg").count() >= 7
    assert opened.page.locator("[data-figure=map] path.countryborder, .layer.land path").count() > 0


@pytest.mark.browser
def test_in_a_browser_nothing_is_wider_than_a_laptop(opened: Watched) -> None:
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.browser
def test_in_a_browser_the_picker_switches_policies(opened: Watched) -> None:
    opened.page.select_option("#policy", "no_tariffs_since_2018")
    opened.page.wait_for_selector("html[data-ready=no_tariffs_since_2018]")
    shown = opened.page.locator("[data-policy]:visible")
    assert shown.count() == 1
    assert shown.get_attribute("data-policy") == "no_tariffs_since_2018"
    assert opened.complaints == []


@pytest.mark.browser
def test_in_a_browser_the_table_is_searched_and_sorted(opened: Watched) -> None:
    rows = opened.page.locator("#movetable tbody tr")
    all_rows = rows.count()
    opened.page.fill("#search", "canon vietnam")
    assert 0 < rows.count() < all_rows
    assert all("Canon" in row and "Vietnam" in row for row in rows.all_inner_texts())
    opened.page.fill("#search", "")
    opened.page.click("#movetable th:nth-child(9) button")
    months = opened.page.locator("#movetable tbody td:nth-child(9)").all_inner_texts()
    assert months == sorted(months)
    assert opened.page.locator("#movetable th[aria-sort=ascending]").count() == 1


@pytest.mark.browser
def test_in_a_browser_the_slider_moves_the_arcs(opened: Watched) -> None:
    arcs = "document.querySelector('[data-figure=map]').data.map(t => t.text).flat().join('|')"
    before = opened.page.evaluate(arcs)
    opened.page.evaluate(
        "Plotly.animate(document.querySelector('[data-figure=map]'), ['2019'],"
        " {mode: 'immediate', frame: {duration: 0, redraw: true}})"
    )
    assert opened.page.evaluate(arcs) != before


def test_a_reform_is_told_in_words() -> None:
    told = reform_words(
        {"op": "set", "importer": ["US"], "products": ["cars"], "rate": 0.25, "kind": [],
         "start": "2025-04-03", "end": None}
    )  # fmt: skip
    assert told == "set duties charged by United States on cars at 25 % from 2025-04-03"


def test_an_interval_tells_its_scale_once_and_rounding_not_at_all() -> None:
    assert interval(1.5e6, 1.2e6, 1.9e6) == '+1.5 m <span class="interval">+1.2 to +1.9 m</span>'
    assert interval(1e-7, -1e-7, 2e-7) == "0"
    assert interval(2.0, float("nan"), float("nan")) == "+2"
