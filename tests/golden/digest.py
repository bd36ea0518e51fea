"""A run, reduced to a table that a person can read in a difference."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sim.experiments.running.batch import run_experiment
from sim.experiments.spec.reading import load_config
from sim.results.run_folder.query import open_run

ROOT = Path(__file__).resolve().parents[2]
FILE = Path(__file__).with_name("quick.csv")

OUTCOMES = """
SELECT policy, outcome, product, country, firm, '' AS move, year(month) AS year,
    avg(value) AS value
FROM outcomes
WHERE month = DATE '2019-12-01' AND outcome IN ('output', 'us_supply', 'duty_usd')
GROUP BY ALL HAVING max(abs(value)) > 0 ORDER BY ALL
"""
MOVES = """
SELECT policy, 'move' AS outcome, product, '' AS country, firm,
    concat_ws(' ', kind, from_country, to_country, market, reason) AS move,
    year(announced_month) AS year, sum(units) AS value
FROM relocations GROUP BY ALL ORDER BY ALL
"""


def golden_run(folder: Path) -> pd.DataFrame:
    """Run ``configs/quick.yaml`` on a small scale: means of the last month, units of every move."""
    config = load_config(ROOT / "configs" / "quick.yaml", replications=2, end="2019-12")
    run_experiment(config, folder, workers=1)
    with open_run(folder) as run:
        return pd.concat([run.sql(OUTCOMES), run.sql(MOVES)], ignore_index=True)
