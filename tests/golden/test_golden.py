"""The model gives today what it gave when somebody last looked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from tests.golden.digest import FILE, golden_run

KEYS = ["policy", "outcome", "product", "country", "firm", "move", "year"]


def test_the_quick_experiment_gives_the_golden_results(tmp_path: Path) -> None:
    """A wanted change is renewed with `make golden`, and its commit says why."""
    fresh = golden_run(tmp_path / "quick").set_index(KEYS)["value"]
    golden = pd.read_csv(FILE, keep_default_na=False).set_index(KEYS)["value"]
    gone, new = golden.index.difference(fresh.index), fresh.index.difference(golden.index)
    assert (list(gone), list(new)) == ([], [])
    fresh = fresh.loc[golden.index]
    off = ~np.isclose(fresh, golden, rtol=1e-6, atol=1e-6)
    shown = pd.DataFrame({"golden": golden[off], "fresh": fresh[off]})
    assert shown.empty, shown.head(20).to_string()
