"""Every page of questions prints, from an empty folder, what it says it prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.questions.pages import PAGES, ROOT, answers, write_files

_NUMBER = re.compile(r"\d[\d,]*\.?\d*")
CLOSE = 0.05
"""Part by which a number may differ from the page's: sums round otherwise on other processors."""


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_the_commands_of_a_page_print_what_it_says(page: Path, tmp_path: Path) -> None:
    write_files(page, tmp_path)
    found = answers(page, tmp_path)
    assert found
    for written, printed in found:
        assert _NUMBER.sub("#", printed) == _NUMBER.sub("#", written)
        pairs = zip(_numbers(printed), _numbers(written), strict=True)
        assert all(one == pytest.approx(other, rel=CLOSE, abs=1.0) for one, other in pairs)


def test_every_page_stands_in_the_list() -> None:
    listed = (ROOT / "docs" / "questions" / "README.md").read_text(encoding="utf-8")
    assert {page.name for page in PAGES} == set(re.findall(r"\]\((\w+\.md)\)", listed))


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_every_page_shows_an_answer(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "```text" in text
    assert "```text\n```" not in text


def _numbers(text: str) -> list[float]:
    return [float(number.replace(",", "").rstrip(".")) for number in _NUMBER.findall(text)]
