"""Every claim of shape in a docstring is written with the letters of the axes, and is true."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.axes import LETTERS, SMALL_AXES
from tests.shapes import scenes
from tests.shapes.claims import claims
from tests.shapes.watching import Findings, claimed_functions, look_at, watched

ROOT = Path(__file__).resolve().parents[2]
Seen = dict[str, tuple[Findings, scenes.Lengths]]


def test_every_claim_of_shape_is_written_with_the_letters_of_the_axes() -> None:
    strange = []
    for path in sorted((ROOT / "sim").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else None
            for claim in claims(text) if isinstance(text, str) else ():
                strange += [
                    f"{path.relative_to(ROOT)}:{node.lineno} {claim.text}"
                    for axis in claim.axes
                    if not known(axis)
                ]
    assert strange == []


def known(axis: str) -> bool:
    """Whether every word of an axis is a letter, a declared word, a number or an ellipsis."""
    words = re.findall(r"\w+", axis)
    return axis in ("...", "..") or all(
        word in LETTERS or word in SMALL_AXES or word.isdigit() for word in words if word != "x"
    )


@pytest.fixture(scope="module")
def findings(
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, tuple[Findings, scenes.Lengths]]:
    """What every scene shows, and how long each axis is in it."""
    folder = tmp_path_factory.mktemp("shapes") / "run"
    played: dict[str, Callable[[], tuple[object, scenes.Lengths]]] = {
        "stepped": scenes.stepped,
        "decided": scenes.decided,
        "recorded": scenes.recorded,
        "told": scenes.told,
        "shocked": scenes.shocked,
        "compared": lambda: scenes.compared(folder),
    }
    for warm in (scenes.stepped, scenes.decided):
        warm()  # kernels compile what they call by its name, which must not be watched then
    found = {}
    for name, play in played.items():
        seen = Findings()
        with watched(seen):
            shown, lengths = play()
        look_at(shown, seen)
        found[name] = seen, lengths
    return found


@pytest.mark.parametrize("scene", ["stepped", "decided", "recorded", "told", "shocked", "compared"])
def test_every_claim_of_shape_is_true_of_a_running_world(findings: Seen, scene: str) -> None:
    seen, lengths = findings[scene]
    assert seen.seen
    assert seen.wrong(lengths) == []


UNSEEN = {
    "sim.decisions.expectations.expected_duty": "compiled into its callers alone",
    "sim.decisions.first_look._most_saved": "compiled into its caller alone",
    "sim.decisions.first_look.first_look": "likewise",
    "sim.engine.chip_tools.makers._worth": "asked only where a lower US content frees an order",
    "sim.results.comparing.chip_tools._pairs": "a mapping of pairs, told by its caller's tests",
    "sim.results.comparing.chip_tools._rows": "one row of those pairs",
}
"""Functions with a claim that no scene calls from Python, and why."""


def test_every_function_with_a_claim_of_shape_is_seen_in_some_scene(
    findings: Seen,
) -> None:
    met = {place for seen, _ in findings.values() for place, _, _ in seen.seen}
    claimed = {place for place, _, _ in claimed_functions()}
    assert sorted(claimed - met) == sorted(UNSEEN)
