"""A command ends short: what is wrong, where, how to mend it, and the right exit code."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from sim.cli.failures import SHOWN_FAULTS, rendered_failures
from sim.errors import ConfigError, Fault, InputError, RunError


def ended(error: BaseException, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Exit code and stderr of a command that raises ``error``."""
    with pytest.raises(SystemExit) as stopped, rendered_failures():
        raise error
    assert isinstance(stopped.value.code, int)
    return stopped.value.code, capsys.readouterr().err


def test_an_input_error_exits_2_with_place_key_and_cure(capsys: pytest.CaptureFixture[str]) -> None:
    fault = Fault("a.yaml", "polices", "unknown key", "did you mean `policies`?", 3, 5)
    code, err = ended(ConfigError(fault), capsys)
    assert code == 2
    assert "a.yaml:3:5: polices: unknown key" in err
    assert "did you mean `policies`?" in err


def test_all_mistakes_are_counted_and_fit_one_screen(capsys: pytest.CaptureFixture[str]) -> None:
    faults = [Fault("a.yaml", f"key_{n}", "unknown key", "mend it", n, 1) for n in range(1, 41)]
    code, err = ended(InputError(faults), capsys)
    assert code == 2
    assert "40 mistakes" in err
    assert f"and {40 - SHOWN_FAULTS} more" in err
    assert len(err.splitlines()) <= 36


def test_square_brackets_in_a_message_are_text_not_markup(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, err = ended(InputError(Fault("a.yaml", "reforms[0]", "[red]no[/red]")), capsys)
    assert "reforms[0]: [red]no[/red]" in err


def test_a_failed_run_exits_1_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    code, err = ended(RunError("a worker died"), capsys)
    assert code == 1
    assert "a worker died" in err
    assert "Traceback" not in err


def test_ctrl_c_exits_130(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(KeyboardInterrupt(), capsys)[0] == 130


def test_a_full_disk_is_told_as_such(capsys: pytest.CaptureFixture[str]) -> None:
    error = OSError(errno.ENOSPC, "No space left on device", "runs/x/tables")
    code, err = ended(error, capsys)
    assert code == 1
    assert "disk is full (runs/x/tables)" in err


def test_a_surprise_keeps_its_traceback_in_a_file_and_names_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code, err = ended(ZeroDivisionError("division by zero"), capsys)
    assert code == 1
    assert "Traceback" not in err
    (kept,) = tmp_path.glob("kyoten-*.log")
    assert str(kept) in err
    assert "ZeroDivisionError" in kept.read_text()
