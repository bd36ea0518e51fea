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

from analysis.open_run import OpenRun
from analysis.pages import fragment, packed, page
from analysis.report.page import write_report
from analysis.report.tables import interval, reform_words
from analysis.report.view import view
from sim.cli.main import main
from sim.errors import QueryError
from sim.results.run_folder.query import open_run
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


def parts(report: Path) -> list[str]:
    """Folded parts of the first policy, in order."""
    return re.findall(r'data-part="(\w+)"', report.read_text(encoding="utf-8"))


def payload(report: Path, policy: str) -> dict:
    text = report.read_text(encoding="utf-8")
    found = re.search(rf'data-payload="{policy}">([^<]+)<', text)
    return json.loads(gzip.decompress(base64.b64decode(found[1])))


def test_no_link_leaves_the_page(seen: Seen) -> None:
    assert seen.links
    assert [link for link in seen.links if not link.startswith(("#", "data:,"))] == []


def test_it_has_every_part_that_changes_and_how_it_came_about(seen: Seen, report: Path) -> None:
    assert {"table", "law", "limits", "asked", "manifest"} <= set(seen.ids)
    assert parts(report) == ["moves", "map", "production", "duties", "firm", "why"]


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


def test_it_shows_the_subsidies_that_moves_are_named_after(seen: Seen) -> None:
    words = " ".join(seen.words)
    assert "Tax years for <growth>" in words
    assert "10.0 % of profit spared in tax" in words
    assert "https://example.org/tax" in words


def test_text_of_the_run_cannot_become_markup(report: Path) -> None:
    text = report.read_text(encoding="utf-8")
    assert "<List 3>" not in text
    assert "<section 301>" not in text


def test_it_stays_under_four_megabytes(report: Path) -> None:
    assert report.stat().st_size < 4e6


def test_the_same_run_gives_the_same_bytes(report: Path, run_dir: Path) -> None:
    before = report.read_bytes()
    assert write_report(run_dir).read_bytes() == before


def test_figures_are_drawn_for_what_changes_alone(report: Path) -> None:
    """Cars are made alike under both policies, the US duty on both products differs."""
    figures = payload(report, "as_enacted")["figures"]
    assert set(figures) == {
        "moves", "sankey", "map", "reasons", "production", "difference", "duty"
    }  # fmt: skip
    assert {"printers", "machinery"} <= set(figures["production"])
    assert "cars" not in figures["production"]
    assert set(figures["moves"]) == {""}
    assert set(figures["duty"]) == {"US|cars", "US|printers"}
    assert 'data-payload="no_tariffs_since_2018"' not in report.read_text(encoding="utf-8")


def test_what_compares_two_policies_holds_both(report: Path) -> None:
    figures = payload(report, "as_enacted")["figures"]
    titles = [side["layout"]["title"]["text"] for side in figures["moves"][""]]
    assert [title.rpartition(": ")[2] for title in titles] == [
        "As enacted", "No tariffs since 2018"
    ]  # fmt: skip


def test_a_policy_that_changes_nothing_has_no_parts_and_says_so(shelf_dir: Path) -> None:
    with open_run(shelf_dir / "made") as run:
        shown = view(OpenRun(run), "no_tariffs_since_2018", "no_tariffs_since_2018")
    assert shown.alone
    with open_run(shelf_dir / "still") as run:
        told = view(OpenRun(run), "as_enacted", "no_tariffs_since_2018")
    assert [part.key for part in told.parts] == ["duties"]
    assert "output" in told.same


def test_a_run_in_which_nobody_moves_has_a_report(shelf_dir: Path) -> None:
    report = write_report(shelf_dir / "still")
    assert payload(report, "as_enacted")["moves"] == {"rows": [], "all": 0, "kept": 1.0}
    assert "do not differ" in report.read_text(encoding="utf-8")


def test_a_run_with_chip_tools_has_their_tables_and_figures(tmp_path: Path) -> None:
    """And one without has neither their section nor a link to it."""
    report = write_report(write_tool_run(tmp_path / "tools"))
    drawn = payload(report, "tariff")["figures"]
    assert {"china_share", "orders_lost", "who_gains", "localisation"} < set(drawn)
    assert "hump" not in drawn
    text = report.read_text(encoding="utf-8")
    assert 'data-part="tools"' in text
    assert "Waiting at the year&#39;s end" in text


def test_a_run_without_chip_tools_has_no_section_of_them(report: Path) -> None:
    assert "tools" not in parts(report)


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


def again(opened: Watched) -> None:
    """Load the page anew."""
    opened.page.reload()
    opened.page.wait_for_selector("html[data-ready=as_enacted]")


def unfold(opened: Watched) -> None:
    """Open every part of the policy that is shown and wait until it is drawn."""
    parts = "[...document.querySelectorAll('[data-policy=as_enacted] details[data-part]')]"
    opened.page.evaluate(f"{parts}.forEach((part) => {{ part.open = true; }})")
    opened.page.wait_for_function(f"{parts}.every((part) => 'ready' in part.dataset)")


@pytest.fixture
def opened(report: Path, watched: Watched) -> Watched:
    """The report with its first policy; it is loaded once."""
    if not watched.requests:
        watched.page.goto(report.resolve().as_uri())
    watched.page.wait_for_selector("html[data-ready=as_enacted]")
    return watched


@pytest.mark.browser
def test_in_a_browser_it_asks_nobody_and_complains_of_nothing(opened: Watched) -> None:
    assert opened.asked_elsewhere("file:") == []
    assert opened.complaints == []


@pytest.mark.browser
def test_in_a_browser_every_figure_is_drawn(opened: Watched) -> None:
    unfold(opened)
    places = opened.page.locator("[data-policy=as_enacted] [data-figure]")
    drawn = opened.page.locator("[data-policy=as_enacted] [data-figure]:has(svg.main-svg)")
    assert places.count() == drawn.count() == 11
    assert opened.page.locator("[data-figure=map] path.countryborder, .layer.land path").count() > 0


@pytest.mark.browser
def test_in_a_browser_nothing_is_wider_than_a_laptop(opened: Watched) -> None:
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_in_a_browser_the_first_screen_holds_answer_and_map(
    opened: Watched, width: int, height: int
) -> None:
    page = opened.page
    page.set_viewport_size({"width": width, "height": height})
    page.reload()
    page.wait_for_selector("html[data-ready=as_enacted]")
    told = page.locator(".sentences p").all()
    words = [one.inner_text() for one in told]
    page.mouse.wheel(0, 0)
    last = told[-1].bounding_box()
    land = page.locator(".hero .figure .layer.land, .hero .figure g.geo").first.bounding_box()
    page.set_viewport_size({"width": 1280, "height": 800})
    assert words[0].startswith("Under “As enacted”, compared with “No tariffs since 2018”")
    assert last["y"] + last["height"] < height
    assert land["y"] + 0.75 * land["height"] < height
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.browser
def test_in_a_browser_every_figure_names_unit_band_and_source(opened: Watched) -> None:
    unfold(opened)
    frames = opened.page.locator("[data-policy=as_enacted] figure").all()
    captions = [frame.locator("figcaption").inner_text() for frame in frames]
    assert len(captions) == 8
    assert [
        one for one in captions for word in ("Unit ", "Band ", "Source ") if word not in one
    ] == []


@pytest.mark.browser
def test_in_a_browser_everything_is_open_and_drawn_before_it_is_printed(opened: Watched) -> None:
    """Nobody waits between the event and the print: what is drawn later is not on the paper."""
    again(opened)
    empty, closed = opened.page.evaluate(
        """() => {
            window.dispatchEvent(new Event("beforeprint"));
            const shown = document.querySelector("[data-policy=as_enacted]");
            const all = (what) => [...shown.querySelectorAll(what)];
            const empty = all("[data-figure]").filter((one) => !one.querySelector("svg.main-svg"));
            return [empty.map((one) => one.dataset.figure), all("details:not([open])").length];
        }"""
    )
    again(opened)
    assert empty == []
    assert closed == 0


@pytest.mark.browser
def test_in_a_browser_two_policies_share_their_axes(opened: Watched) -> None:
    ranges = opened.page.evaluate(
        """async () => {
            const make = () => document.body.appendChild(document.createElement("div"));
            const places = [3, 50].map(make);
            for (const [n, place] of places.entries()) {
                await Plotly.newPlot(place, [{ x: ["a", "b"], y: [0, n ? 50 : 3] }]);
            }
            await Kyoten.shareAxes(places);
            const found = places.map((place) => place._fullLayout.yaxis.range);
            places.forEach((place) => place.remove());
            return found;
        }"""
    )
    assert ranges[0] == ranges[1]
    assert ranges[0][1] > 50


@pytest.mark.browser
def test_in_a_browser_the_table_is_searched_and_sorted(opened: Watched) -> None:
    opened.page.locator("#table > summary").click()
    rows = opened.page.locator("#movetable tbody tr")
    assert rows.count() == 12
    opened.page.locator("#table button.all").click()
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
    unfold(opened)
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


@pytest.mark.slow
def test_the_headline_fits_four_megabytes(tmp_path: Path) -> None:
    """Two runs of every policy: figures hold as many points as with sixty-four."""
    with pytest.raises(SystemExit):
        main(["run", "configs/headline.yaml", "--draws", "2", "--out", str(tmp_path / "h")])
    assert write_report(tmp_path / "h").stat().st_size < 4e6
