"""`kyoten export` writes an IAMC table."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.cli.main import main
from tests.results.conftest import write_run


def test_outcomes_are_exported_and_the_file_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_run(tmp_path / "run")
    with pytest.raises(SystemExit) as ended:
        main(["export", str(tmp_path / "run"), str(tmp_path / "x.csv"), "--outcome", "output"])
    assert ended.value.code == 0
    assert "x.csv: 100 rows" in capsys.readouterr().out
    assert (tmp_path / "x.csv").read_text().startswith("model,scenario,region,variable,unit,2017")


def test_an_unknown_outcome_is_the_users_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_run(tmp_path / "run")
    with pytest.raises(SystemExit) as ended:
        main(["export", str(tmp_path / "run"), str(tmp_path / "x.csv"), "--outcome", "outputt"])
    assert ended.value.code == 2
    assert "did you mean `output`" in capsys.readouterr().err
    assert not (tmp_path / "x.csv").exists()


def test_differences_leave_as_an_excel_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_run(tmp_path / "run")
    asked = ["--against", "base", "--as", "table", "--outcome", "output"]
    with pytest.raises(SystemExit) as ended:
        main(["export", str(tmp_path / "run"), str(tmp_path / "x.xlsx"), *asked])
    assert ended.value.code == 0, capsys.readouterr().err
    assert (tmp_path / "x.xlsx").read_bytes().startswith(b"PK")
