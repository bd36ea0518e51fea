"""The public face: costs nothing to import, is typed and documented, and its page runs."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FACES = ("sim", "sim.law")


def run_python(code: str, folder: Path = ROOT) -> str:
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    return ended.stdout


def test_importing_the_package_imports_no_room_and_no_library() -> None:
    code = (
        "import sys; before = set(sys.modules); import sim; import sim.law\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    ours = {"sim", "sim.law", "sim.lazy"}
    others = {name for name in run_python(code).split() if name not in ours}
    assert {name for name in others if name.split(".")[0] not in sys.stdlib_module_names} == set()


@pytest.mark.parametrize("face", FACES)
def test_every_name_that_is_offered_is_there(face: str) -> None:
    module = import_module(face)
    assert all(getattr(module, name) is not None for name in module.__all__)
    assert set(module.__all__) <= set(dir(module))


@pytest.mark.parametrize("face", FACES)
def test_type_checkers_see_the_names_that_are_offered(face: str) -> None:
    module = import_module(face)
    (block,) = (
        node for node in ast.parse(Path(str(module.__file__)).read_text("utf-8")).body
        if isinstance(node, ast.If)
    )  # fmt: skip
    seen = {
        alias.name
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == set(module.__all__)


@pytest.mark.parametrize("face", FACES)
def test_a_name_that_is_not_offered_is_refused(face: str) -> None:
    with pytest.raises(AttributeError, match="no attribute 'rnu'"):
        _ = import_module(face).rnu


def page() -> str:
    return (ROOT / "docs" / "python.md").read_text(encoding="utf-8")


def test_every_name_that_is_offered_is_told_on_the_page() -> None:
    import sim

    assert [name for name in sim.__all__ if f"`sim.{name}`" not in page()] == []


def test_the_page_runs(tmp_path: Path) -> None:
    (tmp_path / "configs").symlink_to(ROOT / "configs")
    blocks = re.findall(r"```python\n(.*?)```", page(), re.DOTALL)
    assert len(blocks) > 5
    told = run_python("\n".join([*blocks, "print(repr(run), picture.layout.title.text)"]), tmp_path)
    assert "2.5 % + 25 % = 27.5 %" in told
    assert "<Run of quick: 4 runs of as_enacted, no_tariffs, 2017-01 to 2018-12> Printers" in told


def test_values_in_comments_of_the_page_are_what_the_law_gives() -> None:
    import sim

    reformed = sim.law.apply_reforms(
        sim.law.load_law(), sim.law.named_reforms("no_tariffs_since_2025")
    )
    lane = ("JP", "US", "cars", "2025-06-15")
    assert f"{sim.law.rate(*lane).total}, a share" in page()
    assert f"under=reformed).total  # {sim.law.rate(*lane, under=reformed).total}\n" in page()
