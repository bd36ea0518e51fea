"""docs/extend.md is done as written: its files saved, its commands given in an empty folder."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sim.engine.model import RelocationModel
from sim.results.run_folder.query import RunFolder, open_run

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "extend.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^`([\w./]+)`:\n\n```\w+\n(.*?)```", PAGE, re.DOTALL | re.MULTILINE))
COMMANDS = [
    line.split()
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
]
NOTEBOOK = re.findall(r"```python\n(from sim.engine.model.*?)```", PAGE, re.DOTALL)[0]
SWITCHED = re.findall(r"```yaml\n(inputs:.*?)```", PAGE, re.DOTALL)[0]


def write_files(folder: Path) -> None:
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def kyoten(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, in a folder of the user's and with nothing of this test in its process."""
    command = [sys.executable, "-m", "sim.cli.main", *arguments]
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("empty")
    write_files(made)
    return made


@pytest.fixture(scope="module")
def told(folder: Path) -> dict[str, str]:
    """What every command of the page says, by its first words."""
    said = {}
    for _, *arguments in COMMANDS:
        ended = kyoten(folder, *arguments)
        assert ended.returncode == 0, ended.stderr
        said[arguments[0]] = ended.stdout
    return said


@pytest.fixture(scope="module")
def run(folder: Path, told: dict[str, str]) -> RunFolder:
    return open_run(folder / "out")


def of(run: RunFolder, outcome: str, policy: str = "with_tariff") -> float:
    [(total,)] = run.sql(
        "SELECT sum(value) AS total FROM outcomes WHERE outcome = $outcome AND policy = $policy",
        {"outcome": outcome, "policy": policy},
    ).itertuples(index=False)
    return float(total)


def test_the_new_maker_has_plants_in_two_countries(run: RunFolder) -> None:
    plants = run.table("plants", firm="tanuki", policy="no_tariff")
    assert set(plants[plants["output_units"] > 0.0]["country"]) == {"JP", "MX"}


def test_the_new_tariff_is_charged_where_the_policy_keeps_it(
    run: RunFolder, told: dict[str, str]
) -> None:
    assert "15" in told["law"]
    asked = "SELECT max(rate_share) AS rate FROM duties WHERE importer = 'US' AND exporter = 'MX'"
    asked += " AND product = 'cars' AND policy = $policy"
    rate = {one: run.sql(asked, {"policy": one})["rate"][0] for one in run.policies}
    assert rate["with_tariff"] == pytest.approx(rate["no_tariff"] + 0.15)


def test_new_outcomes_are_recorded_and_compared(run: RunFolder, told: dict[str, str]) -> None:
    assert of(run, "idle_units") > 0.0
    assert of(run, "refused_units") > 0.0
    assert "idle_units" in json.dumps(json.loads(told["compare"]))


def test_the_new_figure_is_a_page_and_a_part_of_the_report(folder: Path, run: RunFolder) -> None:
    assert "Idle: With the tariff" in (folder / "out" / "figures" / "idle.html").read_text("utf-8")
    assert "capacity that was not used, by country" in (folder / "out" / "report.html").read_text(
        "utf-8"
    )


def test_the_mechanism_moves_what_it_says_and_not_when_it_is_switched_off(
    folder: Path, run: RunFolder
) -> None:
    text = FILES["mine.yaml"].replace("end: 2018-12", "end: 2017-06").replace("mine", "calm", 1)
    (folder / "calm.yaml").write_text(text + SWITCHED, encoding="utf-8")
    assert kyoten(folder, "run", "calm.yaml", "--out", "calm").returncode == 0
    with open_run(folder / "calm") as calm:
        assert of(calm, "refused_units") == 0.0
        early = (
            "SELECT sum(value) AS v FROM outcomes WHERE outcome = 'sales' AND month < '2017-07-01'"
        )
        assert run.sql(early)["v"][0] < 0.95 * calm.sql(early)["v"][0]


def test_the_mind_of_the_maker_is_asked(run: RunFolder) -> None:
    assert not len(run.table("relocations", firm="tanuki", policy="waiting"))


def test_the_notebook_of_the_page_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    names: dict[str, object] = {"__name__": "notebook"}
    exec(NOTEBOOK, names)
    model = names["model"]
    assert isinstance(model, RelocationModel)
    assert model.outcomes.query("outcome == 'refused_units'")["value"].max() > 0.0


def test_figures_of_a_file_that_changed_since_are_left_out_and_told(
    folder: Path, run: RunFolder
) -> None:
    (folder / "mine.py").write_text(FILES["mine.py"] + "# later\n", encoding="utf-8")
    try:
        gone = kyoten(folder, "plot", "out", "idle")
        other = kyoten(folder, "plot", "out", "production", "--product", "cars")
        again = kyoten(folder, "run", "mine.yaml", "--out", "out", "--resume")
    finally:
        write_files(folder)
    assert (gone.returncode, other.returncode, again.returncode) == (2, 0, 2)
    assert "figures of this file are left out" in other.stderr
    assert "there is no figure `idle`" in gone.stderr
    assert "extensions" in again.stderr


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("OUTCOMES = (idle_units,)", "OUTCOMES = (idle_unit,)", "NameError"),
        ("OUTCOMES = (idle_units,)", "OUTCOMES = idle_units", "must be a tuple of Outcome"),
        ("(DockStrike(),)", "(DockStrike,)", "list an object of it: DockStrike()"),
        ("FIGURES = (idle,)", "FIGURES = (idle_units,)", "is no Figure but Outcome"),
        ('"idle_units", "units', '"output", "units', "`output` is there already"),
        ('    "idle", "cap', '    "duty", "cap', "`duty` is there already"),
        ('name = "dock_strike"', 'name = "partners"', "`partners` is there already"),
        ('name="dock_strike_share"', 'name="theta"', "is a parameter already"),
        ('"flows", self.refuse', '"flow", self.refuse', "no phase `flow`"),
        ("value=0.1", "value=1.5", "has no meaning for a share"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from sim.cli.main import main

    write_files(tmp_path)
    assert old in FILES["mine.py"]
    (tmp_path / "mine.py").write_text(FILES["mine.py"].replace(old, new), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["plan", str(tmp_path / "mine.yaml")])
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert words in said.replace("\n", " ")
    assert re.search(r"mine\.py:\d+", said)


def test_an_unknown_input_is_told_with_the_names_of_mechanisms(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from sim.cli.main import main

    write_files(tmp_path)
    text = FILES["mine.yaml"] + "inputs:\n  dock_strik: false\n"
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["plan", str(tmp_path / "mine.yaml")])
    assert "did you mean `dock_strike`?" in capsys.readouterr().err
