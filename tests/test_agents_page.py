"""What docs/agents.md shows runs as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.experiments.running.batch import run_experiment
from sim.experiments.spec.reading import load_config
from sim.results.run_folder.query import open_run

PAGE = (Path(__file__).parents[1] / "docs" / "agents.md").read_text(encoding="utf-8")
MINE, NOTEBOOK = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
[EXPERIMENT] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.slow
def test_the_experiment_of_the_page_runs_and_its_firm_acts_otherwise(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(MINE, encoding="utf-8")
    (tmp_path / "minds.yaml").write_text(EXPERIMENT, encoding="utf-8")
    run_experiment(load_config(tmp_path / "minds.yaml"), tmp_path / "out", workers=1)
    with open_run(tmp_path / "out") as run:
        moves = run.table("relocations").query("firm == 'makita'")
    counts = moves["policy"].value_counts()
    assert counts["as_enacted"] > counts.get("cautious", 0)


def test_the_experiment_of_the_page_is_one_that_is_read(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(MINE, encoding="utf-8")
    (tmp_path / "minds.yaml").write_text(EXPERIMENT, encoding="utf-8")
    config = load_config(tmp_path / "minds.yaml")
    assert config.behaviours_of("cautious") == {"makita": "Cautious"}


def test_the_notebook_of_the_page_runs() -> None:
    names: dict[str, object] = {"__name__": "notebook"}
    exec(NOTEBOOK, names)
    ministry = names["ministry"]
    assert len(ministry.output) == 6  # type: ignore[attr-defined] # it is the page's own class
    assert min(ministry.output) > 0.0  # type: ignore[attr-defined] # likewise
