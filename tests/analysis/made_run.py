"""A made run folder: small, complete, written through the real store; its numbers are invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from sim.axes import month_range
from sim.engine.outcomes import OUTCOMES
from sim.meanings import Group
from sim.results.run_folder.files import write_json
from sim.results.run_folder.manifest import Identity, Manifest, write_manifest
from sim.results.run_folder.outcomes import write_outcomes
from sim.results.run_folder.store import LAW_CHUNK, chunk_name, write_chunk
from sim.tables import DRIVERS, TABLES

EXPERIMENT = "made"
POLICIES = ("as_enacted", "no_tariffs_since_2018")
LINES = {
    ("toyota", "cars"): {"JP": 3.2e6, "US": 1.3e6, "CN": 1.2e6, "TH": 2.6e5, "MX": 1.6e5},
    ("honda", "cars"): {"JP": 8.0e5, "US": 1.2e6, "CN": 1.4e6, "TH": 1.4e5, "CA": 4.3e5},
    ("canon", "printers"): {"JP": 9.0e8, "CN": 2.4e9, "VN": 1.6e9, "TH": 1.1e9},
    ("murata", "components"): {"JP": 6.0e9, "CN": 2.2e9, "TH": 4.0e8, "PH": 3.0e8, "MY": 5.0e8},
    ("sony", "consoles_cameras"): {"JP": 6.0e8, "CN": 3.4e9, "TH": 5.0e8, "MY": 3.0e8},
    ("komatsu", "machinery"): {"JP": 4.1e9, "CN": 1.9e9, "US": 1.5e9, "ID": 4.0e8},
}  # fmt: skip
MARKETS = {"JP": 0.25, "US": 0.35, "CN": 0.2, "EU": 0.15, "TH": 0.05}
PRICE = {"cars": 21_000.0}
EVIDENCE = {"toyota": "read", "honda": "cited", "canon": "recalled", "sony": "estimated"}


@dataclass
class Made:
    """What to make: months, replications and the policies under which anybody moves."""

    first: date = date(2017, 1, 1)
    last: date = date(2020, 12, 1)
    replications: int = 3
    moving: tuple[str, ...] = POLICIES
    labels: dict[str, str] = field(
        default_factory=lambda: {"as_enacted": "As enacted", POLICIES[1]: "No tariffs since 2018"}
    )

    @property
    def months(self) -> tuple[date, ...]:
        return month_range(self.first, self.last)


def write_run(folder: Path, made: Made | None = None) -> Path:
    """Write a finished run of two policies under ``folder`` and give back ``folder``."""
    made = made or Made()
    folder.mkdir(parents=True, exist_ok=True)
    _manifest(folder, made)
    for number, policy in enumerate(POLICIES):
        lanes = [(policy, "base", r) for r in range(made.replications)]
        write_chunk(folder, chunk_name(number), lanes, _tables(policy, made))
    write_chunk(folder, LAW_CHUNK, [], {"duties": _duties(made)})
    write_json(folder / "lines.json", _lines())
    write_json(folder / "law.json", LAW)
    write_outcomes(folder, OUTCOMES)
    return folder


def _manifest(folder: Path, made: Made) -> None:
    identity = Identity("c" * 64, dict.fromkeys(POLICIES, "a" * 64), "d" * 64, "e" * 64,
                        {"python": "3.11.2", "numpy": "2.4.6"})  # fmt: skip
    write_manifest(
        folder,
        Manifest(
            experiment=EXPERIMENT, policies=POLICIES, baseline=POLICIES[1], seed=7,
            replications=made.replications, scenarios=1, first_month=made.first.isoformat(),
            last_month=made.last.isoformat(), chunks=len(POLICIES),
            runs=len(POLICIES) * made.replications,
            config={"experiment": EXPERIMENT, "seed": 7, "note": "<b>&\"'</b>"},
            identity=identity, git={"commit": "0" * 40, "dirty": False}, processors=("x86",),
            started="2025-01-01T00:00:00+00:00", status="finished", seconds=1.5,
            labels=made.labels,
        ),
    )  # fmt: skip


def _frame(name: str, policy: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    keys = {"experiment": EXPERIMENT, "policy": policy, "scenario": "base"}
    frame = pd.DataFrame([keys | row for row in rows], columns=list(TABLES[name].names))
    for column in TABLES[name].columns:
        if column.type == "date32":
            frame[column.name] = pd.to_datetime(frame[column.name])
        elif name == "outcomes" and column.name in Group._fields:
            frame[column.name] = frame[column.name].astype(object).fillna("")
    return frame


def _moved(policy: str, product: str, t: int, luck: float) -> float:
    """Share of China's work that has left by month ``t``."""
    if policy != "as_enacted" or product == "cars":
        return 0.0
    return float(np.clip((t - 22) / 60, 0, 0.55) * luck)


def _tables(policy: str, made: Made) -> dict[str, pd.DataFrame]:
    outcomes: list[dict[str, object]] = []
    flows: list[dict[str, object]] = []
    plants: list[dict[str, object]] = []
    books: list[dict[str, object]] = []
    for replication in range(made.replications):
        luck = 0.7 + 0.6 * np.random.Generator(np.random.Philox(key=[7, replication])).random()
        for t, month in enumerate(made.months):
            _month(policy, made, replication, luck, t, month, outcomes, flows, plants, books)
    return {
        "outcomes": _frame("outcomes", policy, outcomes),
        "flows": _frame("flows", policy, flows),
        "plants": _frame("plants", policy, plants),
        "firms": _frame("firms", policy, books),
        "relocations": _frame("relocations", policy, _moves(policy, made)),
    }


def _month(policy, made, replication, luck, t, month, outcomes, flows, plants, books):
    lane = {"replication": replication, "month": month}
    total: dict[tuple[str, str], float] = {}
    for (firm, product), base in LINES.items():
        share = _moved(policy, product, t, luck) if policy in made.moving else 0.0
        wave = 1 + 0.04 * np.sin(t / 7 + replication) + 0.0015 * t * luck
        year = {code: units * wave for code, units in base.items()}
        left = year.get("CN", 0.0) * share
        year["CN"] = year.get("CN", 0.0) - left
        for to, part in (("VN", 0.6), ("TH", 0.3), ("MX", 0.1)):
            year[to] = year.get(to, 0.0) + part * left
            outcomes.append(lane | {"outcome": "programmes_from_china", "value": part * left,
                                    "product": product, "country": to})  # fmt: skip
        revenue = 0.0
        for code, units in year.items():
            total[product, code] = total.get((product, code), 0.0) + units / 12
            if units <= 0:
                continue
            plants.append(
                lane
                | {
                    "firm": firm,
                    "product": product,
                    "country": code,
                    "capacity_units": units / 0.8,
                    "output_units": units / 12,
                    "utilisation_share": 0.8,
                    "status": "operating",
                }
            )
            for market, weight in MARKETS.items():
                price = PRICE.get(product, 1.0)
                sold = units / 12 * weight
                revenue += sold * price
                if replication == 0:
                    flows.append(
                        lane
                        | {
                            "firm": firm,
                            "product": product,
                            "origin": code,
                            "market": market,
                            "units": sold,
                            "value_usd": sold * price * 1.2,
                            "customs_value_usd": sold * price,
                            "duty_usd": sold * price * 0.05,
                            "price_usd": price,
                        }
                    )
        books.append(
            lane
            | {
                "firm": firm,
                "segment": "total",
                "revenue_usd": revenue,
                "duty_usd": revenue * 0.04,
                "operating_profit_usd": revenue * 0.07,
                "cash_usd": revenue,
                "hedging_index": 0.6,
                "china_exposure_share": 0.3 - 0.2 * share,
                "us_exposure_share": 0.35,
            }
        )
    for (product, code), value in total.items():
        group = lane | {"product": product, "country": code}
        outcomes.append(group | {"outcome": "us_supply", "value": 0.35 * value})
        outcomes.append(group | {"outcome": "lost_demand", "value": 0.01 * value})
    for product in {product for product, _ in total}:
        content = total.get((product, "CN"), 0.0) * PRICE.get(product, 1.0)
        outcomes.append(
            lane
            | {
                "outcome": "china_content_usd",
                "product": product,
                "value": 1.2 * content,
            }
        )
    outcomes.extend(
        lane | {"outcome": "output", "product": product, "country": code, "value": value}
        for (product, code), value in total.items()
    )


def _moves(policy: str, made: Made) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    if policy not in made.moving:
        return rows
    horizon = made.months
    for replication in range(made.replications):
        draw = np.random.Generator(np.random.Philox(key=[11, replication]))
        for number, ((firm, product), base) in enumerate(LINES.items()):
            for turn in range(6):
                chance, when = draw.random(), 16 + int(draw.random() * (len(horizon) - 24))
                if chance > (0.8 if policy == "as_enacted" else 0.25) or "CN" not in base:
                    continue
                to = ("VN", "TH", "VN", "MX", "JP", "IN")[(number + turn) % 6]
                rows.append(_move(replication, firm, product, to, horizon, when, base["CN"], draw))
    return rows


def _move(replication, firm, product, to, horizon, when, base, draw):
    worth = base * PRICE.get(product, 1.0) * 0.05
    drivers = {f"driver_{d}_usd": worth * 0.02 * (draw.random() - 0.2) for d in DRIVERS}
    drivers["driver_duty_usd"] = worth * 0.06
    drivers["driver_entry_usd"] = -worth * 0.03
    reason = ("duty", "duty", "wage", "fx")[int(draw.random() * 4)]
    return {
        "replication": replication,
        "month": horizon[when],
        "firm": firm,
        "product": product,
        "from_country": "CN",
        "to_country": to,
        "market": "US",
        "kind": ("transfer", "open", "ems")[when % 3],
        "units": base * 0.05,
        "announced_month": horizon[when - 8],
        "operating_month": horizon[when],
        "sunk_cost_usd": worth * 0.2,
        "grant_usd": 0.0,
        "option_value_usd": worth * 0.05,
        "hurdle": 1.7,
        "reason": reason,
        "rule": "us_301_list3;vn_growth",
        "partner": "",
        **drivers,
    }


def _duties(made: Made) -> pd.DataFrame:
    frames = []
    for policy in POLICIES:
        rows = []
        for month in made.months:
            hot = policy == "as_enacted" and month >= date(2018, 9, 1)
            for product in ("cars", "printers"):
                for exporter in ("JP", "CN", "VN", "TH", "KR", "US"):
                    rate = 0.025 if product == "cars" else 0.0
                    names = "us_mfn"
                    if hot and exporter == "CN":
                        rate += 0.25 if month >= date(2019, 5, 1) else 0.10
                        names += ";us_301_list3"
                    rows.append(
                        {
                            "replication": 0,
                            "month": month,
                            "importer": "US",
                            "exporter": exporter,
                            "product": product,
                            "rate_share": 0.0 if exporter == "US" else rate,
                            "instruments": "" if exporter == "US" else names,
                        }
                    )
        frames.append(_frame("duties", policy, rows))
    return pd.concat(frames, ignore_index=True)


def _lines() -> list[dict[str, object]]:
    return [
        {"id": f"{firm}_{product}", "firm": firm, "firm_name": firm.title(), "sector": product,
         "product": product, "line_class": product, "name": f"{firm} {product}",
         "evidence": EVIDENCE.get(firm, "derived"), "base_units": sum(base.values()),
         "china_base_units": base.get("CN", 0.0), "base_by_country": base}
        for (firm, product), base in LINES.items()
    ]  # fmt: skip


def _instrument(title: str, rates: dict[str, float]) -> dict[str, object]:
    return {
        "title": title, "legal_basis": "Trade Act of 1974 <section 301>", "basis": "section_301",
        "importer": "US", "exporters": ["CN"], "products": ["cars", "printers"], "group": "china",
        "note": "", "values": [
            {"start": day, "end": None, "rate": rate, "kind": "additional", "status": "enacted",
             "announced": "2018-07-10", "source": "83 FR 47974, https://example.org/a?b=1&c=2",
             "confidence": "high", "evidence": "read", "note": "", "record": "r1"}
            for day, rate in rates.items()
        ],
    }  # fmt: skip


LAW: dict[str, object] = {
    "as_enacted": {
        "us_301_list3": _instrument(
            "Section 301 duty on <List 3> of China", {"2018-09-24": 0.10, "2019-05-10": 0.25}
        ),
        "vn_growth": {
            "title": "Tax years for <growth>", "legal_basis": "Law on investment", "giver": "VN",
            "places": ["VN"], "products": ["printers"], "firms": [], "kind": "profit_tax",
            "chance": 1.0, "silent": "", "conditions": "new projects", "recipients": "", "note": "",
            "grants": [
                {"start": "2018-01-01", "end": None, "size": 0.1, "announced": None,
                 "years": [0.0, 4.0], "source": "https://example.org/tax", "confidence": "high",
                 "evidence": "read", "note": "", "record": ""}
            ],
        },
    },
    "no_tariffs_since_2018": {},
}  # fmt: skip
"""Policy to instrument id to its text, as ``law.json`` holds it."""
