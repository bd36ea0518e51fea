"""A command line in this interpreter: arguments in, exit code and text out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from sim.cli.main import main


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Kyoten = Callable[..., Ended]


@pytest.fixture
def kyoten(capsys: pytest.CaptureFixture[str]) -> Kyoten:
    """``kyoten("plan", "x.yaml")`` runs that command line."""

    def run(*arguments: object) -> Ended:
        with pytest.raises(SystemExit) as stopped:
            main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        code = stopped.value.code
        return Ended(code if isinstance(code, int) else 0, printed.out, printed.err)

    return run
