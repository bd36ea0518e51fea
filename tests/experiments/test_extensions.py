"""What extension files bring: in workers, under uncertainties, and told when they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import ConfigError, InputError
from sim.experiments.running.batch import run_experiment
from sim.experiments.spec.reading import load_config
from sim.results.run_folder.manifest import read_manifest
from sim.results.run_folder.query import open_run
from tests.test_extend import FILES

EXPERIMENT = """\
experiment: docks
end: 2017-02
replications: 1
chunk_lanes: 1
extensions: [mine.py]
policies: {as_enacted: {}}
uncertainties: {dock_strike_share: [0.0, 0.4]}
design: {kind: factorial}
"""


def written(folder: Path, old: str = "", new: str = "", experiment: str = EXPERIMENT) -> Path:
    """An experiment file with the page's Python file beside it, one passage changed."""
    assert old in FILES["mine.py"]
    text = FILES["mine.py"].replace(old, new) if old else FILES["mine.py"]
    (folder / "mine.py").write_text(text, encoding="utf-8")
    (folder / "docks.yaml").write_text(experiment, encoding="utf-8")
    return folder / "docks.yaml"


def test_workers_take_the_mechanism_and_draw_its_parameter(tmp_path: Path) -> None:
    config = load_config(written(tmp_path))
    run_experiment(config, tmp_path / "out", workers=2)
    [told] = read_manifest(tmp_path / "out").extensions
    assert told == {"file": str(tmp_path / "mine.py"), "sha256": config.extensions[0].sha256}
    with open_run(tmp_path / "out") as run:
        refused = run.table("outcomes", outcome="refused_units").groupby("scenario")["value"].sum()
    assert sorted(refused > 0.0) == [False, True]


def test_an_exception_of_a_hook_is_told_at_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, "own.refused += refused", "own.refused += refuse")
    with pytest.raises(InputError, match="NameError") as caught:
        run_experiment(load_config(path), tmp_path / "out", workers=1)
    [fault] = caught.value.faults
    lines = (tmp_path / "mine.py").read_text(encoding="utf-8").splitlines()
    assert fault.file == str(tmp_path / "mine.py")
    assert fault.line is not None
    assert lines[fault.line - 1].strip() == "own.refused += refuse"


def test_an_outcome_that_cannot_be_is_told_at_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, '"idle_units", "units a month"', '"idle_units", "units"')
    with pytest.raises(InputError, match="write `units a month`") as caught:
        load_config(path)
    [fault] = caught.value.faults
    lines = (tmp_path / "mine.py").read_text(encoding="utf-8").splitlines()
    assert fault.file == str(tmp_path / "mine.py")
    assert fault.line is not None
    assert lines[fault.line - 1].startswith("idle_units = Outcome(")


def test_a_file_that_brings_nothing_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, experiment=EXPERIMENT.split("uncertainties", maxsplit=1)[0])
    (tmp_path / "mine.py").write_text("OUTCOME = ()\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="brings nothing"):
        load_config(path)


def test_a_parameter_of_a_mechanism_outside_its_meaning_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"1\.4 has no meaning for a share"):
        load_config(written(tmp_path, experiment=EXPERIMENT.replace("0.4", "1.4")))
