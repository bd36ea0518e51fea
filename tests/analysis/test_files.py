"""Every file is what its name says, through every door, or is refused before it is written."""

from __future__ import annotations

import json
import re
import shlex
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.pictures import page_file
from analysis.pictures.browser import in_browser
from analysis.report.page import write_report
from sim.cli.main import main
from sim.errors import InputError, RunError
from sim.notebook import open_run
from tests.analysis.made_run import POLICIES

MAGIC: dict[str, Callable[[bytes], bool]] = {
    "html": lambda held: held.startswith(b"<!doctype html>"),
    "json": lambda held: isinstance(json.loads(held), dict),
    "png": lambda held: held.startswith(b"\x89PNG\r\n\x1a\n") and held.endswith(b"IEND\xaeB`\x82"),
    "svg": lambda held: held.startswith(b"<svg ") and held.endswith(b"</svg>"),
    "pdf": lambda held: held.startswith(b"%PDF-") and held.rstrip().endswith(b"%%EOF"),
    "csv": lambda held: "," in held.decode().splitlines()[0],
    "xlsx": lambda held: held.startswith(b"PK\x03\x04") and b"xl/workbook.xml" in held,
    "parquet": lambda held: held.startswith(b"PAR1") and held.endswith(b"PAR1"),
}
"""Ending -> whether bytes are such a file."""
CHROMIUM = pytest.mark.browser
DOORS = [
    *(pytest.param("plot", one) for one in ("html", "json")),
    *(pytest.param("plot", one, marks=CHROMIUM) for one in ("png", "svg", "pdf")),
    pytest.param("report", "html"),
    *(pytest.param("report", one, marks=CHROMIUM) for one in ("png", "pdf")),
    *(pytest.param("export", one) for one in ("csv", "xlsx", "parquet")),
    *(pytest.param("save", one) for one in ("html", "json")),
    *(pytest.param("save", one, marks=CHROMIUM) for one in ("png", "svg", "pdf")),
    *(pytest.param("Run.export", one) for one in ("csv", "xlsx", "parquet")),
]


def written(door: str, folder: Path, path: Path) -> None:
    """Write ``path`` through a door of the product."""
    if door in ("save", "Run.export"):
        with open_run(folder) as run:
            if door == "save":
                run.save("production", path, product="printers")
            else:
                run.export(path, ["output"])
        return
    asked = {
        "plot": ["plot", str(folder), "production", "--product", "printers", "--out", str(path)],
        "report": ["report", str(folder), "--out", str(path)],
        "export": ["export", str(folder), str(path), "--outcome", "output"],
    }
    with pytest.raises(SystemExit) as ended:
        main(asked[door])
    assert ended.value.code == 0


@pytest.mark.parametrize(("door", "ending"), DOORS)
def test_every_written_file_agrees_with_its_ending(
    run_dir: Path, tmp_path: Path, door: str, ending: str, request: pytest.FixtureRequest
) -> None:
    if "browser" in [mark.name for mark in request.node.iter_markers()]:
        request.getfixturevalue("chromium")  # skips where there is none
    path = tmp_path / f"made.{ending.upper() if door == 'plot' else ending}"
    written(door, run_dir, path)
    kinds = [kind for kind, is_one in MAGIC.items() if kind not in ("csv", "json")
             and is_one(path.read_bytes())]  # fmt: skip
    assert MAGIC[ending](path.read_bytes())
    assert [kind for kind in kinds if kind != ending] == []


def commands() -> list[object]:
    """Commands of docs/files.md; those that make pictures want a browser."""
    text = (Path(__file__).parents[2] / "docs" / "files.md").read_text("utf-8")
    blocks = "".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL)).replace("\\\n", " ")
    lines = [line.partition(" #")[0].strip() for line in blocks.splitlines() if line]
    pictures = re.compile(r"\.(png|svg|pdf)\b|--paper")
    return [
        pytest.param(line, marks=CHROMIUM if pictures.search(line) else (), id=line)
        for line in lines
    ]


@pytest.mark.parametrize("line", commands())
def test_every_command_of_the_page_on_files_writes_what_it_names(
    run_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str], line: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    words = shlex.split(line.replace("no_tariffs", POLICIES[1]).replace("runs/quick", str(run_dir)))
    with pytest.raises(SystemExit) as ended:
        main(words[1:])
    assert ended.value.code == 0, capsys.readouterr().err
    path = Path(re.search(r"wrote (\S+?)[:\n]", capsys.readouterr().out)[1])
    assert MAGIC[path.suffix[1:]](path.read_bytes())


@pytest.mark.parametrize("name", ["made.jpg", "made.htm", "made", "made.pdf.txt", ".pdf"])
@pytest.mark.parametrize("door", ["plot", "report", "export"])
def test_another_ending_is_the_users_mistake_and_nothing_is_written(
    run_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], door: str, name: str
) -> None:
    asked = {"plot": ["production", "--out"], "report": ["--out"], "export": []}[door]
    with pytest.raises(SystemExit) as ended:
        main([door, str(run_dir), *asked, str(tmp_path / name)])
    assert ended.value.code == 2
    assert "can be written here" in (said := capsys.readouterr().err) or "no ending" in said
    assert list(tmp_path.iterdir()) == []


def test_without_a_browser_a_picture_is_refused_with_what_to_install(
    run_dir: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("choreographer.browsers.chromium._is_exe", lambda _: False)
    for asked in (["plot", str(run_dir), "map"], ["report", str(run_dir)]):
        with pytest.raises(SystemExit) as ended:
            main([*asked, "--out", str(tmp_path / "x.pdf")])
        assert ended.value.code == 2
        assert "apt-get install chromium" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("figure", "paper", "name", "cure"),
    [
        ("map", "30", "x.pdf", "give 60 to 400"),
        ("duty", "85", "x.pdf", "give 140 to 400"),
        ("map", "900", "x.svg", "give 60 to 400"),
        ("map", "174", "x.html", "known: .png, .svg, .pdf"),
    ],
)
def test_a_paper_figure_that_cannot_be_is_refused(
    run_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    figure: str, paper: str, name: str, cure: str,
) -> None:  # fmt: skip
    with pytest.raises(SystemExit) as ended:
        main(["plot", str(run_dir), figure, "--paper", paper, "--out", str(tmp_path / name)])
    assert ended.value.code == 2
    assert cure in " ".join(capsys.readouterr().err.split())


def test_a_figures_file_tells_its_source_and_how_to_make_it_again(
    run_dir: Path, tmp_path: Path
) -> None:
    with open_run(run_dir) as run:
        run.save("production", tmp_path / "x.html", product="printers")
        run.save("production", tmp_path / "x.json", product="printers")
    page = (tmp_path / "x.html").read_text("utf-8")
    meta = json.loads((tmp_path / "x.json").read_text("utf-8"))["layout"]["meta"]
    source, again = re.findall(r'<p class="note source">(.*?)</p>', page)
    assert (source, again) == (meta["source"], meta["reproduce"].replace("x.json", "x.html"))
    assert "experiment made (3 replications, seed 7, 2017-01 to 2020-12)" in source
    assert (
        "policy aaaaaaaaaaaa, aaaaaaaaaaaa; data and what is laid over them dddddddddddd" in source
    )
    assert "made/config.yaml --out DIR (configuration cccccccccccc)" in again
    options = "--policy as_enacted --against no_tariffs_since_2018 --product printers"
    assert f"kyoten plot DIR production {options} --out x.html" in again
    assert str(run_dir.parent) not in page


@pytest.mark.browser
@pytest.mark.usefixtures("chromium")
@pytest.mark.parametrize(("figure", "mm"), [("map", 174), ("production", 85), ("sankey", 174)])
def test_a_paper_figure_is_as_wide_as_asked_in_letters_of_seven_points_or_more(
    run_dir: Path, tmp_path: Path, figure: str, mm: float
) -> None:
    with open_run(run_dir) as run:
        for ending in ("svg", "pdf", "png"):
            run.save(figure, tmp_path / f"x.{ending}", paper=mm)
    svg = (tmp_path / "x.svg").read_text("utf-8")
    width, wide = re.match(r'<svg [^>]*width="([\d.]+)mm"[^>]*viewBox="0 0 ([\d.]+)', svg).groups()
    assert float(width) == pytest.approx(mm, abs=0.01)
    point = mm / 25.4 * 72 / float(wide)
    sizes = [float(one) for one in re.findall(r"font-size[:=]\W*([\d.]+)", svg)]
    assert min(sizes) * point >= 6.99
    assert "Source: simulation with Kyoten" in re.sub("<[^>]+>", " ", svg)
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ", (tmp_path / "x.pdf").read_bytes())
    assert float(box[1]) == pytest.approx(mm / 25.4 * 72, abs=0.8)
    (pixels,) = struct.unpack(">I", (tmp_path / "x.png").read_bytes()[16:20])
    assert pixels == pytest.approx(mm / 25.4 * 600, abs=7)


@pytest.mark.browser
@pytest.mark.usefixtures("chromium")
@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_the_same_figure_gives_the_same_bytes_without_a_date(
    run_dir: Path, tmp_path: Path, ending: str
) -> None:
    held = []
    for _ in range(2):
        with open_run(run_dir) as run:
            held.append(run.save("map", tmp_path / f"x.{ending}").read_bytes())
    assert held[0] == held[1]
    assert b"(D:2" not in held[0]


@pytest.mark.browser
@pytest.mark.usefixtures("chromium")
def test_a_page_that_cannot_be_drawn_is_told_at_once(tmp_path: Path) -> None:
    async def nothing(_: object) -> None:
        """Make nothing."""

    page = "<!doctype html><html><script>throw new Error('no such figure')</script></html>"
    with pytest.raises(RunError, match="no such figure"):
        in_browser(page, (800, 600, 1.0), nothing, tmp_path / "x.pdf")


@pytest.mark.browser
@pytest.mark.usefixtures("chromium")
def test_a_page_that_is_too_long_for_a_picture_is_refused_not_cut(
    run_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_file, "_TALLEST", 500)
    with pytest.raises(InputError, match=r"write \.pdf"):
        write_report(run_dir, path=tmp_path / "x.png")
    assert not (tmp_path / "x.png").exists()
