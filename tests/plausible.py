"""A stand-in for the engine: tables in the real schema from a few lines of arithmetic.

Noise belongs to (scenario, replication) alone, as in the engine, so that policies share it. Under
`tariff` printers leave China for Vietnam from 2018-07 on.
"""

from __future__ import annotations

import os
import signal
import time
import zlib
from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from sim.meanings import Group
from sim.tables import DRIVERS, TABLES

COUNTRIES = ("CN", "JP", "TH", "US", "VN")
PRODUCTS = ("cars", "printers")
START = date(2018, 7, 1)
LINES = [
    {
        "id": f"{firm}_{product}", "firm": firm, "firm_name": name, "product": product,
        "line_class": product, "name": name, "evidence": grade, "base_units": 100.0,
        "china_base_units": china, "ways": [] if product == "cars" else ["transfer", "open"],
    }
    for firm, name, product, grade, china in (
        ("brother", "Brother", "printers", "recalled", 80.0),
        ("canon", "Canon", "printers", "cited", 20.0),
        ("honda", "Honda", "cars", "read", 90.0),
    )
]  # fmt: skip


def frames(
    lanes: Sequence[tuple[str, str, int]],
    months: Sequence[date],
    *,
    experiment: str = "plausible",
    detail: int = 1,
) -> dict[str, pd.DataFrame]:
    """One frame per result table; detail tables only for replications below ``detail``."""
    rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in TABLES}
    for lane in lanes:
        noise = np.random.default_rng(zlib.crc32(repr(lane[1:]).encode())).normal(size=len(months))
        _outcomes(rows, (experiment, *lane), months, noise)
        _relocations(rows, (experiment, *lane), months, noise)
        if lane[2] < detail:
            _detail(rows, (experiment, *lane), months, noise)
    return {table: _frame(table, content) for table, content in rows.items()}


def _frame(table: str, rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(TABLES[table].names))
    for column in TABLES[table].columns:
        if column.type == "string":
            frame[column.name] = pd.Categorical(frame[column.name].astype("str"))
        elif column.type == "date32":
            frame[column.name] = frame[column.name].astype("datetime64[s]")
        else:
            frame[column.name] = frame[column.name].astype(column.type)
    return frame


def _moved(policy: str, month: date, noise: float) -> float:
    return 20.0 + noise if policy == "tariff" and month >= START else 0.0


def _outcomes(
    rows: dict[str, list[tuple[Any, ...]]],
    lane: tuple[str, str, str, int],
    months: Sequence[date],
    noise: np.ndarray,
) -> None:
    for month, shock in zip(months, noise, strict=True):
        moved = _moved(lane[1], month, float(shock))
        for product in PRODUCTS:
            gone = moved if product == "printers" else 0.0
            for country in COUNTRIES:
                change = {"CN": -gone, "VN": 0.75 * gone}.get(country, 0.0)
                group = Group(product, country)
                for outcome, value in (
                    ("output", 100 + shock + change),
                    ("us_supply", 50 + shock / 2 + change),
                    ("capacity", 1500 + 12 * change),
                    ("lost_demand", 0.25 * gone if country == "US" else 0.0),
                ):
                    rows["outcomes"].append((*lane, month, outcome, *group, value))
            for country in ("VN", "TH", "JP"):
                value = 12 * 0.75 * gone if country == "VN" else 0.0
                group = Group(product, country)
                rows["outcomes"].append((*lane, month, "programmes_from_china", *group, value))
            group = Group(product)
            rows["outcomes"].append((*lane, month, "china_content_usd", *group, 80 - 0.8 * gone))
            rows["outcomes"].append((*lane, month, "us_built_share", *group, 0.3 + shock / 100))


def _relocations(
    rows: dict[str, list[tuple[Any, ...]]],
    lane: tuple[str, str, str, int],
    months: Sequence[date],
    noise: np.ndarray,
) -> None:
    drivers = dict.fromkeys(DRIVERS, 0.0)
    exit_ = {**drivers, "demand": 5.0}
    rows["relocations"].append(
        (*lane, months[10], "honda", "cars", "CN", "", "", "close", "", 120.0, months[8],
         months[10], 10.0, 0.0, 5.0, 1.6, "demand", "", *exit_.values())
    )  # fmt: skip
    if lane[1] != "tariff":
        return
    later = 19 + int(min(abs(noise[0]) * 2, 4.0))
    values = {**drivers, "duty": 6.0e6, "entry": -2.0e6, "wage": 0.5e6}
    rows["relocations"].append(
        (*lane, months[later], "brother", "printers", "CN", "VN", "US", "transfer", "", 240.0,
         months[later - 3], months[later], 1.2e6, 0.0, 4.5e6, 1.6, "duty", "", *values.values())
    )  # fmt: skip
    for rank, (place, way, gap) in enumerate((("TH", "transfer", 4e5), ("MX", "open", 2e6)), 1):
        rows["options"].append(
            (*lane, months[later - 3], "brother", "brother_printers", "printers", "CN", "US", rank,
             place, way, 240.0, "transfer", "VN", 4.5e6 - gap, gap, 1e6, *[0.0] * len(DRIVERS))
        )  # fmt: skip


def _detail(
    rows: dict[str, list[tuple[Any, ...]]],
    lane: tuple[str, str, str, int],
    months: Sequence[date],
    noise: np.ndarray,
) -> None:
    for month, shock in zip(months, noise, strict=True):
        units = 10 + float(shock)
        rows["flows"].append(
            (*lane, month, "honda", "cars", "JP", "US", units, units * 3e4, units * 2e4,
             units * 5e2, 2e4)
        )  # fmt: skip
        rows["ledger"].append((*lane, month, "honda", "cars", "JP", "US", "mfn", units * 5e2,
                               "north_america"))  # fmt: skip
        rows["plants"].append((*lane, month, "honda", "cars", "JP", 150.0, units, units * 12 / 150,
                               "operating"))  # fmt: skip
        rows["firms"].append((*lane, month, "honda", "total", units * 3e4, units * 5e2, 1e4, 1e5,
                              0.9, 0.4, float("nan")))  # fmt: skip
        rows["fx"].append((*lane, month, "JPY", 110 + float(shock)))
    for month in (one for one in months if one.month == 10):
        duty = 0.08 if lane[1] == "tariff" and month >= START else 0.0
        rows["considered"].append(
            (*lane, month, "canon", "canon_printers", "printers", "CN", "US", "VN", "transfer",
             200.0, 400.0, 0.0, 220.0, duty + 0.01, duty, 0.03, 0.02, 0.01, 0.12, 0.3, 50.0, 90.0,
             "value")
        )  # fmt: skip
        for rank, (place, way, gap) in enumerate((("VN", "transfer", 3.0), ("TH", "open", 5.0)), 1):
            rows["options"].append(
                (*lane, month, "canon", "canon_printers", "printers", "CN", "US", rank, place, way,
                 200.0, "stay", "", -gap, gap, 50.0, *[0.0] * len(DRIVERS))
            )  # fmt: skip


def engine(world: Any, duties: Sequence[Any], block: Any, **_: Any) -> dict[str, pd.DataFrame]:
    """Run a block as :func:`sim.engine.block.run_block` would, with these tables."""
    lanes = [(lane.policy, lane.scenario, lane.replication) for lane in block.lanes]
    detail = sum(lane.detail for lane in block.lanes)
    return frames(lanes, world.months, experiment=block.experiment, detail=min(detail, 1))


def slow_engine(world: Any, duties: Sequence[Any], block: Any, **_: Any) -> dict[str, pd.DataFrame]:
    """As :func:`engine`, half a second later."""
    time.sleep(0.5)
    return engine(world, duties, block)


def dying_engine(
    world: Any, duties: Sequence[Any], block: Any, **_: Any
) -> dict[str, pd.DataFrame]:
    """Take the whole process down."""
    os._exit(9)


def killed_engine(
    world: Any, duties: Sequence[Any], block: Any, **_: Any
) -> dict[str, pd.DataFrame]:
    """End as the system ends a process when memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def counting_engine(
    world: Any, duties: Sequence[Any], block: Any, month_done: Any
) -> dict[str, pd.DataFrame]:
    """As :func:`engine`, telling each month a moment after the other."""
    for _ in world.months:
        time.sleep(0.05)
        month_done()
    return engine(world, duties, block)


def ground(config: Any) -> Any:
    """Ground without law or data."""
    from sim.experiments.running.chunk import Setting
    from sim.experiments.running.setting import Ground

    return Ground(
        setting=Setting(SimpleNamespace(months=config.months), ()),
        law_sha256={policy: f"law of {policy}" for policy in config.policies},
        law={},
        lines=LINES,
    )


class UnreadableEngine:
    """An engine that a worker cannot even be given: its process ends before it has started."""

    def __reduce__(self) -> tuple[Any, tuple[int]]:
        return os._exit, (7,)

    def __call__(
        self, world: Any, duties: Sequence[Any], block: Any, **_: Any
    ) -> dict[str, pd.DataFrame]:
        raise AssertionError
