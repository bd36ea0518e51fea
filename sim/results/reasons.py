"""Why a firm moved: its relocations over all runs of a policy in words, with drivers in USD."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sim.axes import EVERY_COUNTRY
from sim.errors import Fault, QueryError
from sim.results.comparing.moves import EVENT
from sim.results.numbers import count, money
from sim.results.run_folder.query import RunFolder
from sim.spelling import Spellings
from sim.tables import DRIVERS

_SAME = ", ".join(f"r.{name}" for name in EVENT if name != "firm")
_DRIVER_MEANS = ", ".join(f"avg(driver_{name}_usd) AS {name}" for name in DRIVERS)
_EVENTS = f"""
SELECT {_SAME}, mode(reason ORDER BY reason) AS reason, count(*) AS decisions,
    count(DISTINCT (scenario, replication)) AS runs,
    CAST(quantile_disc(announced_month, 0.5) AS VARCHAR) AS announced,
    CAST(min(announced_month) AS VARCHAR) AS earliest,
    CAST(max(announced_month) AS VARCHAR) AS latest,
    CAST(quantile_disc(operating_month, 0.5) AS VARCHAR) AS operating,
    avg(units) AS units, avg(sunk_cost_usd) AS sunk_cost, avg(option_value_usd) AS value,
    avg(hurdle) AS hurdle, {_DRIVER_MEANS}
FROM relocations r WHERE policy = $policy AND firm = $firm
GROUP BY {_SAME} ORDER BY runs DESC, announced, {_SAME}
"""
_ELSEWHERE = f"""
SELECT {_SAME}, count(DISTINCT (scenario, replication)) AS runs
FROM relocations r WHERE policy = $policy AND firm = $firm GROUP BY {_SAME}
"""

_VERBS = {
    "transfer": "transfers {what}{market}{way}",
    "open": "opens a plant for {what}{market}{way}",
    "ems": "hands {what}{market} to a contract maker{way}",
    "expand": "expands {what} capacity{way}",
    "close": "closes {what} capacity{way}",
    "exit": "gives up {what}{way}",
    "return": "brings {what}{market} back{way}",
    "mothball": "lays up {what} capacity{way}",
    "restart": "puts laid-up {what} capacity to work again{way}",
    "partner": "takes {partner} as technology partner for {what}{way}",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One kind of move of a firm under a policy, over all its runs.

    ``reason`` is the most frequent one.

    Money is USD: ``value_usd`` a year over holding, net of the hurdle; ``drivers`` its parts by
    :data:`sim.tables.DRIVERS`, means over decisions. ``months`` are the median announcement, the
    earliest, the latest, and the median first output.
    """

    firm: str
    product: str
    from_country: str
    to_country: str
    market: str
    kind: str
    partner: str
    reason: str
    decisions: int
    runs: int
    all_runs: int
    runs_against: int
    announced: str
    earliest: str
    latest: str
    operating: str
    units: float
    sunk_cost_usd: float
    value_usd: float
    hurdle: float
    drivers: Mapping[str, float]

    def row(self) -> dict[str, Any]:
        """Give the reason as a JSON object, its sentence included."""
        return asdict(self) | {"text": self.sentence()}

    def sentence(self) -> str:
        """Tell the move in words: what, how often, when, how large, and the drivers by weight."""
        when = f"decided {self.announced[:7]}"
        if self.earliest[:7] != self.latest[:7]:
            when += f" ({self.earliest[:7]} to {self.latest[:7]})"
        done = "full range" if self.kind == "partner" else "first output"
        size = f"{count(self.units, self.product)} a year, sunk cost {money(self.sunk_cost_usd)}"
        return (
            f"{self.firm} {self._act()} in {self.runs} of {self.all_runs} runs"
            f" (baseline: {self.runs_against}), {when}, {done} {self.operating[:7]}: {size}. "
            f"{self._worth()}"
        )

    def _act(self) -> str:
        ends = [_place(code) for code in (self.from_country, self.to_country) if code]
        way = f" from {ends[0]} to {ends[1]}" if len(ends) == 2 else f" in {ends[0]}"
        market = f" for {_place(self.market)}" if self.market else ""
        what = self.product.replace("_", " ")
        return _VERBS[self.kind].format(what=what, market=market, way=way, partner=self.partner)

    def _worth(self) -> str:
        ordered = sorted(self.drivers.items(), key=lambda item: -abs(item[1]))
        parts = [f"{name} {money(value, signed=True)}" for name, value in ordered if value]
        told = f": {', '.join(parts)}" if parts else ""
        return (
            f"Worth {money(self.value_usd)} a year over holding, net of a hurdle of"
            f" {self.hurdle:.2f}{told}."
        )


def reasons(run: RunFolder, firm: str, policy: str, against: str | None = None) -> list[Reason]:
    """Every kind of move of a firm under ``policy``, most frequent first; none gives [].

    ``firm`` is an id or a name in any case; ``against`` is the baseline unless named.

    Raises
    ------
    QueryError
        No such firm or policy in this run.
    """
    known = find_firm(run, firm)
    other = run.require_policy(run.baseline if against is None else against)
    bound = {"policy": run.require_policy(policy), "firm": known[0]}
    rows = run.sql(_EVENTS, bound)
    base = run.sql(_ELSEWHERE, {"policy": other, "firm": known[0]})
    keys = [name for name in EVENT if name != "firm"]
    elsewhere = {tuple(row[name] for name in keys): row["runs"] for row in _records(base)}
    all_runs = len(run.lanes().get(policy, ()))
    return [
        _reason(row, known[1], all_runs, int(elsewhere.get(tuple(row[name] for name in keys), 0)))
        for row in _records(rows)
    ]


def _records(frame: Any) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = frame.to_dict("records")
    return records


def _reason(row: dict[str, Any], name: str, all_runs: int, runs_against: int) -> Reason:
    words = {
        key: str(row[key])
        for key in (*EVENT, "reason", "announced", "earliest", "latest", "operating")
        if key != "firm"
    }
    return Reason(
        firm=name,
        **words,
        decisions=int(row["decisions"]),
        runs=int(row["runs"]),
        all_runs=all_runs,
        runs_against=runs_against,
        units=float(row["units"]),
        sunk_cost_usd=float(row["sunk_cost"]),
        value_usd=float(row["value"]),
        hurdle=float(row["hurdle"]),
        drivers={driver: float(row[driver]) for driver in DRIVERS},
    )


def find_firm(run: RunFolder, firm: str) -> tuple[str, str]:
    """Id and name of the firm whose id or name is ``firm``, in any case.

    Raises
    ------
    QueryError
        None has it; the nearest is told.
    """
    lines = run.lines
    names = dict(zip(lines["firm"].astype(str), lines["firm_name"].astype(str), strict=True))
    spellings = Spellings({code: (name,) for code, name in names.items()})
    code = spellings.code(firm)
    if code in names:
        return code, names[code]
    cure = spellings.cure(firm)
    raise QueryError(Fault(str(run.path), firm, "no such firm in this run", cure))


def _place(code: str) -> str:
    found = next((one for one in EVERY_COUNTRY if one.code == code), None)
    return f"{found.article} {found.name}".strip() if found else code
