"""Commands that read the world take folders of tables laid over the shipped ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.data.kitsune import write_kitsune

SMALL = """\
experiment: small
end: 2017-03
replications: 1
policies:
  as_enacted: {title: As enacted}
"""


def test_the_commands_take_overlays(kyoten: Any, tmp_path: Path) -> None:
    plain = tmp_path / "plain.yaml"
    plain.write_text(SMALL, encoding="utf-8")
    write_kitsune(tmp_path / "kitsune")
    ended = kyoten("run", plain, "--data", tmp_path / "kitsune", "--out", tmp_path / "run")
    assert ended.code == 0
    lines = json.loads((tmp_path / "run" / "lines.json").read_text("utf-8"))
    assert "kitsune_cars" in {line["id"] for line in lines}
    (tmp_path / "kitsune" / "firms.csv").unlink()
    ended = kyoten("plan", plain, "--data", tmp_path / "kitsune")
    assert ended.code == 2
    assert "kitsune/lines.csv:2" in ended.err
