"""What firms could have done instead, and by how much it would have been worth less.

The engine notes it for the runs kept in detail (table ``options``); ``docs/model.md`` 8 has the
terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.results.names import place_in_words
from sim.results.numbers import money
from sim.results.reasons.wording import way_in_words
from sim.results.run_folder.query import RunFolder

TOLD = 3
"""Options that are told."""
_SQL = """
SELECT to_country, way, avg(gap_usd) AS gap_usd
FROM options
WHERE policy = $policy AND firm = $firm AND product = $product AND from_country = $from_country
  AND market = $market AND done = $kind AND done_country = $to_country
GROUP BY to_country, way ORDER BY count(*) DESC, gap_usd, to_country, way LIMIT $told
"""


@dataclass(frozen=True, slots=True)
class NotTaken:
    """One option that was not taken; ``gap_usd`` is what it is worth less a year, nominal.

    A mean over the decisions in the futures kept in detail. Below 0 it is worth more than what was
    done, and something else stood in its way: the budget, the board, another move of the line.
    """

    to_country: str
    way: str
    gap_usd: float

    def words(self) -> str:
        """Name it with what it lacks."""
        more = "less" if self.gap_usd >= 0.0 else "more"
        where = f"{way_in_words(self.way)} in {place_in_words(self.to_country)}"
        return f"{where} ({money(abs(self.gap_usd))} a year {more})"


def not_taken(run: RunFolder, policy: str, move: Mapping[str, str]) -> tuple[NotTaken, ...]:
    """Find the best options that a kind of move was preferred to, the nearest first.

    ``move``: ``firm, product, from_country, to_country, market, kind``. Nothing where the run keeps
    none in detail or was written before they were noted.
    """
    if not run.files.get("options") or not move["market"]:
        return ()
    asked: dict[str, Any] = {name: move[name] for name in _KEYS}
    found = run.sql(_SQL, asked | {"policy": policy, "told": TOLD}).sort_values("gap_usd")
    return tuple(
        NotTaken(str(row["to_country"]), str(row["way"]), float(row["gap_usd"]))
        for row in found.to_dict("records")
    )


_KEYS = ("firm", "product", "from_country", "to_country", "market", "kind")


def told(options: tuple[NotTaken, ...]) -> str:
    """One sentence on all of them; empty where there are none."""
    return f"Not taken: {'; '.join(one.words() for one in options)}." if options else ""
