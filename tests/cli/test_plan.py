"""What `kyoten plan` tells before anything runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.questions.pages import ROOT, write_files

_EXAMPLE = re.compile(r"^```yaml\n(.*?)```", re.DOTALL | re.MULTILINE)
DOCUMENTS = (*sorted((ROOT / "docs").rglob("*.md")), ROOT / "configs" / "README.md")


def examples(page: Path) -> list[str]:
    """Experiments that a page shows whole."""
    blocks = _EXAMPLE.findall(page.read_text(encoding="utf-8"))
    return [text for text in blocks if re.search(r"^experiment:", text, re.MULTILINE)]


@pytest.mark.parametrize(
    "page",
    [page for page in DOCUMENTS if examples(page)],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_examples_of_the_documents_are_planned_without_a_warning(
    page: Path, tmp_path: Path
) -> None:
    from sim.cli.plan import warnings
    from sim.experiments.spec.reading import load_config

    write_files(page, tmp_path)
    for number, text in enumerate(examples(page)):
        asked = tmp_path / f"example_{number}.yaml"
        asked.write_text(text, encoding="utf-8")
        assert warnings(load_config(asked)) == []


def test_plan_and_run_warn_of_it(kyoten: Any, tmp_path: Path) -> None:
    text = "experiment: x\nend: 2017-02\nreplications: 1\npolicies:\n  a: {}\n"
    (tmp_path / "x.yaml").write_text(text + "  b: {use: [no_tariffs_since_2018]}\n")
    said = "`b` asks the same as `a` in every month of this run"
    assert f"warning: {said}" in kyoten("plan", tmp_path / "x.yaml").out
    ended = kyoten("run", tmp_path / "x.yaml", "--out", tmp_path / "run", "--workers", 1)
    assert f"warning: {said}" in ended.err


def test_a_plan_tells_the_days_of_the_reforms_that_a_policy_uses_by_name(
    kyoten: Any, tmp_path: Path
) -> None:
    text = "experiment: x\nend: 2026-12\nreplications: 1\npolicies:\n  a: {use: [china_60]}\n"
    (tmp_path / "x.yaml").write_text(text + "  b: {extends: a, use: [detente]}\n")
    told = kyoten("plan", tmp_path / "x.yaml", "--json").json["policies"][1]["named"]
    assert told == {
        "china_60": {"first_day": "2025-02-01", "last_day": None},
        "detente": {"first_day": "2026-11-10", "last_day": None},
    }
    assert "china_60 from 2025-02-01" in " ".join(kyoten("plan", tmp_path / "x.yaml").out.split())
